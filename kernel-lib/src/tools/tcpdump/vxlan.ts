import { type Dissection, hex } from "./dissection.js";

const HEADER = 8;
const VNI_VALID = 0x08;

/** Prints a VXLAN packet (RFC 7348; print-vxlan.c): its flags and network, then the frame inside on a line of its own. */
export function printVxlan(d: Dissection, at: number, length: number): void {
  d.protocol = "vxlan";
  d.print("VXLAN");
  if (length < HEADER) {
    d.invalid();
    return;
  }
  const flags = d.u8(at);
  d.print(`, flags [${(flags & VNI_VALID) !== 0 ? "I" : "invalid"}] (0x${hex(flags, 2)}), `);
  d.print(`vni ${(d.u16(at + 4) << 8) | d.u8(at + 6)}\n`);
  d.need(at + 7, 1);
  d.dissectors.ethernet(d, at + HEADER, length - HEADER);
}
