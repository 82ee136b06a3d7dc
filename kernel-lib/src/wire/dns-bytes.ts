/** A message that cannot be read or written. */
export class DnsFormatError extends Error {
  constructor(message: string) {
    super(`bad DNS message: ${message}`);
    this.name = "DnsFormatError";
  }
}

const POINTER = 0xc0;
const MAX_LABEL = 63;
/** Bytes of a name with its length bytes (RFC 1035 §2.3.4). */
const MAX_NAME = 255;
/** A pointer has 14 bits. */
const MAX_POINTER = 0x3fff;

/** Reads the parts of a message in order; every step beyond the end throws DnsFormatError. */
export class DnsReader {
  private end: number;

  constructor(
    private readonly message: Uint8Array,
    private at: number,
  ) {
    this.end = message.length;
  }

  /** Bytes up to the end of the message, or of the record's data. */
  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u32(): number {
    return this.u16() * 65536 + this.u16();
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new DnsFormatError("it ends too early");
    this.at += length;
    return this.message.slice(this.at - length, this.at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** Reads a record's data: exactly `length` bytes. */
  within<T>(length: number, read: () => T): T {
    if (length > this.left) throw new DnsFormatError("it ends too early");
    const outer = this.end;
    this.end = this.at + length;
    const value = read();
    if (this.left !== 0) throw new DnsFormatError("bytes behind a record's data");
    this.end = outer;
    return value;
  }

  /** A name, pointers followed. They may only lead back. */
  name(): string {
    const labels: string[] = [];
    let length = 1;
    let limit = this.at;
    for (let pointed: number | null = null; ; ) {
      const first: number = pointed === null ? this.u8() : this.byteAt(pointed++);
      if (first === 0) return labels.join(".");
      if ((first & POINTER) === POINTER) {
        const low: number = pointed === null ? this.u8() : this.byteAt(pointed);
        const target: number = ((first & ~POINTER) << 8) | low;
        if (target >= limit) throw new DnsFormatError("a pointer that leads forward");
        limit = target;
        pointed = target;
        continue;
      }
      if (first > MAX_LABEL) throw new DnsFormatError("a label of unknown kind");
      length += first + 1;
      if (length > MAX_NAME) throw new DnsFormatError("a name of more than 255 bytes");
      const label = Array.from({ length: first }, () =>
        pointed === null ? this.u8() : this.byteAt(pointed++),
      );
      labels.push(labelText(label));
    }
  }

  private byteAt(at: number): number {
    if (at >= this.message.length) throw new DnsFormatError("it ends too early");
    return this.message[at]!;
  }
}

/** Writes the parts of a message in order. */
export class DnsWriter {
  private out: number[];
  /** Where each name, or end of a name, was written. */
  private readonly places = new Map<string, number>();

  constructor(
    head: Uint8Array,
    private readonly compress: boolean,
  ) {
    this.out = [...head];
  }

  u16(value: number): void {
    this.out.push((value >>> 8) & 255, value & 255);
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value);
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) this.out.push(byte);
  }

  /** A character-string: its length in one byte before it. */
  string(bytes: Uint8Array): void {
    if (bytes.length > 255) throw new DnsFormatError("a string of more than 255 bytes");
    this.out.push(bytes.length);
    this.take(bytes);
  }

  name(name: string): void {
    const labels = labelsOf(name);
    if (labels.reduce((sum, label) => sum + label.length + 1, 1) > MAX_NAME)
      throw new DnsFormatError("a name of more than 255 bytes");
    for (let i = 0; i < labels.length; i++) {
      const suffix = labels.slice(i).map(labelText).join(".");
      const place = this.places.get(suffix);
      if (this.compress && place !== undefined) {
        this.u16((POINTER << 8) | place);
        return;
      }
      if (this.out.length <= MAX_POINTER) this.places.set(suffix, this.out.length);
      const label = labels[i]!;
      this.out.push(label.length, ...label);
    }
    this.out.push(0);
  }

  /** Writes something with its length in two bytes before it. */
  counted(write: () => void): void {
    const at = this.out.length;
    this.u16(0);
    write();
    const length = this.out.length - at - 2;
    if (length > 0xffff) throw new DnsFormatError("a record of more than 65535 bytes");
    this.out[at] = length >>> 8;
    this.out[at + 1] = length & 255;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.out);
  }
}

/** A label as text: dots, backslashes and what cannot be printed are escaped (RFC 1035 §5.1). */
function labelText(label: readonly number[]): string {
  return label
    .map((byte) => {
      if (byte === 0x2e || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
      return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
    })
    .join("");
}

/** The labels of a name; a last dot is allowed. Throws DnsFormatError for empty and long ones. */
export function labelsOf(name: string): readonly (readonly number[])[] {
  if (name === "" || name === ".") return [];
  const labels: number[][] = [[]];
  const bytes = new TextEncoder().encode(name);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0x2e) {
      if (i < bytes.length - 1) labels.push([]);
      continue;
    }
    const escaped =
      byte === 0x5c ? /^\\(\d{3}|.)/.exec(String.fromCharCode(...bytes.subarray(i, i + 4))) : null;
    if (escaped === null) labels.at(-1)!.push(byte);
    else if (/^\d/.test(escaped[1]!)) labels.at(-1)!.push(Number(escaped[1]) & 255);
    else labels.at(-1)!.push(escaped[1]!.charCodeAt(0) & 255);
    if (escaped !== null) i += escaped[0].length - 1;
  }
  for (const label of labels) {
    if (label.length === 0) throw new DnsFormatError("an empty label");
    if (label.length > MAX_LABEL) throw new DnsFormatError("a label of more than 63 bytes");
  }
  return labels;
}
