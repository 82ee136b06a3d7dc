import { formatIpv4 } from "../base/addresses.js";
import type { TextMemo } from "../trace/text-memo.js";
import { icmp } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength, isFragment } from "../wire/ipv4.js";
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN, tcp } from "../wire/tcp.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";

const TCP_FLAG_NAMES: readonly (readonly [number, string])[] = [
  [TCP_SYN, "SYN"],
  [TCP_FIN, "FIN"],
  [TCP_RST, "RST"],
  [TCP_PSH, "PSH"],
  [TCP_ACK, "ACK"],
];

/** An IPv4 packet for a reader: `TCP SYN 172.17.0.2:42420 → 172.17.0.3:5000`, `UDP … → …, 100 bytes`. Bytes are those of the payload. */
export function ipv4Summary(bytes: Uint8Array, at: number): string {
  const source = formatIpv4(ipv4.source.get(bytes, at));
  const destination = formatIpv4(ipv4.destination.get(bytes, at));
  const next = at + ipv4HeaderLength(bytes, at);
  if (isFragment(bytes, at) && ipv4.fragmentOffset.get(bytes, at) !== 0)
    return `IPv4 fragment ${source} → ${destination}`;
  switch (ipv4.protocol.get(bytes, at)) {
    case IPPROTO_ICMP:
      return `ICMP ${icmpName(icmp.type.get(bytes, next), icmp.code.get(bytes, next))} ${source} → ${destination}${echoSequence(bytes, next)}`;
    case IPPROTO_UDP: {
      const ends = `${source}:${udp.sourcePort.get(bytes, next)} → ${destination}:${udp.destinationPort.get(bytes, next)}`;
      return `UDP ${ends}${size(udp.length.get(bytes, next) - UDP_LENGTH)}`;
    }
    case IPPROTO_TCP: {
      const flags = tcp.flags.get(bytes, next);
      const names = TCP_FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
      const ends = `${source}:${tcp.sourcePort.get(bytes, next)} → ${destination}:${tcp.destinationPort.get(bytes, next)}`;
      const header = next - at + tcp.headerWords.get(bytes, next) * 4;
      const length = ipv4.totalLength.get(bytes, at) - header;
      return `TCP ${names.join(",")} ${ends}${length > 0 ? size(length) : ""}`;
    }
    default:
      return `IPv4 protocol ${ipv4.protocol.get(bytes, at)} ${source} → ${destination}`;
  }
}

/** The same as {@link ipv4Summary}; datagrams and segments of one flow that read the same are one string. */
export function sharedSummary(memo: TextMemo, bytes: Uint8Array, at: number): string {
  const protocol = ipv4.protocol.get(bytes, at);
  const isTcp = protocol === IPPROTO_TCP;
  if ((!isTcp && protocol !== IPPROTO_UDP) || isFragment(bytes, at)) return ipv4Summary(bytes, at);
  const next = at + ipv4HeaderLength(bytes, at);
  const from = ipv4.source.get(bytes, at) * 0x10000 + udp.sourcePort.get(bytes, next);
  const to = ipv4.destination.get(bytes, at) * 0x10000 + udp.destinationPort.get(bytes, next);
  const shape = isTcp ? tcp.flags.get(bytes, next) * 256 + tcp.headerWords.get(bytes, next) : 0;
  const kind = (shape * 0x10000 + ipv4.totalLength.get(bytes, at)) * 256 + protocol;
  return memo.find(from, to, kind) ?? memo.keep(from, to, kind, ipv4Summary(bytes, at));
}

function size(bytes: number): string {
  return bytes === 1 ? ", 1 byte" : `, ${bytes} bytes`;
}

function echoSequence(bytes: Uint8Array, at: number): string {
  const type = icmp.type.get(bytes, at);
  return type === 8 || type === 0 ? `, seq ${icmp.sequence.get(bytes, at)}` : "";
}

const UNREACHABLE_NAMES: readonly string[] = ["net", "host", "protocol", "port", "fragmentation needed"];

function icmpName(type: number, code: number): string {
  if (type === 8) return "echo request";
  if (type === 0) return "echo reply";
  if (type === 5) return "redirect";
  if (type === 11) return "time exceeded";
  if (type === 13) return "timestamp request";
  if (type === 14) return "timestamp reply";
  if (type === 3)
    return code === 4 ? "fragmentation needed" : `${UNREACHABLE_NAMES[code] ?? "destination"} unreachable`;
  return `type ${type}`;
}
