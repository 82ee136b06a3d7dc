import type { Dissection } from "./dissection.js";

const EOL = 0;
const NOP = 1;
const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_ROUTE = 131;
const STRICT_ROUTE = 137;
const ROUTER_ALERT = 148;
const NAMES: ReadonlyMap<number, string> = new Map([
  [EOL, "EOL"],
  [NOP, "NOP"],
  [TIMESTAMP, "timestamp"],
  [130, "security"],
  [RECORD_ROUTE, "RR"],
  [STRICT_ROUTE, "SSRR"],
  [LOOSE_ROUTE, "LSRR"],
  [ROUTER_ALERT, "RA"],
  [82, "traceroute"],
]);

/** Prints the options of an IPv4 header (ip_optprint); false when they are cut off. */
export function printIpv4Options(d: Dissection, start: number, size: number): boolean {
  let at = start;
  let left = size;
  let separator = "";
  while (left > 0) {
    const code = d.u8(at);
    d.print(`${separator}${NAMES.get(code) ?? `unknown ${code}`}`);
    separator = ",";
    const length = code === NOP || code === EOL ? 1 : d.u8(at + 1);
    if ((code !== NOP && code !== EOL && length < 2) || length > left) {
      d.print(` [bad length ${length}]`);
      return true;
    }
    if (!d.has(at, length)) return false;
    if (code === EOL) return true;
    printOption(d, code, at, length);
    at += length;
    left -= length;
  }
  return true;
}

function printOption(d: Dissection, code: number, at: number, length: number): void {
  if (code === RECORD_ROUTE || code === STRICT_ROUTE || code === LOOSE_ROUTE) printRoute(d, at, length);
  if (code === TIMESTAMP) printTimestamps(d, at, length);
  if (code === ROUTER_ALERT) {
    if (length < 4) d.print(` [bad length ${length}]`);
    else if (d.u16(at + 2) !== 0) d.print(` value ${d.u16(at + 2)}`);
  }
}

function printRoute(d: Dissection, at: number, length: number): void {
  if (length < 3 || ((length + 1) & 3) !== 0) d.print(` [bad length ${length}]`);
  if (length < 3) return;
  const pointer = d.u8(at + 2) - 1;
  if (pointer < 3 || ((pointer + 1) & 3) !== 0 || pointer > length + 1) d.print(` [bad ptr ${d.u8(at + 2)}]`);
  for (let place = 3; place < length; place += 4)
    d.print(` ${d.ipv4(at + place)}${pointer > place ? "," : ""}`);
}

function printTimestamps(d: Dissection, at: number, length: number): void {
  if (length < 4) {
    d.print(`[bad length ${length}]`);
    return;
  }
  const kind = d.u8(at + 3) & 0xf;
  const hop = kind === 0 ? 4 : 8;
  const pointer = d.u8(at + 2) - 1;
  d.print(" TS{");
  if (((length - 4) & (hop - 1)) !== 0) d.print(`[bad length ${length}]`);
  if (pointer < 4 || ((pointer - 4) & (hop - 1)) !== 0 || pointer > length + 1)
    d.print(`[bad ptr ${d.u8(at + 2)}]`);
  const name = ["TSONLY", "TS+ADDR", "", "PRESPEC"][kind];
  let place = 0;
  if (name) {
    d.print(name);
    for (place = 4; place < length; place += hop) {
      const address = hop === 8 ? d.ipv4(at + place) : "";
      d.print(`${pointer === place ? " ^ " : " "}${d.u32(at + place + hop - 4)}@${address}`);
    }
  } else d.print(`[bad ts type ${kind}]`);
  const missed = d.u8(at + 3) >>> 4;
  d.print(`${pointer === place ? " ^ " : ""}${missed > 0 ? ` [${missed} hops not recorded]} ` : "}"}`);
}
