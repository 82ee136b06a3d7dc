import type { Dissection } from "./dissection.js";

/** Names that tcpdump prints for protocols it does not decode, without -n (netdb_protocol_names, in part). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "hopopt"],
  [1, "icmp"],
  [2, "igmp"],
  [3, "ggp"],
  [4, "ipencap"],
  [6, "tcp"],
  [8, "egp"],
  [9, "igp"],
  [17, "udp"],
  [33, "dccp"],
  [41, "ipv6"],
  [43, "ipv6-route"],
  [44, "ipv6-frag"],
  [46, "rsvp"],
  [47, "gre"],
  [50, "esp"],
  [51, "ah"],
  [58, "ipv6-icmp"],
  [88, "eigrp"],
  [89, "ospf"],
  [103, "pim"],
  [108, "ipcomp"],
  [112, "vrrp"],
  [132, "sctp"],
  [255, "reserved"],
]);

/** ` udp` or ` ip-proto-17`, by -n. */
export function ipProtocolName(d: Dissection, protocol: number): string {
  return (d.options.numeric ? undefined : NAMES.get(protocol)) ?? `ip-proto-${protocol}`;
}
