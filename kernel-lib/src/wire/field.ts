/**
 * Fields of a header, each an offset with its width: `ipv4.ttl.get(bytes, at)` reads the field of the header that starts at `at`.
 * A header's spec is a record of these, in wire order; no offset is written anywhere else.
 */
export interface Field {
  /** Offset from the start of the header in bits, and width in bits. */
  readonly bit: number;
  readonly width: number;
  get(bytes: Uint8Array, at: number): number;
  set(bytes: Uint8Array, at: number, value: number): void;
}

export class U8 implements Field {
  readonly bit: number;
  readonly width = 8;
  constructor(readonly offset: number) {
    this.bit = offset * 8;
  }
  get(bytes: Uint8Array, at: number): number {
    return bytes[at + this.offset]!;
  }
  set(bytes: Uint8Array, at: number, value: number): void {
    bytes[at + this.offset] = value;
  }
}

export class U16 implements Field {
  readonly bit: number;
  readonly width = 16;
  constructor(readonly offset: number) {
    this.bit = offset * 8;
  }
  get(bytes: Uint8Array, at: number): number {
    const i = at + this.offset;
    return (bytes[i]! << 8) | bytes[i + 1]!;
  }
  set(bytes: Uint8Array, at: number, value: number): void {
    const i = at + this.offset;
    bytes[i] = value >>> 8;
    bytes[i + 1] = value;
  }
}

export class U32 implements Field {
  readonly bit: number;
  readonly width = 32;
  constructor(readonly offset: number) {
    this.bit = offset * 8;
  }
  get(bytes: Uint8Array, at: number): number {
    const i = at + this.offset;
    return ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!) >>> 0;
  }
  set(bytes: Uint8Array, at: number, value: number): void {
    const i = at + this.offset;
    bytes[i] = value >>> 24;
    bytes[i + 1] = value >>> 16;
    bytes[i + 2] = value >>> 8;
    bytes[i + 3] = value;
  }
}

/** A MAC address. */
export class U48 implements Field {
  readonly bit: number;
  readonly width = 48;
  constructor(readonly offset: number) {
    this.bit = offset * 8;
  }
  get(bytes: Uint8Array, at: number): number {
    const i = at + this.offset;
    const low = ((bytes[i + 2]! << 24) | (bytes[i + 3]! << 16) | (bytes[i + 4]! << 8) | bytes[i + 5]!) >>> 0;
    return ((bytes[i]! << 8) | bytes[i + 1]!) * 0x100000000 + low;
  }
  set(bytes: Uint8Array, at: number, value: number): void {
    const i = at + this.offset;
    const high = Math.floor(value / 0x100000000);
    bytes[i] = high >>> 8;
    bytes[i + 1] = high;
    bytes[i + 2] = value >>> 24;
    bytes[i + 3] = value >>> 16;
    bytes[i + 4] = value >>> 8;
    bytes[i + 5] = value;
  }
}

/** Some bits of one byte or of a 16-bit word: `shift` counts from the word's lowest bit. */
export class Bits implements Field {
  readonly bit: number;
  private readonly mask: number;
  constructor(
    private readonly word: U8 | U16,
    private readonly shift: number,
    readonly width: number,
  ) {
    this.mask = (1 << width) - 1;
    this.bit = word.bit + word.width - shift - width;
  }
  get(bytes: Uint8Array, at: number): number {
    return (this.word.get(bytes, at) >>> this.shift) & this.mask;
  }
  set(bytes: Uint8Array, at: number, value: number): void {
    const rest = this.word.get(bytes, at) & ~(this.mask << this.shift);
    this.word.set(bytes, at, rest | ((value & this.mask) << this.shift));
  }
}

/** A header's layout: its fields by name, in wire order, and its fixed length in bytes. */
export type HeaderSpec = Readonly<Record<string, Field>>;

/** Reads every field of a header into a record: for display and tests, not for the hot path. */
export function readHeader<S extends HeaderSpec>(
  spec: S,
  bytes: Uint8Array,
  at: number,
): { [K in keyof S]: number } {
  const record = {} as { [K in keyof S]: number };
  for (const name of Object.keys(spec) as (keyof S)[]) record[name] = spec[name]!.get(bytes, at);
  return record;
}
