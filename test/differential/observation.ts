import { formatIpv4, formatMac } from "../../kernel-lib/src/base/addresses.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../../kernel-lib/src/wire/ethernet.js";
import {
  ICMP_TIMESTAMP_LENGTH,
  ICMP_TIMESTAMP_REPLY,
  icmp,
  isIcmpError,
} from "../../kernel-lib/src/wire/icmp.js";
import { ipv4, ipv4HeaderLength } from "../../kernel-lib/src/wire/ipv4.js";
import { tcp } from "../../kernel-lib/src/wire/tcp.js";
import { udp } from "../../kernel-lib/src/wire/udp.js";
import { headerIsSound, transportSum } from "./frames.js";

/** A text to compare with places (`<id>`, `<port>` …) for values that need not be the same on both sides. */
export interface Observation {
  readonly text: string;
  readonly free: readonly FreeValue[];
}

export interface FreeValue {
  /** `id`: an IPv4 identification. `port`: a port. `echo`: an ICMP identifier. `seconds`: what is left of an entry's time. `sum`: a checksum over such values. */
  readonly kind: "id" | "port" | "echo" | "seconds" | "sum";
  readonly value: number;
}

export function frameObservation(frame: Uint8Array): Observation {
  const free: FreeValue[] = [];
  const macs = `${formatMac(ethernet.source.get(frame, 0))} > ${formatMac(ethernet.destination.get(frame, 0))}`;
  const type = ethernet.type.get(frame, 0);
  const text =
    type === ETHERTYPE_IPV4
      ? packetText(frame, ETHERNET_LENGTH, frame.length, free, false)
      : `type ${type.toString(16)} ${hex(frame, ETHERNET_LENGTH, frame.length)}`;
  return { text: `${macs} ${text}`, free };
}

/** A packet in words. Of a quoted one the checksums are values, since it may be cut off. */
function packetText(
  bytes: Uint8Array,
  at: number,
  limit: number,
  free: FreeValue[],
  quoted: boolean,
): string {
  if (limit - at < 20) return hex(bytes, at, limit);
  const length = ipv4.totalLength.get(bytes, at);
  const end = Math.min(limit, at + length);
  const next = at + ipv4HeaderLength(bytes, at);
  const source = ipv4.source.get(bytes, at);
  const destination = ipv4.destination.get(bytes, at);
  const protocol = ipv4.protocol.get(bytes, at);
  const offset = ipv4.fragmentOffset.get(bytes, at);
  const more = ipv4.moreFragments.get(bytes, at);
  free.push({ kind: "id", value: ipv4.id.get(bytes, at) });
  const words = [
    `${formatIpv4(source)} > ${formatIpv4(destination)}`,
    `len ${length} ttl ${ipv4.ttl.get(bytes, at)} tos ${ipv4.tos.get(bytes, at)} id <id>`,
    ...(ipv4.dontFragment.get(bytes, at) === 1 ? ["DF"] : []),
    ...(offset !== 0 || more !== 0 ? [`frag ${offset * 8}${more === 1 ? "+" : ""}`] : []),
    ...(headerIsSound(bytes, at) ? [] : ["BAD HEADER SUM"]),
  ];
  const whole = offset === 0 && more === 0 && !quoted;
  const sum = whole ? transportSum(bytes, next, end, source, destination, protocol) : -1;
  words.push(
    offset === 0
      ? transportText(bytes, next, end, protocol, sum, free)
      : `proto ${protocol} ${hex(bytes, next, end)}`,
  );
  if (end < limit) words.push(`trailer ${hex(bytes, end, limit)}`);
  return words.join(" ");
}

/** `sum`: what the checksum comes to; -1 where it cannot be known. */
function transportText(
  bytes: Uint8Array,
  at: number,
  end: number,
  protocol: number,
  sum: number,
  free: FreeValue[],
): string {
  const room = end - at;
  const verdict = (value: number): string => {
    if (sum >= 0) return sum === 0 ? "" : " BAD SUM";
    free.push({ kind: "sum", value });
    return " sum <sum>";
  };
  if (protocol === 6 && room >= 8) {
    ports(bytes, at, free);
    const head = `tcp <port> > <port> seq ${tcp.sequence.get(bytes, at)}`;
    if (room < 20) return `${head} ${hex(bytes, at + 8, end)}`;
    const flags = [..."FSRPAU"].filter((_, bit) => ((tcp.flags.get(bytes, at) >> bit) & 1) === 1).join("");
    const fields = `ack ${tcp.acknowledgement.get(bytes, at)} win ${tcp.window.get(bytes, at)} [${flags}]`;
    return `${head} ${fields}${verdict(tcp.checksum.get(bytes, at))} ${hex(bytes, at + 12, at + 13)} ${hex(bytes, at + 18, end)}`;
  }
  if (protocol === 17 && room >= 8) {
    ports(bytes, at, free);
    const value = udp.checksum.get(bytes, at);
    const words = value === 0 ? " unsummed" : verdict(value);
    return `udp <port> > <port> len ${udp.length.get(bytes, at)}${words} ${hex(bytes, at + 8, end)}`;
  }
  if (protocol === 1 && room >= 8) {
    const type = icmp.type.get(bytes, at);
    const head = `icmp ${type}/${icmp.code.get(bytes, at)}${verdict(icmp.checksum.get(bytes, at))}`;
    if (isIcmpError(type))
      return `${head} rest ${hex(bytes, at + 4, at + 8)} about {${packetText(bytes, at + 8, end, free, true)}}`;
    free.push({ kind: "echo", value: icmp.id.get(bytes, at) });
    // A timestamp reply tells the time of day in its last eight bytes.
    const told = type === ICMP_TIMESTAMP_REPLY && room === ICMP_TIMESTAMP_LENGTH ? at + 12 : end;
    return `${head} id <echo> seq ${icmp.sequence.get(bytes, at)} ${hex(bytes, at + 8, told)}`;
  }
  return `proto ${protocol} ${hex(bytes, at, end)}`;
}

function ports(bytes: Uint8Array, at: number, free: FreeValue[]): void {
  free.push({ kind: "port", value: udp.sourcePort.get(bytes, at) });
  free.push({ kind: "port", value: udp.destinationPort.get(bytes, at) });
}

function hex(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, Math.max(from, to))).toString("hex");
}

/** A line of `conntrack -L`. What is left of its time is free; so are ports. The number of uses is the kernel's own affair. */
export function connectionObservation(line: string): Observation {
  const free: FreeValue[] = [];
  const text = line
    .trim()
    .replace(/ use=\d+$/, "")
    .replace(/^(\S+ +\d+) (\d+)/, (_, head: string, seconds: string) => {
      free.push({ kind: "seconds", value: Number(seconds) });
      return `${head.replace(/ +/, " ")} <seconds>`;
    })
    .replace(/\b(sport|dport|id)=(\d+)/g, (_, name: string, port: string) => {
      const kind = name === "id" ? "echo" : "port";
      free.push({ kind, value: Number(port) });
      return `${name}=<${kind}>`;
    });
  return { text, free };
}
