import { type Dissection, hex } from "./dissection.js";
import { hexDump } from "./dumps.js";
import { unreachableText } from "./icmp-unreachable.js";
import { shouldBe, sumOf } from "./sums.js";

const ERRORS = [3, 4, 5, 11, 12];
/** Types that may carry extensions (RFC 4884), and where those begin behind the ICMP header. */
const MULTIPART = [3, 11, 12];
const EXTENSION_AT = 136;
const PLAIN: ReadonlyMap<number, string> = new Map([
  [4, "source quench"],
  [10, "router solicitation"],
  [15, "information request"],
  [16, "information reply"],
  [17, "address mask request"],
]);
const REDIRECTS = [
  "redirect % to net ",
  "redirect % to host ",
  "redirect-tos % to net ",
  "redirect-tos % to host ",
];

/** Prints an ICMP message (RFC 792; print-icmp.c), with -v the packet that an error quotes. */
export function printIcmp(d: Dissection, at: number, length: number, fragmented: boolean): void {
  d.protocol = "icmp";
  const type = d.u8(at);
  const text = messageText(d, at, type);
  if (text === null) {
    d.truncated();
    return;
  }
  d.print(`ICMP ${text}, length ${length}`);
  if (d.options.verbose === 0) return;
  if (!fragmented && d.has(at, length)) {
    const sum = sumOf(d, at, length);
    const found = d.u16(at + 2);
    if (sum !== 0) d.print(` (wrong icmp cksum ${hex(found)} (->${hex(shouldBe(found, sum))})!)`);
  }
  if (!ERRORS.includes(type)) return;
  d.print("\n\t");
  const quoted = d.u16(at + 10);
  const before = d.end;
  d.end = Math.min(at + 8 + quoted, before);
  d.dissectors.ipv4(d, at + 8, quoted);
  d.end = before;
  d.protocol = "icmp";
  if (length > EXTENSION_AT && MULTIPART.includes(type)) printExtensions(d, at, length);
}

/** What the message says; null when it is cut off. */
function messageText(d: Dissection, at: number, type: number): string | null {
  const code = d.u8(at + 1);
  switch (type) {
    case 0:
    case 8:
      return `echo ${type === 8 ? "request" : "reply"}, id ${d.u16(at + 4)}, seq ${d.u16(at + 6)}`;
    case 3:
      return code === 3 && !d.has(at + 17, 1) ? null : unreachableText(d, at, code);
    case 5: {
      const target = d.ipv4(at + 24);
      const gateway = d.ipv4(at + 4);
      const form = REDIRECTS[code];
      return form === undefined
        ? `redirect-#${code} ${target} to ${gateway}`
        : form.replace("%", target) + gateway;
    }
    case 9:
      return advertisementText(d, at);
    case 11:
      if (!d.has(at + 24, 4)) return null;
      return ["time exceeded in-transit", "ip reassembly time exceeded"][code] ?? `time exceeded-#${code}`;
    case 12:
      return code !== 0 ? `parameter problem - code ${code}` : `parameter problem - octet ${d.u8(at + 4)}`;
    case 13:
      return `time stamp query id ${d.u16(at + 4)} seq ${d.u16(at + 6)}`;
    case 14: {
      if (!d.has(at + 16, 4)) return null;
      const [origin, received, sent] = [8, 12, 16].map((place) => clock(d.u32(at + place)));
      return `time stamp reply id ${d.u16(at + 4)} seq ${d.u16(at + 6)}: org ${origin}, recv ${received}, xmit ${sent}`;
    }
    case 18:
      return `address mask is 0x${hex(d.u32(at + 8), 8)}`;
    default:
      return PLAIN.get(type) ?? `type-#${type}`;
  }
}

function advertisementText(d: Dissection, at: number): string | null {
  if (!d.has(at + 4, 4)) return null;
  const [count, size, lifetime] = [d.u8(at + 4), d.u8(at + 5), d.u16(at + 6)];
  const two = (value: number) => String(value).padStart(2, "0");
  let text = `router advertisement lifetime `;
  if (lifetime < 60) text += lifetime;
  else if (lifetime < 3600) text += `${Math.floor(lifetime / 60)}:${two(lifetime % 60)}`;
  else
    text += `${Math.floor(lifetime / 3600)}:${two(Math.floor((lifetime % 3600) / 60))}:${two(lifetime % 60)}`;
  text += ` ${count}:`;
  if (size !== 2) return `${text} [size ${size}]`;
  for (let i = 0; i < count; i++) {
    if (!d.has(at + 8 + i * 8, 8)) return null;
    text += ` {${d.ipv4(at + 8 + i * 8)} ${d.u32(at + 12 + i * 8)}}`;
  }
  return text;
}

function clock(milliseconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${String(milliseconds % 1000).padStart(3, "0")}`;
}

function printExtensions(d: Dissection, at: number, length: number): void {
  const start = at + EXTENSION_AT;
  if (!d.has(at, EXTENSION_AT + 5)) {
    d.truncated();
    return;
  }
  const size = length - EXTENSION_AT;
  const whole = d.has(start, size);
  if (d.u8(at + 5) === 0 && whole && sumOf(d, start, size) !== 0) return;
  const version = d.u8(start) >>> 4;
  d.print(`\n\tICMP Multi-Part extension v${version}`);
  if (version !== 2) {
    d.print(" packet not supported");
    return;
  }
  if (whole) {
    const verdict = sumOf(d, start, size) !== 0 ? "in" : "";
    d.print(`, checksum 0x${hex(d.u16(start + 2), 4)} (${verdict}correct), length ${size}`);
  }
  printObjects(d, start + 4, size - 4);
}

function printObjects(d: Dissection, start: number, size: number): void {
  let at = start;
  let left = size;
  while (left > 4) {
    if (!d.has(at, 4)) {
      d.truncated();
      return;
    }
    const [length, number, type] = [d.u16(at), d.u8(at + 2), d.u8(at + 3)];
    const name = ["", "MPLS Stack Entry", "Interface Identification"][number] || "unknown";
    d.print(`\n\t  ${name} Object (${number}), Class-Type: ${type}, length ${length}`);
    left -= 4;
    if (number === 0 || length < 4) return;
    if (number === 1 && type === 1) {
      const label = d.u32(at + 4);
      d.print(
        `\n\t    label ${label >>> 12}, tc ${(label >>> 9) & 7}${label & 0x100 ? ", [S]" : ""}, ttl ${label & 0xff}`,
      );
    } else hexDump(d, "\n\t    ", at + 4, length - 4);
    if (left < length - 4) return;
    left -= length - 4;
    at += length;
  }
}
