import { bits, type Dissection } from "./dissection.js";
import { hexDump } from "./dumps.js";

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "source link-address"],
  [2, "destination link-address"],
  [3, "prefix info"],
  [4, "redirected header"],
  [5, "mtu"],
  [7, "advertisement interval"],
  [8, "homeagent information"],
  [24, "route info"],
  [25, "rdnss"],
  [31, "dnssl"],
]);
const PREFIX_FLAGS = [
  [0x80, "onlink"],
  [0x40, "auto"],
  [0x20, "router"],
] as const;

/** Prints the options of neighbour discovery (RFC 4861 §4.6), one a line; false when they are cut off. */
export function printNeighbourOptions(d: Dissection, start: number, size: number): boolean {
  let left = size;
  for (let at = start; at < d.end && left > 0; ) {
    if (!d.has(at + 1, 1)) return false;
    const type = d.u8(at);
    const length = d.u8(at + 1) * 8;
    if (length === 0 || at + length > d.end) return false;
    d.print(`\n\t  ${NAMES.get(type) ?? "unknown"} option (${type}), length ${length} (${length / 8}): `);
    if (!printValue(d, type, at, length)) {
      if (d.options.verbose <= 1) {
        hexDump(d, "\n\t  ", at + 2, length - 2);
        return true;
      }
    }
    if (d.options.verbose > 1) hexDump(d, "\n\t    ", at + 2, length - 2);
    at += length;
    left -= length;
  }
  return true;
}

function printValue(d: Dissection, type: number, at: number, length: number): boolean {
  switch (type) {
    case 1:
    case 2:
      d.print(d.hex(at + 2, length - 2, ":"));
      return true;
    case 3:
      d.print(`${d.ipv6(at + 16)}/${d.u8(at + 2)}${length === 32 ? "" : "badlen"}, `);
      d.print(`Flags [${bits(PREFIX_FLAGS, d.u8(at + 3), "none", ", ")}], `);
      d.print(`valid time ${lifetime(d.u32(at + 4))}, pref. time ${lifetime(d.u32(at + 8))}`);
      return true;
    case 4:
      hexDump(d, "\n\t    ", at, length);
      return true;
    case 5:
      d.print(` ${d.u32(at + 4)}${length === 8 ? "" : "bad option length"}`);
      return true;
    case 25:
      d.print(` lifetime ${d.u32(at + 4)}s,`);
      for (let i = 8; i + 16 <= length; i += 16) d.print(` addr: ${d.ipv6(at + i)}`);
      return true;
    default:
      return false;
  }
}

function lifetime(seconds: number): string {
  return seconds === 0xffffffff ? "infinity" : `${seconds}s`;
}
