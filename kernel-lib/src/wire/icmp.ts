import { U8, U16, U32 } from "./field.js";

/** ICMP (RFC 792). Echo uses `id` and `sequence`; destination unreachable, code 4, uses `mtu` (RFC 1191). */
export const icmp = {
  type: new U8(0),
  code: new U8(1),
  checksum: new U16(2),
  id: new U16(4),
  sequence: new U16(6),
} as const;

/** The next-hop MTU of "fragmentation needed". */
export const icmpMtu = new U16(6);
/** Times of a timestamp message, in milliseconds since midnight UT: when it was sent, received and answered. */
export const icmpTimes = { receive: new U32(12), transmit: new U32(16) } as const;
export const ICMP_TIMESTAMP_LENGTH = 20;
/** The second word of errors: unused, zero; of a redirect, the gateway. */
export const icmpRest = new U32(4);

export const ICMP_LENGTH = 8;

export const ICMP_ECHO_REPLY = 0;
export const ICMP_UNREACHABLE = 3;
export const ICMP_REDIRECT = 5;
export const ICMP_ECHO = 8;
export const ICMP_TIME_EXCEEDED = 11;
export const ICMP_TIMESTAMP = 13;
export const ICMP_TIMESTAMP_REPLY = 14;
export const ICMP_PARAMETER_PROBLEM = 12;

export const UNREACHABLE_NET = 0;
export const UNREACHABLE_HOST = 1;
export const UNREACHABLE_PROTOCOL = 2;
export const UNREACHABLE_PORT = 3;
export const UNREACHABLE_FRAGMENTATION_NEEDED = 4;
export const UNREACHABLE_NET_PROHIBITED = 9;
export const UNREACHABLE_HOST_PROHIBITED = 10;
export const UNREACHABLE_ADMIN_PROHIBITED = 13;

/** Errors are never sent about these (RFC 1122 §3.2.2). */
export function isIcmpError(type: number): boolean {
  return (
    type === ICMP_UNREACHABLE ||
    type === 4 ||
    type === ICMP_REDIRECT ||
    type === ICMP_TIME_EXCEEDED ||
    type === ICMP_PARAMETER_PROBLEM
  );
}
