/**
 * What a compiled filter looks at. As in BPF, a load beyond the captured bytes rejects the frame, whatever the rest of the
 * expression says: `failed` remembers that.
 */
export class FilterMachine {
  bytes: Uint8Array = new Uint8Array(0);
  /** Length on the wire. */
  length = 0;
  failed = false;
  /** PACKET_OUTGOING, and the index of the interface, for live captures. */
  outgoing = false;
  interfaceIndex = 0;

  u8(at: number): number {
    const byte = this.bytes[at];
    if (byte !== undefined) return byte;
    this.failed = true;
    return 0;
  }

  u16(at: number): number {
    return (this.u8(at) << 8) | this.u8(at + 1);
  }

  u32(at: number): number {
    return ((this.u16(at) << 16) | this.u16(at + 2)) >>> 0;
  }
}

/** A condition (a block of BPF). */
export type Condition = (m: FilterMachine) => boolean;

/** A number, unsigned 32 bits. */
export type Arithmetic = (m: FilterMachine) => number;

export function both(a: Condition, b: Condition): Condition {
  return (m) => a(m) && !m.failed && b(m);
}

export function either(a: Condition, b: Condition): Condition {
  return (m) => a(m) || (!m.failed && b(m));
}

export function not(a: Condition): Condition {
  return (m) => !a(m);
}
