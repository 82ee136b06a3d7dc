import { bits, type Dissection, hex, Truncated } from "./dissection.js";
import { printIpPayload } from "./ip-payload.js";
import { ipProtocolName } from "./ip-protocol-names.js";
import { printIpv4Options } from "./ipv4-options.js";
import { IP_PROTOCOL_NAMES } from "./protocol-names.js";
import { shouldBe, sumOf } from "./sums.js";

const HEADER = 20;
const FLAGS = [
  [0x2000, "+"],
  [0x4000, "DF"],
  [0x8000, "rsvd"],
] as const;
const ECN = ["", ",ECT(1)", ",ECT(0)", ",CE"];
/** Protocols that print addresses and ports themselves. */
const WITH_PORTS = [6, 17, 132, 33];

/** Prints an IPv4 packet (print-ip.c). */
export function printIpv4(d: Dissection, at: number, length: number): void {
  d.protocol = "ip";
  const version = d.u8(at) >>> 4;
  if (version !== 4) {
    d.print(version === 6 ? "IP6, wrong link-layer encapsulation" : `IP${version}`);
    d.invalid();
    return;
  }
  if (!d.options.link) d.print("IP ");
  if (!d.has(at, HEADER)) {
    d.truncated();
    return;
  }
  if (length < HEADER) {
    d.print(`truncated-ip ${length}`);
    return;
  }
  const header = (d.u8(at) & 0xf) * 4;
  if (header < HEADER) {
    d.print(`bad-hlen ${header}`);
    return;
  }
  const total = d.u16(at + 2);
  if (length < total) d.print(`truncated-ip - ${total - length} bytes missing! `);
  if (total < header) {
    d.print(`bad-len ${total}`);
    return;
  }
  d.within(at, total, () => printPacket(d, at, header, total));
}

function printPacket(d: Dissection, at: number, header: number, total: number): void {
  const { verbose, quiet } = d.options;
  if (verbose > 0 && !printHeader(d, at, header)) {
    d.print(`${d.ipv4(at + 12)} > ${d.ipv4(at + 16)}: `);
    d.truncated();
    return;
  }
  const fragment = d.u16(at + 6);
  const protocol = d.u8(at + 9);
  if ((fragment & 0x1fff) !== 0) {
    if (quiet > 1) return;
    d.print(`${d.ipv4(at + 12)} > ${d.ipv4(at + 16)}: ${ipProtocolName(d, protocol)}`);
    return;
  }
  if (!WITH_PORTS.includes(protocol)) d.print(`${d.ipv4(at + 12)} > ${d.ipv4(at + 16)}: `);
  if (!d.has(at, header)) {
    d.print(` [remaining caplen(${d.end - at}) < header length(${header})]`);
    throw new Truncated();
  }
  const fragmented = (fragment & 0x2000) !== 0;
  printIpPayload(d, { version: 4, at }, protocol, at + header, total - header, fragmented);
}

/** The parenthesis of -v; false when the options are cut off. */
function printHeader(d: Dissection, at: number, header: number): boolean {
  const tos = d.u8(at + 1);
  const ttl = d.u8(at + 8);
  const fragment = d.u16(at + 6);
  const protocol = d.u8(at + 9);
  d.print(`(tos 0x${hex(tos)}${ECN[tos & 3]}${ttl >= 1 ? `, ttl ${ttl}` : ""}, id ${d.u16(at + 4)}, `);
  d.print(`offset ${(fragment & 0x1fff) * 8}, flags [${bits(FLAGS, fragment, "none", ", ")}], `);
  d.print(`proto ${IP_PROTOCOL_NAMES.get(protocol) ?? "unknown"} (${protocol}), length ${d.u16(at + 2)}`);
  let whole = true;
  if (header > HEADER) {
    d.print(", options (");
    whole = printIpv4Options(d, at + HEADER, header - HEADER);
    if (!whole) d.print(" [truncated-option]");
    d.print(")");
  }
  if (!d.options.ignoreChecksums && d.has(at, header)) {
    const sum = sumOf(d, at, header);
    const found = d.u16(at + 10);
    if (sum !== 0) d.print(`, bad cksum ${hex(found)} (->${hex(shouldBe(found, sum))})!`);
  }
  d.print(")\n    ");
  return whole;
}
