import { U16, U48 } from "./field.js";

/** Ethernet II (IEEE 802.3). */
export const ethernet = {
  destination: new U48(0),
  source: new U48(6),
  type: new U16(12),
} as const;

export const ETHERNET_LENGTH = 14;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;
export const ETHERTYPE_VLAN = 0x8100;
