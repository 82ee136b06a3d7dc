import { ICMP_LENGTH, icmp } from "../../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../../wire/ipv4.js";
import { udp } from "../../wire/udp.js";
import { inverseIcmpType, type Tuple } from "./connection.js";

/** Reads the tuple of the IPv4 packet at `at` into `tuple` (nf_ct_get_tuple). False when it has none: cut off, a later fragment, an ICMP message that is no query. */
export function extractTuple(tuple: Tuple, bytes: Uint8Array, at: number, end: number): boolean {
  if (ipv4.fragmentOffset.get(bytes, at) !== 0) return false;
  const next = at + ipv4HeaderLength(bytes, at);
  const protocol = ipv4.protocol.get(bytes, at);
  const source = ipv4.source.get(bytes, at);
  const destination = ipv4.destination.get(bytes, at);
  if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) {
    if (end - next < 4) return false;
    const sourcePort = udp.sourcePort.get(bytes, next);
    tuple.fill(source, destination, sourcePort, udp.destinationPort.get(bytes, next), protocol);
    return true;
  }
  if (protocol === IPPROTO_ICMP) {
    if (end - next < ICMP_LENGTH) return false;
    const type = icmp.type.get(bytes, next);
    const id = icmp.id.get(bytes, next);
    tuple.fill(source, destination, id, id, protocol, type, icmp.code.get(bytes, next));
    return inverseIcmpType(type) >= 0;
  }
  tuple.fill(source, destination, 0, 0, protocol);
  return true;
}
