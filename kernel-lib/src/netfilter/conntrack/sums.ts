import { addBytes, finish, pseudoHeaderSum } from "../../wire/checksum.js";
import { IPPROTO_ICMP, ipv4 } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";

/** Whether the checksum of the message at `at` is right (nf_ip_checksum): with a pseudo header for TCP and UDP, without for ICMP. It is noted in the packet. */
export function checksumFits(packet: Packet, at: number, protocol: number): boolean {
  if (packet.checked === at) return true;
  const { bytes, network, end } = packet;
  const start =
    protocol === IPPROTO_ICMP
      ? 0
      : pseudoHeaderSum(
          ipv4.source.get(bytes, network),
          ipv4.destination.get(bytes, network),
          protocol,
          end - at,
        );
  if (finish(addBytes(start, bytes, at, end)) !== 0) return false;
  packet.checked = at;
  return true;
}
