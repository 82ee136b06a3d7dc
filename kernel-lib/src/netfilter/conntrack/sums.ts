import { addBytes, finish, pseudoHeaderSum } from "../../wire/checksum.js";
import { IPPROTO_ICMP, ipv4 } from "../../wire/ipv4.js";

/** Whether the checksum of the message in [at, end) is right (nf_ip_checksum): with a pseudo header for TCP and UDP, without for ICMP. */
export function checksumFits(
  bytes: Uint8Array,
  network: number,
  at: number,
  end: number,
  protocol: number,
): boolean {
  const start =
    protocol === IPPROTO_ICMP
      ? 0
      : pseudoHeaderSum(
          ipv4.source.get(bytes, network),
          ipv4.destination.get(bytes, network),
          protocol,
          end - at,
        );
  return finish(addBytes(start, bytes, at, end)) === 0;
}
