import { formatIpv4, parseIpv4, parseMac } from "../../kernel-lib/src/base/addresses.js";
import { addBytes, checksum, finish, pseudoHeaderSum } from "../../kernel-lib/src/wire/checksum.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../../kernel-lib/src/wire/ethernet.js";
import { icmp } from "../../kernel-lib/src/wire/icmp.js";
import { fillIpv4Checksum, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../../kernel-lib/src/wire/ipv4.js";
import { tcp } from "../../kernel-lib/src/wire/tcp.js";
import { udp } from "../../kernel-lib/src/wire/udp.js";
import type { AnswerFields, PacketSpec, Transport } from "./case.js";

const NUMBERS = { icmp: 1, tcp: 6, udp: 17 } as const;

export function protocolNumber(transport: Transport): number {
  return transport.protocol === "other" ? transport.number : NUMBERS[transport.protocol];
}

function filled(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + 33) & 0xff);
}

/** The transport header with its payload; checksums are still 0. */
function transportBytes(transport: Transport): Uint8Array {
  switch (transport.protocol) {
    case "tcp": {
      const options = Buffer.from(transport.options, "hex");
      const bytes = new Uint8Array(20 + options.length + transport.payload);
      tcp.sourcePort.set(bytes, 0, transport.sourcePort);
      tcp.destinationPort.set(bytes, 0, transport.destinationPort);
      tcp.sequence.set(bytes, 0, transport.sequence);
      tcp.acknowledgement.set(bytes, 0, transport.acknowledgement);
      tcp.headerWords.set(bytes, 0, 5 + options.length / 4);
      tcp.flags.set(bytes, 0, transport.flags);
      tcp.window.set(bytes, 0, transport.window);
      bytes.set(options, 20);
      bytes.set(filled(transport.payload), 20 + options.length);
      return bytes;
    }
    case "udp": {
      const bytes = new Uint8Array(8 + transport.payload);
      udp.sourcePort.set(bytes, 0, transport.sourcePort);
      udp.destinationPort.set(bytes, 0, transport.destinationPort);
      udp.length.set(bytes, 0, bytes.length);
      bytes.set(filled(transport.payload), 8);
      return bytes;
    }
    case "icmp": {
      const bytes = new Uint8Array(8 + transport.payload);
      icmp.type.set(bytes, 0, transport.type);
      icmp.code.set(bytes, 0, transport.code);
      icmp.id.set(bytes, 0, transport.id);
      icmp.sequence.set(bytes, 0, transport.sequence);
      bytes.set(filled(transport.payload), 8);
      return bytes;
    }
    case "other":
      return filled(transport.payload);
  }
}

/** Where a protocol's checksum is, -1 for none. */
function checksumAt(protocol: number): number {
  return protocol === 6 ? 16 : protocol === 17 ? 6 : protocol === 1 ? 2 : -1;
}

/** The sum over a transport part as its header says; 0 when its checksum is right. */
export function transportSum(
  bytes: Uint8Array,
  start: number,
  end: number,
  source: number,
  destination: number,
  protocol: number,
): number {
  const pseudo = protocol === 1 ? 0 : pseudoHeaderSum(source, destination, protocol, end - start);
  return finish(addBytes(pseudo, bytes, start, end));
}

function sumTransport(packet: Uint8Array, breakIt: boolean): void {
  const protocol = ipv4.protocol.get(packet, 0);
  const at = checksumAt(protocol);
  if (at < 0 || packet.length < IPV4_LENGTH + at + 2) return;
  const source = ipv4.source.get(packet, 0);
  const destination = ipv4.destination.get(packet, 0);
  const where = IPV4_LENGTH + at;
  packet[where] = packet[where + 1] = 0;
  let sum = transportSum(packet, IPV4_LENGTH, packet.length, source, destination, protocol);
  if (protocol === 17 && sum === 0) sum = 0xffff;
  if (breakIt) sum ^= 0x1111;
  packet[where] = sum >>> 8;
  packet[where + 1] = sum & 0xff;
}

function packetOf(
  source: number,
  destination: number,
  protocol: number,
  body: Uint8Array,
  { ttl, tos, id, dontFragment }: { ttl: number; tos: number; id: number; dontFragment: boolean },
): Uint8Array {
  const packet = new Uint8Array(IPV4_LENGTH + body.length);
  packet[0] = 0x45;
  ipv4.tos.set(packet, 0, tos);
  ipv4.totalLength.set(packet, 0, packet.length);
  ipv4.id.set(packet, 0, id);
  ipv4.dontFragment.set(packet, 0, dontFragment ? 1 : 0);
  ipv4.ttl.set(packet, 0, ttl);
  ipv4.protocol.set(packet, 0, protocol);
  ipv4.source.set(packet, 0, source);
  ipv4.destination.set(packet, 0, destination);
  packet.set(body, IPV4_LENGTH);
  fillIpv4Checksum(packet, 0);
  return packet;
}

/** A whole packet from its description. */
export function packetBytes(spec: PacketSpec, id: number): Uint8Array {
  const { source, destination, transport, fault } = spec;
  const protocol = protocolNumber(transport);
  let packet = packetOf(parseIpv4(source), parseIpv4(destination), protocol, transportBytes(transport), {
    ...spec,
    id,
  });
  if (transport.protocol !== "udp" || !transport.unsummed) sumTransport(packet, fault === "checksum");
  if (fault === "short") {
    packet = packet.slice(0, IPV4_LENGTH + 5);
    ipv4.totalLength.set(packet, 0, packet.length);
    fillIpv4Checksum(packet, 0);
  }
  return packet;
}

/** The same packet in pieces, each but the last with the given number of payload bytes. */
export function fragmented(packet: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = IPV4_LENGTH;
  for (const size of [...sizes, packet.length]) {
    const end = Math.min(packet.length, at + size);
    if (end <= at) break;
    const piece = new Uint8Array(IPV4_LENGTH + end - at);
    piece.set(packet.subarray(0, IPV4_LENGTH));
    piece.set(packet.subarray(at, end), IPV4_LENGTH);
    ipv4.totalLength.set(piece, 0, piece.length);
    ipv4.moreFragments.set(piece, 0, end < packet.length ? 1 : 0);
    ipv4.fragmentOffset.set(piece, 0, (at - IPV4_LENGTH) / 8);
    fillIpv4Checksum(piece, 0);
    pieces.push(piece);
    at = end;
  }
  return pieces;
}

export function frameOf(packet: Uint8Array, sourceMac: number, destinationMac: number): Uint8Array {
  const frame = new Uint8Array(ETHERNET_LENGTH + packet.length);
  ethernet.destination.set(frame, 0, destinationMac);
  ethernet.source.set(frame, 0, sourceMac);
  ethernet.type.set(frame, 0, ETHERTYPE_IPV4);
  frame.set(packet, ETHERNET_LENGTH);
  return frame;
}

export function macNumber(text: string): number {
  return parseMac(text);
}

/** A frame as its receiver answers it: addresses and ports the other way round. Null where there is nothing to answer. */
export function answerTo(
  frame: Uint8Array,
  fields: AnswerFields,
  ttl: number,
  id: number,
): Uint8Array | null {
  const at = ETHERNET_LENGTH;
  if (ipv4.fragmentOffset.get(frame, at) !== 0) return null;
  const next = at + ipv4HeaderLength(frame, at);
  const protocol = ipv4.protocol.get(frame, at);
  const body = answerBody(frame, next, protocol, fields);
  if (body === null) return null;
  const packet = packetOf(ipv4.destination.get(frame, at), ipv4.source.get(frame, at), protocol, body, {
    ttl,
    tos: 0,
    id,
    dontFragment: true,
  });
  sumTransport(packet, false);
  return frameOf(packet, ethernet.destination.get(frame, 0), ethernet.source.get(frame, 0));
}

function answerBody(
  frame: Uint8Array,
  next: number,
  protocol: number,
  fields: AnswerFields,
): Uint8Array | null {
  const { payload } = fields;
  if (protocol === 6) {
    if (frame.length < next + 20) return null;
    const sourcePort = tcp.destinationPort.get(frame, next);
    const destinationPort = tcp.sourcePort.get(frame, next);
    return transportBytes({
      protocol: "tcp",
      sourcePort,
      destinationPort,
      window: 64240,
      options: "",
      ...fields,
    });
  }
  if (protocol === 17) {
    if (frame.length < next + 8) return null;
    const sourcePort = udp.destinationPort.get(frame, next);
    const destinationPort = udp.sourcePort.get(frame, next);
    return transportBytes({ protocol: "udp", sourcePort, destinationPort, payload, unsummed: false });
  }
  if (protocol !== 1) return filled(payload);
  if (frame.length < next + 8) return null;
  const type = icmp.type.get(frame, next);
  if (type !== 8 && type !== 13 && type !== 15 && type !== 17) return null;
  const body = frame.slice(next);
  icmp.type.set(body, 0, type === 8 ? 0 : type + 1);
  return body;
}

/** An ICMP error about a frame, to its sender. */
export function errorAbout(
  frame: Uint8Array,
  error: { type: number; code: number; from: string | null; quoted: number },
  id: number,
): Uint8Array {
  const at = ETHERNET_LENGTH;
  const quoted = frame.subarray(at, at + error.quoted);
  const body = new Uint8Array(8 + quoted.length);
  icmp.type.set(body, 0, error.type);
  icmp.code.set(body, 0, error.code);
  body.set(quoted, 8);
  const source = error.from === null ? ipv4.destination.get(frame, at) : parseIpv4(error.from);
  const packet = packetOf(source, ipv4.source.get(frame, at), 1, body, {
    ttl: 64,
    tos: 0xc0,
    id,
    dontFragment: false,
  });
  sumTransport(packet, false);
  return frameOf(packet, ethernet.destination.get(frame, 0), ethernet.source.get(frame, 0));
}

/** Whether the IPv4 header's own checksum is right. */
export function headerIsSound(bytes: Uint8Array, at: number): boolean {
  return checksum(bytes, at, at + ipv4HeaderLength(bytes, at)) === 0;
}

export function addressText(address: number): string {
  return formatIpv4(address);
}
