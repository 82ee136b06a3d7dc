import { Bits, U8, U16, U32 } from "./field.js";

const offsetAndReserved = new U8(12);
const flagsByte = new U8(13);

/** TCP (RFC 9293). `headerWords` counts 32-bit words. */
export const tcp = {
  sourcePort: new U16(0),
  destinationPort: new U16(2),
  sequence: new U32(4),
  acknowledgement: new U32(8),
  headerWords: new Bits(offsetAndReserved, 4, 4),
  flags: flagsByte,
  window: new U16(14),
  checksum: new U16(16),
  urgent: new U16(18),
} as const;

export const TCP_LENGTH = 20;

export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_PSH = 0x08;
export const TCP_ACK = 0x10;
export const TCP_URG = 0x20;

export const TCPOPT_END = 0;
export const TCPOPT_NOP = 1;
export const TCPOPT_MSS = 2;
export const TCPOPT_WINDOW_SCALE = 3;
export const TCPOPT_SACK_PERMITTED = 4;
export const TCPOPT_SACK = 5;
export const TCPOPT_TIMESTAMPS = 8;

export function tcpHeaderLength(bytes: Uint8Array, at: number): number {
  return (bytes[at + 12]! >>> 4) * 4;
}
