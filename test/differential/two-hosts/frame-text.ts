import { formatIpv4, formatMac } from "../../../kernel-lib/src/base/addresses.js";
import { arp } from "../../../kernel-lib/src/wire/arp.js";
import {
  ETHERNET_LENGTH,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ethernet,
} from "../../../kernel-lib/src/wire/ethernet.js";
import { icmp, isIcmpError } from "../../../kernel-lib/src/wire/icmp.js";
import { ipv4, ipv4HeaderLength } from "../../../kernel-lib/src/wire/ipv4.js";
import { tcp } from "../../../kernel-lib/src/wire/tcp.js";
import { udp } from "../../../kernel-lib/src/wire/udp.js";
import { vniOf, vxlan } from "../../../kernel-lib/src/wire/vxlan.js";
import { headerIsSound, transportSum } from "../frames.js";

/** UDP ports behind which frames are read as VXLAN: IANA's, the kernel's, and one of the scenes' own. */
const VXLAN_PORTS: ReadonlySet<number> = new Set([4789, 8472, 4790]);
/** Where outer source ports come from: the namespace's ephemeral ports (net.ipv4.ip_local_port_range). */
const EPHEMERAL = [32768, 60999] as const;
/** `ping` writes the time of day at the start of its payload. */
const PING_TIME_LENGTH = 16;
const ICMP_ECHO_TYPES: ReadonlySet<number> = new Set([0, 8]);

/** Sequence numbers and fragment identifications of one play, told relative to the first of their kind. */
export class Flows {
  private readonly firstSequence = new Map<string, number>();
  private readonly fragmentIds = new Map<string, number>();

  relative(flow: string, number: number, isFirst: boolean): number | string {
    if (isFirst) this.firstSequence.set(flow, number);
    const first = this.firstSequence.get(flow);
    return first === undefined ? "?" : (number - first) >>> 0;
  }

  /** The number of a datagram among the fragmented ones of a device. */
  datagram(device: string, id: number): number {
    const key = `${device} ${id}`;
    let number = this.fragmentIds.get(key);
    if (number === undefined) {
      number = [...this.fragmentIds.keys()].filter((other) => other.startsWith(`${device} `)).length;
      this.fragmentIds.set(key, number);
    }
    return number;
  }
}

interface Reading {
  readonly bytes: Uint8Array;
  readonly device: string;
  readonly flows: Flows;
  /** Inside an ICMP error: cut off, so sums cannot be told. */
  readonly quoted: boolean;
}

/**
 * All of a frame in words, but for what need not be equal: IP identifications (fragments of one datagram still share one), checksums beyond their being right, the outer
 * source port beyond its range, ping's identifier and times, TCP's first sequence numbers and timestamps.
 */
export function frameText(bytes: Uint8Array, device: string, flows: Flows): string {
  return ethernetText({ bytes, device, flows, quoted: false }, 0, bytes.length);
}

function ethernetText(reading: Reading, at: number, end: number): string {
  const { bytes } = reading;
  if (end - at < ETHERNET_LENGTH) return `short ${hex(bytes, at, end)}`;
  const macs = `${formatMac(ethernet.source.get(bytes, at))} > ${formatMac(ethernet.destination.get(bytes, at))}`;
  const type = ethernet.type.get(bytes, at);
  const next = at + ETHERNET_LENGTH;
  if (type === ETHERTYPE_IPV4) return `${macs} ${packetText(reading, next, end)}`;
  if (type === ETHERTYPE_ARP && end - next >= 28) return `${macs} ${arpText(bytes, next, end)}`;
  return `${macs} type ${type.toString(16)} ${digest(bytes, next, end)}`;
}

function arpText(bytes: Uint8Array, at: number, end: number): string {
  const side = (mac: number, ip: number) => `${formatMac(mac)} ${formatIpv4(ip)}`;
  const from = side(arp.senderMac.get(bytes, at), arp.senderIp.get(bytes, at));
  const to = side(arp.targetMac.get(bytes, at), arp.targetIp.get(bytes, at));
  const rest = end > at + 28 ? ` rest ${hex(bytes, at + 28, end)}` : "";
  return `arp ${hex(bytes, at, at + 6)} ${arp.operation.get(bytes, at)} [${from}] [${to}]${rest}`;
}

function packetText(reading: Reading, at: number, limit: number): string {
  const { bytes, flows, device, quoted } = reading;
  if (limit - at < 20) return `ip ${hex(bytes, at, limit)}`;
  const header = ipv4HeaderLength(bytes, at);
  const length = ipv4.totalLength.get(bytes, at);
  const end = Math.min(limit, at + length);
  const [source, destination] = [ipv4.source.get(bytes, at), ipv4.destination.get(bytes, at)];
  const protocol = ipv4.protocol.get(bytes, at);
  const offset = ipv4.fragmentOffset.get(bytes, at);
  const more = ipv4.moreFragments.get(bytes, at) === 1;
  const fragment = offset !== 0 || more;
  const words = [
    `${formatIpv4(source)} > ${formatIpv4(destination)} len ${length} ttl ${ipv4.ttl.get(bytes, at)} tos ${ipv4.tos.get(bytes, at)}`,
    ...(header > 20 ? [`options ${hex(bytes, at + 20, at + header)}`] : []),
    ...(ipv4.dontFragment.get(bytes, at) === 1 ? ["DF"] : []),
    ...(fragment
      ? [`frag ${flows.datagram(device, ipv4.id.get(bytes, at))} at ${offset * 8}${more ? "+" : ""}`]
      : []),
    ...(headerIsSound(bytes, at) ? [] : ["BAD HEADER SUM"]),
  ];
  const next = at + header;
  const sum = fragment || quoted ? null : transportSum(bytes, next, end, source, destination, protocol);
  const flow = `${source} ${destination}`;
  words.push(
    offset !== 0
      ? `part ${digest(bytes, next, end)}`
      : transportText(reading, next, end, protocol, sum, flow, fragment),
  );
  if (limit > at + length) words.push(`trailer ${hex(bytes, at + length, limit)}`);
  return words.join(" ");
}

/** `sum`: what the checksum comes to, 0 when it is right; null where it cannot be told. */
function transportText(
  reading: Reading,
  at: number,
  end: number,
  protocol: number,
  sum: number | null,
  flow: string,
  cut: boolean,
): string {
  const { bytes } = reading;
  const verdict = sum === null || sum === 0 ? "" : " BAD SUM";
  if (protocol === 1 && end - at >= 8) return icmpText(reading, at, end, verdict, cut);
  if (protocol === 17 && end - at >= 8) return udpText(reading, at, end, verdict, cut);
  if (protocol === 6 && end - at >= 20) return tcpText(reading, at, end, verdict, flow);
  return `proto ${protocol} ${digest(bytes, at, end)}`;
}

function icmpText(reading: Reading, at: number, end: number, verdict: string, cut: boolean): string {
  const { bytes } = reading;
  const type = icmp.type.get(bytes, at);
  const head = `icmp ${type}/${icmp.code.get(bytes, at)}${verdict}`;
  if (isIcmpError(type)) {
    const about = packetText({ ...reading, quoted: true }, at + 8, end);
    return `${head} rest ${hex(bytes, at + 4, at + 8)} about {${about}}`;
  }
  if (!ICMP_ECHO_TYPES.has(type)) return `${head} ${hex(bytes, at + 4, end)}`;
  const seq = `${head} seq ${icmp.sequence.get(bytes, at)} data ${end - at - 8}`;
  return cut || reading.quoted
    ? seq
    : `${seq} ${digest(bytes, Math.min(end, at + 8 + PING_TIME_LENGTH), end)}`;
}

function udpText(reading: Reading, at: number, end: number, verdict: string, cut: boolean): string {
  const { bytes } = reading;
  const from = udp.sourcePort.get(bytes, at);
  const to = udp.destinationPort.get(bytes, at);
  const length = udp.length.get(bytes, at);
  const summed = udp.checksum.get(bytes, at) === 0 ? " unsummed" : verdict;
  const body = at + 8;
  if (!VXLAN_PORTS.has(to) || end - body < 8) {
    const data = cut || reading.quoted ? "" : ` ${digest(bytes, body, end)}`;
    return `udp ${from} > ${to} len ${length}${summed}${data}`;
  }
  const port = from >= EPHEMERAL[0] && from <= EPHEMERAL[1] ? "ephemeral" : "given";
  const header = `flags ${vxlan.flags.get(bytes, body)} ${hex(bytes, body + 1, body + 4)} vni ${vniOf(bytes, body)} ${hex(bytes, body + 7, body + 8)}`;
  const inner = ethernetText(cut ? { ...reading, quoted: true } : reading, body + 8, end);
  return `udp ${port} > ${to} len ${length}${summed} vxlan ${header} {${inner}}`;
}

function tcpText(reading: Reading, at: number, end: number, verdict: string, addresses: string): string {
  const { bytes, flows } = reading;
  const [from, to] = [tcp.sourcePort.get(bytes, at), tcp.destinationPort.get(bytes, at)];
  const flags = [..."FSRPAU"].filter((_, bit) => ((tcp.flags.get(bytes, at) >> bit) & 1) === 1).join("");
  const [source, destination] = addresses.split(" ");
  const there = `${source}:${from} ${destination}:${to}`;
  const back = `${destination}:${to} ${source}:${from}`;
  const sequence = flows.relative(there, tcp.sequence.get(bytes, at), flags.includes("S"));
  const acknowledged = flows.relative(back, tcp.acknowledgement.get(bytes, at), false);
  const data = at + tcp.headerWords.get(bytes, at) * 4;
  const options = optionsText(bytes, at + 20, Math.min(data, end));
  const ack = flags.includes("A") ? ` ack ${acknowledged}` : "";
  return `tcp ${from} > ${to} [${flags}]${verdict} seq ${sequence}${ack} <${options}> data ${digest(bytes, data, end)}`;
}

/** TCP options by kind; the values of timestamps and of the window's scale are left out. */
function optionsText(bytes: Uint8Array, start: number, end: number): string {
  const words: string[] = [];
  for (let i = start; i < end; ) {
    const kind = bytes[i]!;
    if (kind === 0) break;
    const length = kind === 1 ? 1 : Math.max(2, bytes[i + 1] ?? 2);
    // Times, and how far a window can grow: that follows from the machine's memory.
    if (kind === 8 || kind === 3) words.push(String(kind));
    else if (kind !== 1) words.push(`${kind}:${hex(bytes, i + 2, i + length)}`);
    i += length;
  }
  return words.join(" ");
}

/** Bytes so that a difference shows and a reader's eyes do not: length, first bytes, and a hash of all. */
function digest(bytes: Uint8Array, from: number, to: number): string {
  let hash = 0;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  return `${Math.max(0, to - from)}:${hex(bytes, from, Math.min(to, from + 8))}:${(hash >>> 0).toString(16)}`;
}

function hex(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, Math.max(from, to))).toString("hex");
}
