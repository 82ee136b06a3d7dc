import type { World } from "../trace/world.js";
import { fillIpv4Checksum, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";

/**
 * Cuts a packet into pieces of at most `mtu` bytes, all but the last a multiple of 8 bytes (ip_do_fragment); one that came in fragments goes on in the same
 * ones if they fit. The packet itself stays whole.
 */
export function fragment(world: World, packet: Packet, mtu: number): Packet[] {
  const { bytes, start, fragments } = packet;
  const headerLength = ipv4HeaderLength(bytes, start);
  const payload = packet.length - headerLength;
  const limit = fragments === null ? mtu : Math.min(mtu, fragments.longest);
  const room = (limit - headerLength) & ~7;
  const sizes = fragments !== null && fragments.longest <= mtu ? fragments.sizes : null;
  const firstOffset = ipv4.fragmentOffset.get(bytes, start);
  const moreAfter = ipv4.moreFragments.get(bytes, start);
  const pieces: Packet[] = [];
  for (let offset = 0, length = 0; offset < payload; offset += length) {
    length = Math.min(sizes?.[pieces.length] ?? room, payload - offset);
    const last = offset + length === payload;
    const piece = world.packets.take(headerLength + length);
    const at = piece.put(headerLength + length);
    piece.bytes.set(bytes.subarray(start, start + headerLength), at);
    piece.bytes.set(
      bytes.subarray(start + headerLength + offset, start + headerLength + offset + length),
      at + headerLength,
    );
    ipv4.totalLength.set(piece.bytes, at, headerLength + length);
    ipv4.fragmentOffset.set(piece.bytes, at, firstOffset + offset / 8);
    ipv4.moreFragments.set(piece.bytes, at, last ? moreAfter : 1);
    // The kernel's short way, by which pieces are used again, loses the flag.
    if (sizes !== null && sizes.length > 0) ipv4.dontFragment.set(piece.bytes, at, 0);
    fillIpv4Checksum(piece.bytes, at);
    inherit(piece, packet, at, headerLength);
    if (offset > 0) piece.branch = world.nextBranch();
    pieces.push(piece);
  }
  return pieces;
}

function inherit(piece: Packet, whole: Packet, at: number, headerLength: number): void {
  piece.network = at;
  piece.transport = at + headerLength;
  piece.type = whole.type;
  piece.mark = whole.mark;
  piece.elapsed = whole.elapsed;
  piece.journey = whole.journey;
  piece.branch = whole.branch;
  piece.inputIndex = whole.inputIndex;
  piece.connection = whole.connection;
  piece.connectionInfo = whole.connectionInfo;
}
