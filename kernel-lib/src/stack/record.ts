import { formatIpv4 } from "../base/addresses.js";
import type { DropReason } from "../trace/drop-reason.js";
import { icmp } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength, isFragment } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN, tcp } from "../wire/tcp.js";
import { udp } from "../wire/udp.js";
import type { Netns } from "./netns.js";

/** What every event carries about a packet in a namespace. Callers have checked that a trace is on and the packet in it. */
export function place(netns: Netns, packet: Packet) {
  return {
    journey: packet.journey,
    branch: packet.branch,
    at: netns.world.scheduler.now + packet.elapsed,
    machine: netns.machine,
    netns: netns.label,
  };
}

/** Ends a packet's way and says why in the trace. */
export function drop(netns: Netns, packet: Packet, reason: DropReason, where: string): void {
  const { recorder } = netns.world;
  if (recorder !== null && packet.journey !== 0)
    recorder.record({ kind: "drop", ...place(netns, packet), reason, where });
  packet.release();
}

/** Tells the trace of a new packet; its IPv4 header is at `packet.start`. */
export function recordBorn(netns: Netns, packet: Packet, by: "socket" | "kernel", cause: number): void {
  const { recorder } = netns.world;
  if (recorder === null || packet.journey === 0) return;
  recorder.record({
    kind: "born",
    ...place(netns, packet),
    by,
    summary: ipv4Summary(packet.bytes, packet.start),
    cause,
  });
}

const TCP_FLAG_NAMES: readonly (readonly [number, string])[] = [
  [TCP_SYN, "SYN"],
  [TCP_FIN, "FIN"],
  [TCP_RST, "RST"],
  [TCP_PSH, "PSH"],
  [TCP_ACK, "ACK"],
];

/** An IPv4 packet for a reader: `TCP SYN 172.17.0.2:42420 → 172.17.0.3:5000`. */
export function ipv4Summary(bytes: Uint8Array, at: number): string {
  const source = formatIpv4(ipv4.source.get(bytes, at));
  const destination = formatIpv4(ipv4.destination.get(bytes, at));
  const next = at + ipv4HeaderLength(bytes, at);
  if (isFragment(bytes, at) && ipv4.fragmentOffset.get(bytes, at) !== 0)
    return `IPv4 fragment ${source} → ${destination}`;
  switch (ipv4.protocol.get(bytes, at)) {
    case IPPROTO_ICMP:
      return `ICMP ${icmpName(icmp.type.get(bytes, next), icmp.code.get(bytes, next))} ${source} → ${destination}`;
    case IPPROTO_UDP:
      return `UDP ${source}:${udp.sourcePort.get(bytes, next)} → ${destination}:${udp.destinationPort.get(bytes, next)}`;
    case IPPROTO_TCP: {
      const flags = tcp.flags.get(bytes, next);
      const names = TCP_FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
      return `TCP ${names.join(",")} ${source}:${tcp.sourcePort.get(bytes, next)} → ${destination}:${tcp.destinationPort.get(bytes, next)}`;
    }
    default:
      return `IPv4 protocol ${ipv4.protocol.get(bytes, at)} ${source} → ${destination}`;
  }
}

const UNREACHABLE_NAMES: readonly string[] = ["net", "host", "protocol", "port", "fragmentation needed"];

function icmpName(type: number, code: number): string {
  if (type === 8) return "echo request";
  if (type === 0) return "echo reply";
  if (type === 11) return "time exceeded";
  if (type === 3)
    return code === 4 ? "fragmentation needed" : `${UNREACHABLE_NAMES[code] ?? "destination"} unreachable`;
  return `type ${type}`;
}
