/** Protocols that may qualify a name. `link` is also written `ether`. */
export const PROTOCOLS = [
  "link",
  "ip",
  "arp",
  "rarp",
  "sctp",
  "tcp",
  "udp",
  "icmp",
  "igmp",
  "igrp",
  "pim",
  "vrrp",
  "carp",
  "ip6",
  "icmp6",
  "ah",
  "esp",
  "radio",
] as const;

export type Protocol = (typeof PROTOCOLS)[number];
export type Direction = "src" | "dst" | "or" | "and";
export type AddressType = "host" | "net" | "port" | "portrange" | "proto" | "gateway";

/** What stands before a name: `tcp src port`. A name without qualifiers takes those of the name before it. */
export interface Qualifier {
  /** Null when none is given (Q_DEFAULT). */
  readonly protocol: Protocol | null;
  readonly direction: Direction | null;
  readonly type: AddressType | null;
}

/** Numbers of the protocols over IP. */
export const IP_PROTOCOL_NUMBERS: Partial<Record<Protocol, number>> = {
  sctp: 132,
  tcp: 6,
  udp: 17,
  icmp: 1,
  igmp: 2,
  igrp: 9,
  pim: 103,
  vrrp: 112,
  carp: 112,
  icmp6: 58,
  ah: 51,
  esp: 50,
};

export const LINK_PROTOCOL_NUMBERS: Partial<Record<Protocol, number>> = {
  ip: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  ip6: 0x86dd,
};
