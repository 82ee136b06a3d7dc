import { formatIpv4 } from "../../base/addresses.js";
import { DNS_RCODES, DNS_TYPES, type DnsData, type DnsQuestion, type DnsRecord } from "../../wire/dns.js";
import { formatIpv6 } from "../tcpdump/ipv6-text.js";

const TYPE_NAMES = new Map<number, string>(Object.entries(DNS_TYPES).map(([name, number]) => [number, name]));
const CLASS_NAMES = new Map([
  [1, "IN"],
  [3, "CH"],
  [4, "HS"],
  [255, "ANY"],
]);

/** `A`, `PTR`; `TYPE65` for types without a name here. */
export function typeName(type: number): string {
  return TYPE_NAMES.get(type) ?? `TYPE${type}`;
}

/** The number of a type's name, in any case; null for no type. */
export function typeNumber(name: string): number | null {
  const upper = name.toUpperCase();
  const number = /^TYPE(\d{1,5})$/.exec(upper);
  if (number !== null && Number(number[1]) <= 0xffff) return Number(number[1]);
  return Object.hasOwn(DNS_TYPES, upper) ? DNS_TYPES[upper as keyof typeof DNS_TYPES] : null;
}

export function rcodeName(rcode: number): string {
  return DNS_RCODES[rcode] ?? `RESERVED${rcode}`;
}

function className(number: number): string {
  return CLASS_NAMES.get(number) ?? `CLASS${number}`;
}

/** A record's data as a zone file has it: names with their last dot. */
export function dataText(type: number, data: DnsData): string {
  switch (data.kind) {
    case "address":
      return formatIpv4(data.address);
    case "name":
      return `${data.name}.`;
    case "exchange":
      return `${data.preference} ${data.name}.`;
    case "text":
      return data.strings.map((bytes) => `"${quoted(bytes)}"`).join(" ");
    case "authority":
      return [`${data.primary}.`, `${data.mailbox}.`, ...data.numbers].join(" ");
    case "bytes":
      if (type === DNS_TYPES.AAAA && data.bytes.length === 16) return formatIpv6(data.bytes);
      return `\\# ${data.bytes.length} ${[...data.bytes].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("")}`.trimEnd();
  }
}

/** What stands between the quotes of a character-string. */
export function quoted(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
      return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
    })
    .join("");
}

/** Goes on at a column with tabs as far as they reach, one blank at least (BIND's indent). */
function upTo(line: string, column: number): string {
  let width = 0;
  for (const letter of line) width = letter === "\t" ? (Math.floor(width / 8) + 1) * 8 : width + 1;
  const target = Math.max(column, width + 1);
  const tabs = Math.floor(target / 8) - Math.floor(width / 8);
  const spaces = tabs > 0 ? target % 8 : target - width;
  return line + "\t".repeat(tabs) + " ".repeat(spaces);
}

/** A line of dig's question section: columns count without the semicolon. */
export function questionLine({ name, type, class: number }: DnsQuestion): string {
  return `;${upTo(`${upTo(`${name}.`, 32)}${className(number)}`, 40)}${typeName(type)}`;
}

/** A record as dig prints it: name, TTL, class, type and data at columns 0, 24, 32, 40 and 48. */
export function recordLine(record: DnsRecord): string {
  let line = upTo(`${record.name}.`, 24);
  line = upTo(`${line}${record.ttl}`, 32);
  line = upTo(`${line}${className(record.class)}`, 40);
  line = upTo(`${line}${typeName(record.type)}`, 48);
  return line + dataText(record.type, record.data);
}
