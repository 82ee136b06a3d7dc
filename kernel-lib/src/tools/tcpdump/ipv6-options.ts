import { type Dissection, hex } from "./dissection.js";

const PAD1 = 0;
const PADN = 1;
const ROUTER_ALERT = 5;

/** Prints a header of IPv6 options and returns its length; -1 when it is cut off (print-ip6opts.c). */
export function printIpv6Options(d: Dissection, at: number, name: string, protocol: string): number {
  d.protocol = protocol;
  const length = (d.u8(at + 1) + 1) * 8;
  if (!d.has(at, length)) {
    d.truncated();
    return -1;
  }
  d.print(`${name} `);
  if (name === "DSTOPT" && d.options.verbose === 0) return length;
  if (!printOptions(d, at + 2, length - 2)) {
    d.truncated();
    return -1;
  }
  if (d.options.verbose > 0) d.print(" ");
  return length;
}

function printOptions(d: Dissection, at: number, size: number): boolean {
  const say = (text: string) => {
    if (d.options.verbose > 0) d.print(text);
  };
  for (let i = 0; i < size; ) {
    const type = d.u8(at + i);
    if (type === PAD1) {
      say("(pad1)");
      i++;
      continue;
    }
    if (i + 1 >= size) return false;
    const length = d.u8(at + i + 1);
    if (i + length + 2 > size) return false;
    if (type === PADN) say("(padn)");
    else if (type !== ROUTER_ALERT) say(`(opt_type 0x${hex(type, 2)}: len=${length})`);
    else if (length !== 2) {
      d.print(`(rtalert: invalid len ${length})`);
      return false;
    } else say(`(rtalert: 0x${hex(d.u16(at + i + 2), 4)}) `);
    i += length + 2;
  }
  return true;
}
