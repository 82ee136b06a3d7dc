import { formatIpv4 } from "../base/addresses.js";
import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import { ICMP_LENGTH, icmp, icmpMtu, isIcmpError } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import { TCP_LENGTH, tcp, tcpHeaderLength } from "../wire/tcp.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import type { PacketView } from "./packet-view.js";

const FLAG_TCP_SEQUENCE = 1;
const FLAG_TCP_OPTIONS = 2;

/** The line of `-j LOG` as nf_log_ipv4 writes it, the trailing space included. */
export function logLine(view: PacketView, prefix: string, flags: number): string {
  const { packet } = view;
  let text = `${prefix}IN=${view.inputName} OUT=${view.outputName} `;
  if (packet.bridgeInput !== "") {
    text += `PHYSIN=${packet.bridgeInput} `;
    if (packet.bridgeOutput !== "") text += `PHYSOUT=${packet.bridgeOutput} `;
  }
  if (view.input !== null) text += macText(view);
  return text + ipText(view.bytes, view.network, view.end, flags, true);
}

/** Destination, source and type of the frame; a loopback device has zeros. */
function macText({ bytes, network, input }: PacketView): string {
  if (network < ETHERNET_LENGTH || input === null) return "MAC= ";
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
  const protocol = ipv4.protocol.get(bytes, at);
  if (protocol === IPPROTO_TCP) return text + tcpText(bytes, next, end, flags, offset);
  if (protocol === IPPROTO_UDP) return text + udpText(bytes, next, end, offset);
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
    const words = [...bytes.subarray(at + TCP_LENGTH, Math.min(end, at + TCP_LENGTH + options))];
    text += `OPT (${words.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("")}) `;
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

function udpText(bytes: Uint8Array, at: number, end: number, offset: number): string {
  if (offset !== 0) return "PROTO=UDP ";
  if (end - at < UDP_LENGTH) return `PROTO=UDP INCOMPLETE [${end - at} bytes] `;
  return `PROTO=UDP SPT=${udp.sourcePort.get(bytes, at)} DPT=${udp.destinationPort.get(bytes, at)} LEN=${udp.length.get(bytes, at)} `;
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
  if (isIcmpError(type) && outer) {
    text += `[${ipText(bytes, at + ICMP_LENGTH, end, flags, false)}] `;
    if (type === 3 && code === 4) text += `MTU=${icmpMtu.get(bytes, at)} `;
  }
  return text;
}
