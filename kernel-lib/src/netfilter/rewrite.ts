import { checksum, updateLong, updateWord } from "../wire/checksum.js";
import { ICMP_LENGTH, icmp, isIcmpError } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { tcp } from "../wire/tcp.js";
import { udp } from "../wire/udp.js";
import type { Tuple } from "./conntrack/connection.js";
import type { Side } from "./nat.js";

/** Gives a packet the address and port of one side of `target`, checksums mended as RFC 1624 has it (nf_nat_manip_pkt). */
export function rewritePacket(packet: Packet, target: Tuple, side: Side): void {
  rewrite(packet.bytes, packet.network, packet.end, target, side);
}

/** An ICMP error: the quoted packet is changed on its other side, then the outer address. */
export function rewriteError(packet: Packet, target: Tuple, side: Side): boolean {
  const { bytes, network, end } = packet;
  const at = network + ipv4HeaderLength(bytes, network);
  const inner = at + ICMP_LENGTH;
  if (end - inner < leastQuoted(bytes, inner)) return false;
  quoted.source = target.destination;
  quoted.destination = target.source;
  quoted.sourcePort = target.protocol === IPPROTO_ICMP ? target.sourcePort : target.destinationPort;
  quoted.destinationPort = target.protocol === IPPROTO_ICMP ? target.destinationPort : target.sourcePort;
  rewrite(bytes, inner, end, quoted, side === "source" ? "destination" : "source");
  icmp.checksum.set(bytes, at, 0);
  icmp.checksum.set(bytes, at, checksum(bytes, at, end));
  rewriteAddress(bytes, network, side === "source" ? target.source : target.destination, side);
  return true;
}

const quoted = { source: 0, destination: 0, sourcePort: 0, destinationPort: 0 };

type Target = Pick<Tuple, "source" | "destination" | "sourcePort" | "destinationPort">;

function rewrite(bytes: Uint8Array, at: number, end: number, target: Target, side: Side): void {
  const address = side === "source" ? target.source : target.destination;
  const old = side === "source" ? ipv4.source.get(bytes, at) : ipv4.destination.get(bytes, at);
  if (ipv4.fragmentOffset.get(bytes, at) === 0) {
    const port = side === "source" ? target.sourcePort : target.destinationPort;
    rewriteTransport(bytes, at, end, old, address, port, side);
  }
  rewriteAddress(bytes, at, address, side);
}

function rewriteAddress(bytes: Uint8Array, at: number, address: number, side: Side): void {
  const field = side === "source" ? ipv4.source : ipv4.destination;
  const old = field.get(bytes, at);
  if (old === address) return;
  ipv4.checksum.set(bytes, at, updateLong(ipv4.checksum.get(bytes, at), old, address));
  field.set(bytes, at, address);
}

function rewriteTransport(
  bytes: Uint8Array,
  at: number,
  end: number,
  old: number,
  address: number,
  port: number,
  side: Side,
): void {
  const next = at + ipv4HeaderLength(bytes, at);
  switch (ipv4.protocol.get(bytes, at)) {
    case IPPROTO_TCP: {
      const field = side === "source" ? tcp.sourcePort : tcp.destinationPort;
      const before = field.get(bytes, next);
      field.set(bytes, next, port);
      if (end - next < 18) return;
      tcp.checksum.set(
        bytes,
        next,
        updateWord(updateLong(tcp.checksum.get(bytes, next), old, address), before, port),
      );
      return;
    }
    case IPPROTO_UDP: {
      const field = side === "source" ? udp.sourcePort : udp.destinationPort;
      const before = field.get(bytes, next);
      field.set(bytes, next, port);
      const sum = udp.checksum.get(bytes, next);
      if (sum === 0) return;
      // A sum that comes out as zero is sent as its other form, all ones: zero means "none" (RFC 768).
      udp.checksum.set(bytes, next, updateWord(updateLong(sum, old, address), before, port) || 0xffff);
      return;
    }
    case IPPROTO_ICMP: {
      if (isIcmpError(icmp.type.get(bytes, next))) return;
      const before = icmp.id.get(bytes, next);
      icmp.id.set(bytes, next, port);
      icmp.checksum.set(bytes, next, updateWord(icmp.checksum.get(bytes, next), before, port));
      return;
    }
    default:
  }
}

/** What must be there of a quoted packet for it to be translated: its ports or identifier, where its protocol has such (l4proto_manip_pkt). */
function leastQuoted(bytes: Uint8Array, inner: number): number {
  const protocol = ipv4.protocol.get(bytes, inner);
  return protocol === IPPROTO_TCP || protocol === IPPROTO_UDP || protocol === IPPROTO_ICMP ? 28 : 20;
}
