import { type Dissection, hex } from "./dissection.js";
import { defaultDump } from "./dumps.js";
import { printEthertype, tagText } from "./ethernet.js";
import { ETHERTYPE_NAMES } from "./protocol-names.js";

const SLL_HEADER = 16;
const SLL2_HEADER = 20;
const PACKET_TYPES = ["In", "B", "M", "P", "Out"];
const MAX_LENGTH_VALUE = 1500;

/** Prints a Linux cooked frame of the first form (sll_if_print). */
export function printSll(d: Dissection, at: number, length: number): void {
  d.protocol = "sll";
  d.need(at, SLL_HEADER);
  const header = () => {
    const kind = (PACKET_TYPES[d.u16(at)] ?? "?").padStart(3);
    d.print(
      `${kind} ${d.u16(at + 4) === 6 ? `${d.mac(at + 6)} ` : ""}${typeText(d, d.u16(at + 14), length)}`,
    );
  };
  if (d.options.link) header();
  printPayload(d, d.u16(at + 14), at, SLL_HEADER, length, header);
}

/** Prints a Linux cooked frame of the second form: interface and direction first (sll2_if_print). */
export function printSll2(d: Dissection, at: number, length: number): void {
  d.protocol = "sll2";
  d.need(at, SLL2_HEADER);
  const name = d.names.interface(d.u32(at + 4)) ?? "?";
  d.print(`${name.padEnd(5)} ${(PACKET_TYPES[d.u8(at + 10)] ?? "?").padEnd(3)} `);
  const header = () => {
    const address = d.u8(at + 11) === 6 ? `${d.mac(at + 12)} ` : "";
    d.print(`ifindex ${d.u32(at + 4)} ${address}${typeText(d, d.u16(at), length)}`);
  };
  if (d.options.link) header();
  printPayload(d, d.u16(at), at, SLL2_HEADER, length, header);
}

function printPayload(
  d: Dissection,
  first: number,
  at: number,
  start: number,
  length: number,
  header: () => void,
): void {
  let type = first;
  let offset = start;
  while (type === 0x8100) {
    if (!d.has(at + offset, 4)) {
      d.protocol = "vlan";
      d.truncated();
      d.linkHeaderLength = d.end;
      return;
    }
    if (d.options.link) d.print(`${tagText(d.u16(at + offset))}, `);
    type = d.u16(at + offset + 2);
    if (d.options.quiet === 0) d.print(`ethertype ${ETHERTYPE_NAMES.get(type) ?? "Unknown"}, `);
    offset += 4;
  }
  const known = type > MAX_LENGTH_VALUE && printEthertype(d, type, at + offset, length - offset);
  if (!known) {
    if (type > MAX_LENGTH_VALUE && !d.options.link) header();
    defaultDump(d, at + offset, d.end - at - offset);
  }
  d.linkHeaderLength += offset;
}

function typeText(d: Dissection, type: number, length: number): string {
  if (d.options.quiet > 0) return "";
  if (type === 1 || type === 4) return `802.${type === 1 ? 3 : 2}, length ${length}: `;
  const name = type <= MAX_LENGTH_VALUE ? "Unknown" : (ETHERTYPE_NAMES.get(type) ?? "Unknown");
  return `ethertype ${name} (0x${hex(type, 4)}), length ${length}: `;
}
