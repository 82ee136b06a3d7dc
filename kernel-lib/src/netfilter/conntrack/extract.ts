import { ICMP_LENGTH, icmp } from "../../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../../wire/ipv4.js";
import { udp } from "../../wire/udp.js";
import { inverseIcmpType, type Tuple } from "./connection.js";

/** Reads the tuple of the IPv4 packet at `at` into `tuple` (nf_ct_get_tuple). False when it has none: cut off, a later fragment, an ICMP message that is no query. */
export function extractTuple(tuple: Tuple, bytes: Uint8Array, at: number, end: number): boolean {
  if (ipv4.fragmentOffset.get(bytes, at) !== 0) return false;
  const next = at + ipv4HeaderLength(bytes, at);
  const protocol = ipv4.protocol.get(bytes, at);
  tuple.source = ipv4.source.get(bytes, at);
  tuple.destination = ipv4.destination.get(bytes, at);
  tuple.protocol = protocol;
  tuple.icmpType = 0;
  tuple.icmpCode = 0;
  if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) {
    if (end - next < 4) return false;
    tuple.sourcePort = udp.sourcePort.get(bytes, next);
    tuple.destinationPort = udp.destinationPort.get(bytes, next);
    return true;
  }
  if (protocol === IPPROTO_ICMP) {
    if (end - next < ICMP_LENGTH) return false;
    tuple.icmpType = icmp.type.get(bytes, next);
    tuple.icmpCode = icmp.code.get(bytes, next);
    tuple.sourcePort = icmp.id.get(bytes, next);
    tuple.destinationPort = tuple.sourcePort;
    return inverseIcmpType(tuple.icmpType) >= 0;
  }
  tuple.sourcePort = 0;
  tuple.destinationPort = 0;
  return true;
}
