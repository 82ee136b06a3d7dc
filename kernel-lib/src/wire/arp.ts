import { U8, U16, U32, U48 } from "./field.js";

/** ARP for IPv4 over Ethernet (RFC 826). */
export const arp = {
  hardware: new U16(0),
  protocol: new U16(2),
  hardwareLength: new U8(4),
  protocolLength: new U8(5),
  operation: new U16(6),
  senderMac: new U48(8),
  senderIp: new U32(14),
  targetMac: new U48(18),
  targetIp: new U32(24),
} as const;

export const ARP_LENGTH = 28;
export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
