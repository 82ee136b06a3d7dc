import { addBytes, finish, pseudoHeaderSum } from "../wire/checksum.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength, isFragment } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { tcp } from "../wire/tcp.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import { VXLAN_LENGTH } from "../wire/vxlan.js";

/**
 * What a card may get wrong. `tunnel-checksum`: while tx-checksum-ip-generic is on, the checksum of the TCP or UDP packet inside a tunnel's envelope is left as the
 * kernel hands it over, the sum of the pseudo header alone (vmxnet3 in moby/moby#43386). The outer headers are right.
 */
export const NIC_FAULTS = ["tunnel-checksum"] as const;
export type NicFault = (typeof NIC_FAULTS)[number];

/** Leaves the inner checksum of a frame with a VXLAN envelope unfinished, and mends the outer one, which covers it. */
export function spoilInnerChecksum(packet: Packet): void {
  const { bytes, end } = packet;
  const outer = packet.start + ETHERNET_LENGTH;
  const datagram = outer + ipv4HeaderLength(bytes, outer);
  const frame = datagram + UDP_LENGTH + VXLAN_LENGTH;
  if (ethernet.type.get(bytes, frame) !== ETHERTYPE_IPV4) return;
  const inner = frame + ETHERNET_LENGTH;
  const protocol = ipv4.protocol.get(bytes, inner);
  if (isFragment(bytes, inner) || (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP)) return;
  const at = inner + ipv4HeaderLength(bytes, inner);
  const sum = pseudoSum(bytes, inner, protocol, end - at);
  const field = protocol === IPPROTO_TCP ? tcp.checksum : udp.checksum;
  field.set(bytes, at, ~finish(sum) & 0xffff);
  packet.doubt();
  if (udp.checksum.get(bytes, datagram) === 0) return;
  udp.checksum.set(bytes, datagram, 0);
  const whole = addBytes(pseudoSum(bytes, outer, IPPROTO_UDP, end - datagram), bytes, datagram, end);
  udp.checksum.set(bytes, datagram, finish(whole) || 0xffff);
}

function pseudoSum(bytes: Uint8Array, network: number, protocol: number, length: number): number {
  return pseudoHeaderSum(
    ipv4.source.get(bytes, network),
    ipv4.destination.get(bytes, network),
    protocol,
    length,
  );
}
