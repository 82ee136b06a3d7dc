import { printArp } from "./arp.js";
import { type Dissection, hex, Truncated } from "./dissection.js";
import { defaultDump } from "./dumps.js";
import { ETHERTYPE_NAMES } from "./protocol-names.js";

const HEADER = 14;
const VLAN_TYPES = [0x8100, 0x9100, 0x9200, 0x88a8];
/** Largest value that is a length and not a type. */
const MAX_LENGTH_VALUE = 1500;

/** Prints an Ethernet frame; returns the length of its headers (print-ether.c). 802.2 frames are dumped, not decoded. */
export function printEthernet(d: Dissection, at: number, length: number): number {
  d.protocol = "ether";
  const captured = d.end - at;
  if (length < captured) {
    d.print(`[length ${length} < caplen ${captured}]`);
    d.invalid();
    return length;
  }
  if (captured < HEADER) {
    d.truncated();
    return captured;
  }
  if (d.options.link) d.print(addresses(d, at));
  let type = d.u16(at + 12);
  let header = HEADER;
  let lengthPrinted = false;
  while (VLAN_TYPES.includes(type)) {
    if (captured - header < 4) {
      d.protocol = "vlan";
      d.truncated();
      return captured;
    }
    if (d.options.link) {
      d.print(
        `${typeText(d, type)}${lengthPrinted ? ", " : `, length ${length}: `}${tagText(d.u16(at + header))}, `,
      );
      lengthPrinted = true;
    }
    type = d.u16(at + header + 2);
    header += 4;
  }
  const rest = length - header;
  if (type <= MAX_LENGTH_VALUE) {
    const inside = Math.min(type, rest);
    if (d.options.link) d.print(`802.3${lengthPrinted ? "" : `, length ${inside}: `}`);
    defaultDump(d, at + header, inside);
    return header;
  }
  if (d.options.link) d.print(`${typeText(d, type)}${lengthPrinted ? ", " : `, length ${length}: `}`);
  if (!printEthertype(d, type, at + header, rest)) {
    if (!d.options.link) d.print(`${addresses(d, at)}${typeText(d, type)}, length ${length}: `);
    defaultDump(d, at + header, rest);
  }
  return header;
}

/** Prints the payload of an ethertype; false when the type is not known. */
export function printEthertype(d: Dissection, type: number, at: number, length: number): boolean {
  switch (type) {
    case 0x0800:
      d.dissectors.ipv4(d, at, length);
      return true;
    case 0x86dd:
      d.dissectors.ipv6(d, at, length);
      return true;
    case 0x0806:
    case 0x8035:
      printArp(d, at, length);
      return true;
    case 0x9000:
    case 0x886f:
      if (!d.has(at, 0)) throw new Truncated();
      return false;
    default:
      return false;
  }
}

function addresses(d: Dissection, at: number): string {
  return `${d.mac(at + 6)} > ${d.mac(at)}, `;
}

function typeText(d: Dissection, type: number): string {
  const name = ETHERTYPE_NAMES.get(type);
  if (d.options.quiet > 0) return name ?? `Unknown Ethertype (0x${hex(type, 4)})`;
  return `ethertype ${name ?? "Unknown"} (0x${hex(type, 4)})`;
}

/** `vlan 5, p 0` (ieee8021q_tci_string). */
export function tagText(tag: number): string {
  return `vlan ${tag & 0xfff}, p ${tag >>> 13}${tag & 0x1000 ? ", DEI" : ""}`;
}
