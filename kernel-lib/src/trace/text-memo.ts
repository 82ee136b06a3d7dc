const SLOTS = 256;

/** Texts that were written not long ago, by three numbers that decide them: datagrams of one flow share theirs. */
export class TextMemo {
  private readonly keys = new Float64Array(SLOTS * 3).fill(-1);
  private readonly texts = new Array<string>(SLOTS).fill("");

  /** The text kept for these numbers, or null. */
  find(a: number, b: number, c: number): string | null {
    const slot = slotOf(a, b, c);
    const { keys } = this;
    const at = slot * 3;
    return keys[at] === a && keys[at + 1] === b && keys[at + 2] === c ? this.texts[slot]! : null;
  }

  /** Keeps a text in the place of what was in its slot. */
  keep(a: number, b: number, c: number, text: string): string {
    const slot = slotOf(a, b, c);
    this.keys.set([a, b, c], slot * 3);
    this.texts[slot] = text;
    return text;
  }
}

function slotOf(a: number, b: number, c: number): number {
  const mixed = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca6b) ^ Math.imul(c | 0, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
}
