import { printEdnsOptions } from "./domain-edns.js";
import type { DomainReader } from "./domain-reader.js";
import { formatIpv6 } from "./ipv6-text.js";

const CLASS_IN = 1;
const CLASSES: ReadonlyMap<number, string> = new Map([
  [1, "IN"],
  [3, "CHAOS"],
  [4, "HS"],
  [255, "ANY"],
]);
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, "A"],
  [2, "NS"],
  [3, "MD"],
  [4, "MF"],
  [5, "CNAME"],
  [6, "SOA"],
  [7, "MB"],
  [8, "MG"],
  [9, "MR"],
  [10, "NULL"],
  [11, "WKS"],
  [12, "PTR"],
  [13, "HINFO"],
  [14, "MINFO"],
  [15, "MX"],
  [16, "TXT"],
  [17, "RP"],
  [18, "AFSDB"],
  [19, "X25"],
  [20, "ISDN"],
  [21, "RT"],
  [22, "NSAP"],
  [23, "NSAP_PTR"],
  [24, "SIG"],
  [25, "KEY"],
  [26, "PX"],
  [27, "GPOS"],
  [28, "AAAA"],
  [29, "LOC"],
  [30, "NXT"],
  [31, "EID"],
  [32, "NIMLOC"],
  [33, "SRV"],
  [34, "ATMA"],
  [35, "NAPTR"],
  [36, "KX"],
  [37, "CERT"],
  [38, "A6"],
  [39, "DNAME"],
  [40, "SINK"],
  [41, "OPT"],
  [42, "APL"],
  [43, "DS"],
  [44, "SSHFP"],
  [45, "IPSECKEY"],
  [46, "RRSIG"],
  [47, "NSEC"],
  [48, "DNSKEY"],
  [99, "SPF"],
  [249, "TKEY"],
  [250, "TSIG"],
  [251, "IXFR"],
  [252, "AXFR"],
  [253, "MAILB"],
  [254, "MAILA"],
  [255, "ANY"],
  [256, "URI"],
]);
const TYPE_OPT = 41;

/** Prints ` A? name.` and returns the offset behind the question; null when it is not all there. */
export function printQuestion(reader: DomainReader, at: number): number | null {
  const { d, multicast } = reader;
  const fields = reader.skipName(at);
  if (fields === null || !d.has(fields, 4)) return null;
  const type = d.u16(fields);
  const raw = d.u16(fields + 2);
  const group = multicast ? raw & 0x7fff : raw;
  d.print(` ${TYPES.get(type) ?? `Type${type}`}`);
  if (group !== CLASS_IN) d.print(` ${CLASSES.get(group) ?? `(Class ${group})`}`);
  if (multicast) d.print(raw & 0x8000 ? " (QU)" : " (QM)");
  d.print("? ");
  const end = reader.printName(at);
  return end === null ? null : end + 4;
}

/** Prints a resource record and returns the offset behind it; null when it is not all there. */
export function printRecord(reader: DomainReader, start: number): number | null {
  const { d, multicast } = reader;
  let at: number | null = start;
  if (d.options.verbose > 0) {
    d.print(" ");
    at = reader.printName(start);
    if (at === null) return null;
  } else at = reader.skipName(start);
  if (at === null || !d.has(at, 10)) return d.end;
  const type = d.u16(at);
  const raw = d.u16(at + 2);
  const group = multicast ? raw & 0x7fff : raw;
  if (group !== CLASS_IN && type !== TYPE_OPT) d.print(` ${CLASSES.get(group) ?? `(Class ${group})`}`);
  if (multicast && raw & 0x8000) d.print(" (Cache flush)");
  if (type !== TYPE_OPT && d.options.verbose > 2) d.print(` [${relativeTime(d.u32(at + 4))}]`);
  const data = at + 10;
  const end = data + d.u16(at + 8);
  d.print(` ${TYPES.get(type) ?? `Type${type}`}`);
  if (end > d.end) return null;
  if (type === TYPE_OPT) {
    d.print(` UDPsize=${group}${d.u16(at + 6) & 0x8000 ? " DO" : ""}`);
    return printEdnsOptions(reader, data, end) ? end : null;
  }
  return printData(reader, type, data, end) ? end : null;
}

function printData(reader: DomainReader, type: number, at: number, end: number): boolean {
  const { d } = reader;
  switch (type) {
    case 1:
      if (!d.has(at, 4)) return false;
      d.print(` ${Array.from(d.bytes.subarray(at, at + 4)).join(".")}`);
      return true;
    case 28:
      if (!d.has(at, 16)) return false;
      d.print(` ${formatIpv6(d.bytes.subarray(at, at + 16))}`);
      return true;
    case 2:
    case 5:
    case 12:
    case 39:
      d.print(" ");
      return reader.printName(at) !== null;
    case 6:
      return d.options.verbose === 0 || printAuthority(reader, at);
    case 15:
      d.print(" ");
      if (!d.has(at, 2) || reader.printName(at + 2) === null) return false;
      d.print(` ${d.u16(at)}`);
      return true;
    case 16:
      return printStrings(reader, at, end);
    case 33:
      d.print(" ");
      if (!d.has(at, 6) || reader.printName(at + 6) === null) return false;
      d.print(`:${d.u16(at + 4)} ${d.u16(at)} ${d.u16(at + 2)}`);
      return true;
    default:
      return true;
  }
}

function printAuthority(reader: DomainReader, start: number): boolean {
  const { d } = reader;
  d.print(" ");
  let at = reader.printName(start);
  if (at === null) return false;
  d.print(" ");
  at = reader.printName(at);
  if (at === null || !d.has(at, 20)) return false;
  for (let i = 0; i < 5; i++) d.print(` ${d.u32(at + i * 4)}`);
  return true;
}

function printStrings(reader: DomainReader, start: number, end: number): boolean {
  const { d } = reader;
  for (let at = start; at < end; ) {
    d.print(' "');
    if (!d.has(at, 1)) return false;
    const length = d.u8(at);
    if (d.printable(at + 1, length)) return false;
    d.print('"');
    at += 1 + length;
  }
  return true;
}

const UNITS = [
  ["y", 31536000],
  ["w", 604800],
  ["d", 86400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
] as const;

/** `1h2m3s` (unsigned_relts_print). */
function relativeTime(seconds: number): string {
  if (seconds === 0) return "0s";
  let left = seconds;
  let text = "";
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
