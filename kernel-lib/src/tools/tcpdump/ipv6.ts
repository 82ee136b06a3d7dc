import { type Dissection, hex } from "./dissection.js";
import { printIpPayload } from "./ip-payload.js";
import { printIpv6Options } from "./ipv6-options.js";
import { IP_PROTOCOL_NAMES } from "./protocol-names.js";

const HEADER = 40;
const HOP_BY_HOP = 0;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
const WITH_PORTS = [6, 17, 33, 132];

/** Prints an IPv6 packet (RFC 8200; print-ip6.c). Routing and mobility headers are named only, jumbograms are not decoded. */
export function printIpv6(d: Dissection, at: number, length: number): void {
  d.protocol = "ip6";
  if (!d.has(at, HEADER)) {
    d.truncated();
    return;
  }
  if (length < HEADER) {
    d.print(`truncated-ip6 ${length}`);
    return;
  }
  if (!d.options.link) d.print("IP6 ");
  const version = d.u8(at) >>> 4;
  if (version !== 6) {
    d.print(`version error: ${version} != 6`);
    return;
  }
  const payload = d.u16(at + 4);
  const total = payload + HEADER;
  if (payload !== 0 && length < total) d.print(`truncated-ip6 - ${total - length} bytes missing!`);
  if (d.options.verbose > 0) printHeader(d, at, payload);
  const size = payload === 0 ? length + HEADER : total;
  d.within(at, size, () => printHeaders(d, at, size, payload));
}

function printHeader(d: Dissection, at: number, payload: number): void {
  const flow = d.u32(at);
  const next = d.u8(at + 6);
  d.print("(");
  if (flow & 0x0ff00000) d.print(`class 0x${hex((flow & 0x0ff00000) >>> 20, 2)}, `);
  if (flow & 0x000fffff) d.print(`flowlabel 0x${hex(flow & 0x000fffff, 5)}, `);
  d.print(
    `hlim ${d.u8(at + 7)}, next-header ${IP_PROTOCOL_NAMES.get(next) ?? "unknown"} (${next}) payload length: ${payload}) `,
  );
}

function printHeaders(d: Dissection, start: number, size: number, payload: number): void {
  let next = d.u8(start + 6);
  let at = start + HEADER;
  let left = size - HEADER;
  let fragmented = false;
  if (at > d.end) return;
  if (!WITH_PORTS.includes(next)) d.print(`${d.ipv6(start + 8)} > ${d.ipv6(start + 24)}: `);
  for (let first = true; ; first = false) {
    let advance: number;
    if (next === HOP_BY_HOP && first) advance = printIpv6Options(d, at, "HBH", "hbhopt");
    else if (next === DESTINATION_OPTIONS) advance = printIpv6Options(d, at, "DSTOPT", "dstopt");
    else if (next === FRAGMENT) {
      advance = printFragment(d, start, at);
      fragmented = true;
    } else {
      printIpPayload(d, { version: 6, at: start }, next, at, payload === 0 ? 0 : left, fragmented);
      return;
    }
    if (advance < 0 || at + advance >= d.end) return;
    d.protocol = "ip6";
    if (payload === 0 || left < advance) {
      d.truncated();
      return;
    }
    next = d.u8(at);
    at += advance;
    left -= advance;
  }
}

/** Prints a fragment header (print-frag6.c); -1 when it is not the first fragment, whose payload cannot be read. */
function printFragment(d: Dissection, start: number, at: number): number {
  d.protocol = "frag6";
  const field = d.u16(at + 2);
  const range = `${field & 0xfff8}|${(start + HEADER + d.u16(start + 4) - at - 8) >>> 0}`;
  if (d.options.verbose > 0) d.print(`frag (0x${hex(d.u32(at + 4), 8)}:${range})`);
  else d.print(`frag (${range})`);
  if ((field & 0xfff8) !== 0) return -1;
  d.print(" ");
  return 8;
}
