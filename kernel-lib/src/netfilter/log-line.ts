import { formatIpv4, formatMac } from "../base/addresses.js";
import { ETHERNET_LENGTH, ethernet } from "../wire/ethernet.js";
import { ICMP_LENGTH, icmp, icmpMtu } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import { TCP_LENGTH, tcp, tcpHeaderLength } from "../wire/tcp.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import type { PacketView } from "./packet-view.js";

const FLAG_TCP_SEQUENCE = 1;
const FLAG_TCP_OPTIONS = 2;
const FLAG_IP_OPTIONS = 4;
const FLAG_UID = 8;
/** All but MAC decoding (NF_LOG_DEFAULT_MASK): what TRACE writes. */
export const LOG_EVERYTHING = 15;
const FLAG_MAC_DECODE = 32;
const IPV4_LENGTH = 20;
const IPPROTO_ESP = 50;
const IPPROTO_AH = 51;
const IPPROTO_UDPLITE = 136;
const REDIRECT = 5;
const PARAMETER_PROBLEM = 12;
/** ICMP types whose quoted packet is told: unreachable, source quench, redirect, time exceeded. */
const QUOTING: readonly number[] = [3, 4, REDIRECT, 11];

/** The line of `-j LOG` as nf_log_ipv4 writes it, the trailing space included. */
export function logLine(view: PacketView, prefix: string, flags: number): string {
  const { packet } = view;
  let text = `${prefix}IN=${view.inputName} OUT=${view.outputName} `;
  if (packet.bridgeInput !== "") {
    text += `PHYSIN=${packet.bridgeInput} `;
    if (packet.bridgeOutput !== "") text += `PHYSOUT=${packet.bridgeOutput} `;
  }
  if (view.input !== null) text += macText(view, flags);
  text += ipText(view.bytes, view.network, view.end, flags, true);
  if ((flags & FLAG_UID) !== 0 && hasOwner(view)) text += "UID=0 GID=0 ";
  return packet.mark === 0 ? text : `${text}MARK=0x${packet.mark.toString(16)} `;
}

/** Whether a process sent it: the kernel itself answers a SYN, resets, and replies to echoes. All processes are root's. */
function hasOwner({ packet, protocol, bytes, transport }: PacketView): boolean {
  if (!packet.owned) return false;
  if (protocol === IPPROTO_TCP) {
    const bits = tcp.flags.get(bytes, transport);
    return (bits & 0x12) !== 0x12 && (bits & 0x04) === 0;
  }
  return protocol !== IPPROTO_ICMP || icmp.type.get(bytes, transport) === 8;
}

/** Destination, source and type of the frame; a loopback device has zeros. */
function macText({ bytes, network, input }: PacketView, flags: number): string {
  if (network < ETHERNET_LENGTH || input === null) return "MAC= ";
  if ((flags & FLAG_MAC_DECODE) !== 0 && input.kind !== "loopback") {
    const at = network - ETHERNET_LENGTH;
    const type = ethernet.type.get(bytes, at).toString(16).padStart(4, "0");
    return `MACSRC=${formatMac(ethernet.source.get(bytes, at))} MACDST=${formatMac(ethernet.destination.get(bytes, at))} MACPROTO=${type} `;
  }
  const header =
    input.kind === "loopback"
      ? [...new Uint8Array(12), 8, 0]
      : [...bytes.subarray(network - ETHERNET_LENGTH, network)];
  return `MAC=${header.map((byte) => byte.toString(16).padStart(2, "0")).join(":")} `;
}

function two(value: number): string {
  return `0x${value.toString(16).padStart(2, "0").toUpperCase()}`;
}

function ipText(bytes: Uint8Array, at: number, end: number, flags: number, outer: boolean): string {
  const tos = ipv4.tos.get(bytes, at);
  const offset = ipv4.fragmentOffset.get(bytes, at);
  let text = `SRC=${formatIpv4(ipv4.source.get(bytes, at))} DST=${formatIpv4(ipv4.destination.get(bytes, at))} `;
  text += `LEN=${ipv4.totalLength.get(bytes, at)} TOS=${two(tos & 0x1e)} PREC=${two(tos & 0xe0)} TTL=${ipv4.ttl.get(bytes, at)} ID=${ipv4.id.get(bytes, at)} `;
  if (ipv4.dontFragment.get(bytes, at) === 1) text += "DF ";
  if (ipv4.moreFragments.get(bytes, at) === 1) text += "MF ";
  if (offset !== 0) text += `FRAG:${offset} `;
  const next = at + ipv4HeaderLength(bytes, at);
  if ((flags & FLAG_IP_OPTIONS) !== 0 && next > at + IPV4_LENGTH)
    text += `OPT (${hexText(bytes.subarray(at + IPV4_LENGTH, Math.min(next, end)))}) `;
  const protocol = ipv4.protocol.get(bytes, at);
  if (protocol === IPPROTO_TCP) return text + tcpText(bytes, next, end, flags, offset);
  if (protocol === IPPROTO_UDP) return text + udpText("UDP", bytes, next, end, offset);
  if (protocol === IPPROTO_UDPLITE) return text + udpText("UDPLITE", bytes, next, end, offset);
  if (protocol === IPPROTO_ESP || protocol === IPPROTO_AH)
    return text + securityText(protocol, bytes, next, end, offset);
  if (protocol === IPPROTO_ICMP) return text + icmpText(bytes, next, end, flags, offset, outer);
  return `${text}PROTO=${protocol} `;
}

function tcpText(bytes: Uint8Array, at: number, end: number, flags: number, offset: number): string {
  if (offset !== 0) return "PROTO=TCP ";
  if (end - at < TCP_LENGTH) return `PROTO=TCP INCOMPLETE [${end - at} bytes] `;
  let text = `PROTO=TCP SPT=${tcp.sourcePort.get(bytes, at)} DPT=${tcp.destinationPort.get(bytes, at)} `;
  if ((flags & FLAG_TCP_SEQUENCE) !== 0)
    text += `SEQ=${tcp.sequence.get(bytes, at)} ACK=${tcp.acknowledgement.get(bytes, at)} `;
  text += `WINDOW=${tcp.window.get(bytes, at)} RES=${two((bytes[at + 12]! & 0x0f) << 2)} `;
  const bits = tcp.flags.get(bytes, at);
  for (const [bit, name] of TCP_FLAGS) if ((bits & bit) !== 0) text += `${name} `;
  text += `URGP=${tcp.urgent.get(bytes, at)} `;
  const options = tcpHeaderLength(bytes, at) - TCP_LENGTH;
  if ((flags & FLAG_TCP_OPTIONS) !== 0 && options > 0) {
    text += `OPT (${hexText(bytes.subarray(at + TCP_LENGTH, Math.min(end, at + TCP_LENGTH + options)))}) `;
  }
  return text;
}

/** In the order in which the kernel names them. */
const TCP_FLAGS: readonly (readonly [number, string])[] = [
  [0x80, "CWR"],
  [0x40, "ECE"],
  [0x20, "URG"],
  [0x10, "ACK"],
  [0x08, "PSH"],
  [0x04, "RST"],
  [0x02, "SYN"],
  [0x01, "FIN"],
];

function udpText(name: string, bytes: Uint8Array, at: number, end: number, offset: number): string {
  if (offset !== 0) return `PROTO=${name} `;
  if (end - at < UDP_LENGTH) return `PROTO=${name} INCOMPLETE [${end - at} bytes] `;
  return `PROTO=${name} SPT=${udp.sourcePort.get(bytes, at)} DPT=${udp.destinationPort.get(bytes, at)} LEN=${udp.length.get(bytes, at)} `;
}

/** AH and ESP: the index of the security association, which AH has behind four other bytes. */
function securityText(protocol: number, bytes: Uint8Array, at: number, end: number, offset: number): string {
  const isEsp = protocol === IPPROTO_ESP;
  const name = `PROTO=${isEsp ? "ESP" : "AH"} `;
  if (offset !== 0) return isEsp ? name : "";
  if (end - at < (isEsp ? 8 : 12)) return `${name}INCOMPLETE [${end - at} bytes] `;
  const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + (isEsp ? 0 : 4));
  return `${name}SPI=0x${index.toString(16)} `;
}

function hexText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
}

function icmpText(
  bytes: Uint8Array,
  at: number,
  end: number,
  flags: number,
  offset: number,
  outer: boolean,
): string {
  if (offset !== 0) return "PROTO=ICMP ";
  if (end - at < ICMP_LENGTH) return `PROTO=ICMP INCOMPLETE [${end - at} bytes] `;
  const type = icmp.type.get(bytes, at);
  const code = icmp.code.get(bytes, at);
  let text = `PROTO=ICMP TYPE=${type} CODE=${code} `;
  if (type === 0 || type === 8) text += `ID=${icmp.id.get(bytes, at)} SEQ=${icmp.sequence.get(bytes, at)} `;
  if (type === PARAMETER_PROBLEM) text += `PARAMETER=${bytes[at + 4]} `;
  if (type === REDIRECT)
    text += `GATEWAY=${formatIpv4(new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4))} `;
  if (!QUOTING.includes(type)) return text;
  if (outer) text += `[${ipText(bytes, at + ICMP_LENGTH, end, flags, false)}] `;
  return type === 3 && code === 4 ? `${text}MTU=${icmpMtu.get(bytes, at)} ` : text;
}
