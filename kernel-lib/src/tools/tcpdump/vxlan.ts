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

/** Prints an OTV packet (draft-hasmit-otv-04; print-otv.c), which a VXLAN device on Linux's old port 8472 sends as well. */
export function printOtv(d: Dissection, at: number, length: number): void {
  d.protocol = "otv";
  d.print("OTV, ");
  if (length < HEADER) {
    d.print(`[length ${length} < ${HEADER}]`);
    d.invalid();
    return;
  }
  const flags = d.u8(at);
  d.print(`flags [${(flags & VNI_VALID) !== 0 ? "I" : "."}] (0x${hex(flags, 2)}), `);
  d.print(`overlay ${(d.u16(at + 1) << 8) | d.u8(at + 3)}, `);
  d.print(`instance ${(d.u16(at + 4) << 8) | d.u8(at + 6)}\n`);
  d.need(at + 7, 1);
  d.dissectors.ethernet(d, at + HEADER, length - HEADER);
}
