import { formatIpv6 } from "./ipv6-text.js";
import type { PrintOptions } from "./print-options.js";
import { serviceName } from "./services.js";

/** Ends a printer that ran past the captured bytes (tcpdump's longjmp): the frame's line ends with `[|protocol]`. */
export class Truncated extends Error {
  override readonly name = "Truncated";
}

/** First sequence numbers of a TCP conversation, by direction, so that later ones are printed relative to them. */
export interface Conversation {
  sequence: number;
  acknowledgement: number;
}

/** Printers that call each other in circles go through this table. */
export interface Dissectors {
  ethernet(d: Dissection, at: number, length: number): number;
  ipv4(d: Dissection, at: number, length: number): void;
  ipv6(d: Dissection, at: number, length: number): void;
}

/** Texts of addresses, for a printer without -n. */
export interface Names {
  /** Name of a host, null when there is none. */
  host(address: number): string | null;
  /** Name of an interface by index, for cooked captures. */
  interface(index: number): string | null;
}

/** One frame being printed: its bytes, how far they may be read, and the text so far (netdissect_options). */
export class Dissection {
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the first byte that may not be read (ndo_snapend). */
  end = 0;
  text = "";
  /** Name that a truncation is reported under. */
  protocol = "";
  /** Bytes of the link header, which -x and -A leave out. */
  linkHeaderLength = 0;
  /** Conversations seen, by addresses and ports. They last as long as the printer. */
  readonly conversations = new Map<string, Conversation>();

  constructor(
    readonly options: PrintOptions,
    readonly names: Names,
    readonly dissectors: Dissectors,
  ) {}

  print(text: string): void {
    this.text += text;
  }

  /** Whether `length` bytes at `at` were captured. */
  has(at: number, length: number): boolean {
    return length >= 0 && at >= 0 && at + length <= this.end;
  }

  /** Throws {@link Truncated} unless `length` bytes at `at` were captured. */
  need(at: number, length: number): void {
    if (!this.has(at, length)) throw new Truncated();
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.bytes[at] ?? 0;
  }

  u16(at: number): number {
    this.need(at, 2);
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  u32(at: number): number {
    this.need(at, 4);
    return (this.u16(at) * 0x10000 + this.u16(at + 2)) >>> 0;
  }

  /** Runs `body` with reading limited to `length` bytes from `at` (nd_push_snaplen). */
  within(at: number, length: number, body: () => void): void {
    const before = this.end;
    if (length <= before - at) this.end = at + length;
    body();
    this.end = before;
  }

  truncated(): void {
    this.print(` [|${this.protocol}]`);
  }

  invalid(): void {
    this.print(" (invalid)");
  }

  /** An IPv4 address, by name when names are wanted and there is one. */
  ipv4(at: number): string {
    const address = this.u32(at);
    const name = this.options.numeric ? null : this.names.host(address);
    if (name !== null) return this.options.shortNames ? name.replace(/\..*/, "") : name;
    return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
  }

  ipv6(at: number): string {
    this.need(at, 16);
    return formatIpv6(this.bytes.subarray(at, at + 16));
  }

  /** A MAC address, with the vendor when names are wanted. No vendors are known here but that of zeros, which tcpdump calls Ethernet. */
  mac(at: number): string {
    this.need(at, 6);
    const text = this.hex(at, 6, ":");
    if (this.options.numeric) return text;
    return text === "ff:ff:ff:ff:ff:ff"
      ? "Broadcast"
      : `${text} (oui ${text.startsWith("00:00:00") ? "Ethernet" : "Unknown"})`;
  }

  port(port: number, protocol: "tcp" | "udp"): string {
    return (this.options.numeric ? null : serviceName(port, protocol)) ?? String(port);
  }

  /** Bytes as two hexadecimal digits each. */
  hex(at: number, length: number, separator = ""): string {
    this.need(at, length);
    return Array.from(this.bytes.subarray(at, at + length), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join(separator);
  }

  /** Prints bytes as text: what is not printable as `^A` and `M-^A` (fn_print_char). Returns true when cut short. */
  printable(at: number, length: number): boolean {
    let rest = length;
    for (let i = at; rest > 0 && i < this.end; i++, rest--) this.print(visible(this.u8(i)));
    return rest > 0;
  }
}

function visible(byte: number): string {
  const ascii = byte & 0x7f;
  const prefix = byte > 0x7f ? "M-" : "";
  return ascii >= 0x20 && ascii < 0x7f
    ? prefix + String.fromCharCode(ascii)
    : `${prefix}^${String.fromCharCode(ascii ^ 0x40)}`;
}

/** `value` as at least `digits` hexadecimal digits. */
export function hex(value: number, digits = 1): string {
  return value.toString(16).padStart(digits, "0");
}

/** Names of the bits that are set, or `none` (bittok2str). */
export function bits(
  table: readonly (readonly [number, string])[],
  value: number,
  none: string,
  separator: string,
): string {
  return (
    table
      .filter(([bit]) => (value & bit) === bit)
      .map(([, name]) => name)
      .join(separator) || none
  );
}
