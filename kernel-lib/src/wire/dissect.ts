import { formatIpv4, formatMac } from "../base/addresses.js";
import { ARP_LENGTH, ARP_REQUEST, arp } from "./arp.js";
import { applicationLayer } from "./dissect-application.js";
import { ETHERNET_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, ethernet } from "./ethernet.js";
import {
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_LENGTH,
  ICMP_UNREACHABLE,
  icmp,
  icmpMtu,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "./icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "./ipv4.js";
import { TCP_LENGTH, tcp, tcpHeaderLength } from "./tcp.js";
import { UDP_LENGTH, udp } from "./udp.js";
import { VXLAN_LENGTH, vniOf, vxlan } from "./vxlan.js";

/** One header of a frame, or the data behind the last one. */
export interface Layer {
  readonly name:
    | "Ethernet"
    | "ARP"
    | "IPv4"
    | "ICMP"
    | "UDP"
    | "TCP"
    | "VXLAN"
    | "HTTP"
    | "WebSocket"
    | "RESP"
    | "data";
  /** First byte, counted from the frame's first. */
  readonly offset: number;
  /** Bytes of the header alone, without what is in it. */
  readonly length: number;
  /** The main fields, in the order of the wire, in a reader's words. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface DissectOptions {
  /** Bytes of the whole frame, when `frame` holds only the first of them. */
  readonly length?: number;
  /** UDP destination ports behind which VXLAN is expected. Default: 4789, the registered one (RFC 7348 §8). */
  readonly vxlanPorts?: readonly number[];
}

const VXLAN_PORT = 4789;

/** What the bytes are of, and where the next header begins. */
interface Read {
  readonly layer: Layer;
  readonly next: Reader | null;
}
type Reader = (dissection: Dissection, at: number) => Read;

/** The frame while it is read. `end` is where the frame ends by its own lengths: what comes behind it is padding. */
interface Dissection {
  readonly bytes: Uint8Array;
  readonly vxlanPorts: readonly number[];
  end: number;
}

/**
 * Reads a frame from outside in: Ethernet, IPv4, UDP, VXLAN and the frame in it, and so on, each with its place and main fields, up to what an application says in
 * TCP, when it begins there. Bytes that nobody here
 * reads, or that were cut off, are `data`.
 */
export function dissect(frame: Uint8Array, options: DissectOptions = {}): readonly Layer[] {
  const length = Math.max(frame.length, options.length ?? 0);
  const dissection = { bytes: frame, vxlanPorts: options.vxlanPorts ?? [VXLAN_PORT], end: length };
  const layers: Layer[] = [];
  let at = 0;
  let read: Reader | null = readEthernet;
  while (read !== null && at + needed(read) <= frame.length) {
    const { layer, next }: Read = read(dissection, at);
    layers.push(layer);
    at += layer.length;
    read = next;
  }
  const end = Math.min(dissection.end, length);
  const rest = end - at;
  const said = layers.at(-1)?.name === "TCP" ? applicationLayer(frame, at, end) : null;
  if (said !== null) layers.push(said);
  else if (rest > 0) layers.push({ name: "data", offset: at, length: rest, fields: [] });
  return layers;
}

/** Bytes without which a header cannot be read. */
function needed(reader: Reader): number {
  return LENGTHS.get(reader)!;
}

function readEthernet({ bytes }: Dissection, at: number): Read {
  const type = ethernet.type.get(bytes, at);
  return {
    layer: {
      name: "Ethernet",
      offset: at,
      length: ETHERNET_LENGTH,
      fields: [
        ["destination", formatMac(ethernet.destination.get(bytes, at))],
        ["source", formatMac(ethernet.source.get(bytes, at))],
        ["type", `${hex(type, 4)}${ETHERTYPES[type] ?? ""}`],
      ],
    },
    next: type === ETHERTYPE_IPV4 ? readIpv4 : type === ETHERTYPE_ARP ? readArp : null,
  };
}

const ETHERTYPES: Readonly<Record<number, string>> = {
  [ETHERTYPE_IPV4]: " (IPv4)",
  [ETHERTYPE_ARP]: " (ARP)",
  34525: " (IPv6)",
  33024: " (VLAN)",
};

function readArp({ bytes }: Dissection, at: number): Read {
  const request = arp.operation.get(bytes, at) === ARP_REQUEST;
  return {
    layer: {
      name: "ARP",
      offset: at,
      length: ARP_LENGTH,
      fields: [
        ["operation", request ? "1 (who has)" : `${arp.operation.get(bytes, at)} (is at)`],
        ["sender", `${formatIpv4(arp.senderIp.get(bytes, at))} ${formatMac(arp.senderMac.get(bytes, at))}`],
        ["target", `${formatIpv4(arp.targetIp.get(bytes, at))} ${formatMac(arp.targetMac.get(bytes, at))}`],
      ],
    },
    next: null,
  };
}

function readIpv4(dissection: Dissection, at: number): Read {
  const { bytes } = dissection;
  const protocol = ipv4.protocol.get(bytes, at);
  const fragment = ipv4.fragmentOffset.get(bytes, at) * 8;
  const flags = [
    ipv4.dontFragment.get(bytes, at) === 1 ? "don't fragment" : "",
    ipv4.moreFragments.get(bytes, at) === 1 ? "more fragments" : "",
  ].filter(Boolean);
  const total = ipv4.totalLength.get(bytes, at);
  dissection.end = Math.min(dissection.end, at + total);
  return {
    layer: {
      name: "IPv4",
      offset: at,
      length: Math.max(IPV4_LENGTH, ipv4HeaderLength(bytes, at)),
      fields: [
        ["length", `${total}`],
        ["id", `${ipv4.id.get(bytes, at)}`],
        ["flags", flags.length === 0 ? "none" : flags.join(", ")],
        ...(fragment > 0 ? [["offset", `${fragment}`] as const] : []),
        ["TTL", `${ipv4.ttl.get(bytes, at)}`],
        ["protocol", `${protocol}${PROTOCOLS[protocol]?.name ?? ""}`],
        ["source", formatIpv4(ipv4.source.get(bytes, at))],
        ["destination", formatIpv4(ipv4.destination.get(bytes, at))],
      ],
    },
    next: fragment > 0 ? null : (PROTOCOLS[protocol]?.read ?? null),
  };
}

const PROTOCOLS: Readonly<Record<number, { readonly name: string; readonly read: Reader }>> = {
  [IPPROTO_ICMP]: { name: " (ICMP)", read: readIcmp },
  [IPPROTO_TCP]: { name: " (TCP)", read: readTcp },
  [IPPROTO_UDP]: { name: " (UDP)", read: readUdp },
};

function readIcmp({ bytes }: Dissection, at: number): Read {
  const type = icmp.type.get(bytes, at);
  const code = icmp.code.get(bytes, at);
  const tooBig = type === ICMP_UNREACHABLE && code === UNREACHABLE_FRAGMENTATION_NEEDED;
  const echo = type === ICMP_ECHO || type === ICMP_ECHO_REPLY;
  return {
    layer: {
      name: "ICMP",
      offset: at,
      length: ICMP_LENGTH,
      fields: [
        ["type", `${type}${echo ? (type === ICMP_ECHO ? " (echo request)" : " (echo reply)") : ""}`],
        ["code", `${code}${tooBig ? " (fragmentation needed)" : ""}`],
        ["checksum", hex(icmp.checksum.get(bytes, at), 4)],
        ...(tooBig ? [["MTU", `${icmpMtu.get(bytes, at)}`] as const] : []),
        ...(echo
          ? ([
              ["id", `${icmp.id.get(bytes, at)}`],
              ["sequence", `${icmp.sequence.get(bytes, at)}`],
            ] as const)
          : []),
      ],
    },
    next: null,
  };
}

function readUdp({ bytes, vxlanPorts }: Dissection, at: number): Read {
  const destination = udp.destinationPort.get(bytes, at);
  return {
    layer: {
      name: "UDP",
      offset: at,
      length: UDP_LENGTH,
      fields: [
        ["source port", `${udp.sourcePort.get(bytes, at)}`],
        ["destination port", `${destination}`],
        ["length", `${udp.length.get(bytes, at)}`],
        ["checksum", hex(udp.checksum.get(bytes, at), 4)],
      ],
    },
    next: vxlanPorts.includes(destination) ? readVxlan : null,
  };
}

function readVxlan({ bytes }: Dissection, at: number): Read {
  return {
    layer: {
      name: "VXLAN",
      offset: at,
      length: VXLAN_LENGTH,
      fields: [
        ["flags", hex(vxlan.flags.get(bytes, at), 2)],
        ["VNI", `${vniOf(bytes, at)}`],
      ],
    },
    next: readEthernet,
  };
}

/** Names of the flags from the lowest bit (RFC 9293 §3.1). */
const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

function readTcp({ bytes }: Dissection, at: number): Read {
  const flags = tcp.flags.get(bytes, at);
  return {
    layer: {
      name: "TCP",
      offset: at,
      length: Math.max(TCP_LENGTH, tcpHeaderLength(bytes, at)),
      fields: [
        ["source port", `${tcp.sourcePort.get(bytes, at)}`],
        ["destination port", `${tcp.destinationPort.get(bytes, at)}`],
        ["sequence", `${tcp.sequence.get(bytes, at)}`],
        ["acknowledgement", `${tcp.acknowledgement.get(bytes, at)}`],
        ["flags", TCP_FLAGS.filter((_, bit) => (flags >> bit) & 1).join(", ") || "none"],
        ["window", `${tcp.window.get(bytes, at)}`],
      ],
    },
    next: null,
  };
}

const LENGTHS: ReadonlyMap<Reader, number> = new Map<Reader, number>([
  [readEthernet, ETHERNET_LENGTH],
  [readArp, ARP_LENGTH],
  [readIpv4, IPV4_LENGTH],
  [readIcmp, ICMP_LENGTH],
  [readUdp, UDP_LENGTH],
  [readVxlan, VXLAN_LENGTH],
  [readTcp, TCP_LENGTH],
]);

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
