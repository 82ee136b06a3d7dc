import { U8, U32 } from "./field.js";

/**
 * VXLAN (RFC 7348).
 *
 *     0                   1                   2                   3
 *    |R|R|R|R|I|R|R|R|            Reserved                           |
 *    |                VXLAN Network Identifier (VNI) |   Reserved    |
 */
export const vxlan = {
  flags: new U8(0),
  /** The VNI in the upper 24 bits. */
  vniAndReserved: new U32(4),
} as const;

export const VXLAN_LENGTH = 8;
/** The VNI is valid (VXLAN_HF_VNI); no other flag is set by a plain VXLAN device. */
export const VXLAN_FLAG_VNI = 0x08;

/** Writes the header at `at`. */
export function writeVxlan(bytes: Uint8Array, at: number, vni: number): void {
  vxlan.flags.set(bytes, at, VXLAN_FLAG_VNI);
  bytes[at + 1] = 0;
  bytes[at + 2] = 0;
  bytes[at + 3] = 0;
  vxlan.vniAndReserved.set(bytes, at, vni * 256);
}

export function vniOf(bytes: Uint8Array, at: number): number {
  return vxlan.vniAndReserved.get(bytes, at) >>> 8;
}

/** A flag or a reserved bit that a plain VXLAN device does not know: the frame is dropped (vxlan_rcv). */
export function hasUnknownBits(bytes: Uint8Array, at: number): boolean {
  const reserved = (bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!) !== 0;
  return (
    reserved ||
    vxlan.flags.get(bytes, at) !== VXLAN_FLAG_VNI ||
    (vxlan.vniAndReserved.get(bytes, at) & 0xff) !== 0
  );
}
