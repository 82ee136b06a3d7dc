import { IPPROTO_UDP } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import { UDP_LENGTH, udp } from "../../wire/udp.js";
import { checksumFits } from "./sums.js";

/**
 * What is wrong with the datagram at `at` (udp_error); null for a sound one. A checksum of 0 means that there is none (RFC 768); another is
 * held against all that came, even beyond the datagram's own length, as the kernel does.
 */
export function datagramFault(packet: Packet, at: number, sums: boolean): string | null {
  const { bytes, end } = packet;
  if (end - at < UDP_LENGTH) return "short packet";
  const length = udp.length.get(bytes, at);
  if (length > end - at || length < UDP_LENGTH) return "truncated/malformed packet";
  if (!sums || udp.checksum.get(bytes, at) === 0) return null;
  return checksumFits(packet, at, IPPROTO_UDP) ? null : "bad checksum";
}
