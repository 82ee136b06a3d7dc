import type { Dissection } from "./dissection.js";

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];
const MLD1_LENGTH = 24;
const MLD2_LENGTH = 28;

/** Prints the body of a version 2 report (RFC 3810 §5.2). */
export function printListenerReport(d: Dissection, at: number, length: number): void {
  if (length < 8) {
    d.print(` [invalid len ${length}]`);
    return;
  }
  const groups = d.u16(at + 6);
  d.print(`, ${groups} group record(s)`);
  if (d.options.verbose === 0) return;
  let offset = 8;
  for (let i = 0; i < groups; i++) {
    if (length < offset + 20) {
      d.print(" [invalid number of groups]");
      return;
    }
    const type = d.u8(at + offset);
    const sources = d.u16(at + offset + 2);
    d.print(` [gaddr ${d.ipv6(at + offset + 4)} ${RECORDS[type] || ` [v2-report-#${type}]`}`);
    if (length < offset + 20 + sources * 16) {
      d.print(` [invalid number of sources ${sources}]`);
      return;
    }
    if (d.options.verbose === 1) d.print(`, ${sources} source(s)`);
    else d.print(` {${addresses(d, at + offset + 20, sources)} }`);
    d.print("]");
    offset += 20 + sources * 16;
  }
}

/** Prints the body of a query, a version 1 report or a done message. */
export function printListenerQuery(d: Dissection, at: number, length: number, type: number): void {
  if (type !== 130 || length === MLD1_LENGTH) {
    if (d.has(at, MLD1_LENGTH)) d.print(`max resp delay: ${d.u16(at + 4)} addr: ${d.ipv6(at + 8)}`);
    return;
  }
  if (length < MLD2_LENGTH) {
    d.print(` unknown-version (len ${length}) `);
    return;
  }
  d.print(" v2");
  const { verbose } = d.options;
  if (verbose > 0) d.print(` [max resp delay=${scaled(d.u16(at + 4), 15)}]`);
  d.print(` [gaddr ${d.ipv6(at + 8)}`);
  if (verbose > 0) {
    const flags = d.u8(at + 24);
    d.print(
      `${flags & 0x08 ? " sflag" : ""}${flags & 0x07 ? ` robustness=${flags & 0x07}` : ""} qqi=${scaled(d.u8(at + 25), 7)}`,
    );
  }
  const sources = d.u16(at + 26);
  if (sources > 0) {
    if (length < MLD2_LENGTH + sources * 16) d.print(" [invalid number of sources]");
    else d.print(verbose > 1 ? ` {${addresses(d, at + MLD2_LENGTH, sources)} }` : `, ${sources} source(s)`);
  }
  d.print("]");
}

/** A time in MLD's floating form: `width` bits, the highest says whether the rest is exponent and mantissa. */
function scaled(value: number, width: 7 | 15): number {
  if (value < 1 << width) return value;
  const mantissa = width - 3;
  return ((value & ((1 << mantissa) - 1)) | (1 << mantissa)) << (((value >>> mantissa) & 7) + 3);
}

function addresses(d: Dissection, at: number, count: number): string {
  return Array.from({ length: count }, (_, i) => ` ${d.ipv6(at + i * 16)}`).join("");
}
