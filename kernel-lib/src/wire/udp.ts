import { U16 } from "./field.js";

/** UDP (RFC 768). */
export const udp = {
  sourcePort: new U16(0),
  destinationPort: new U16(2),
  length: new U16(4),
  checksum: new U16(6),
} as const;

export const UDP_LENGTH = 8;
