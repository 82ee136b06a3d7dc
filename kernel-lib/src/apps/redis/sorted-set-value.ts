import { compareBytes } from "./byte-text.js";
import type { SizeLimits } from "./limits.js";
import type { RedisValue } from "./value.js";

export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Members in the order of their scores, of equal scores by bytes. */
export class SortedSetValue implements RedisValue {
  readonly type = "zset";
  encoding: "listpack" | "skiplist" = "listpack";
  version = 0;
  private readonly scores = new Map<string, number>();
  private order: Scored[] = [];

  static of(items: Iterable<Scored>, limits: SizeLimits): SortedSetValue {
    const set = new SortedSetValue();
    set.order = [...items].sort(compareScored);
    let longest = 0;
    for (const { member, score } of set.order) {
      set.scores.set(member, score);
      longest = Math.max(longest, member.length);
    }
    if (set.size > limits.entries || longest > limits.bytes) set.encoding = "skiplist";
    return set;
  }

  get size(): number {
    return this.order.length;
  }

  score(member: string): number | undefined {
    return this.scores.get(member);
  }

  /** The place from 0, lowest score first. */
  rank(member: string): number | undefined {
    const score = this.scores.get(member);
    return score === undefined ? undefined : this.placeOf({ member, score });
  }

  /** Adds a member or moves it. */
  set(member: string, score: number, limits: SizeLimits): void {
    const old = this.scores.get(member);
    if (old !== undefined) this.order.splice(this.placeOf({ member, score: old }), 1);
    else this.version++;
    this.scores.set(member, score);
    this.order.splice(this.placeOf({ member, score }), 0, { member, score });
    if (member.length > limits.bytes || this.order.length > limits.entries) this.encoding = "skiplist";
  }

  delete(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.order.splice(this.placeOf({ member, score }), 1);
    this.scores.delete(member);
    this.version++;
    return true;
  }

  items(): readonly Scored[] {
    return this.order;
  }

  /** How many members, from the lowest, fulfil a condition that holds for a first part of them. */
  countWhile(holds: (item: Scored) => boolean): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.order[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes out the places from `start` up to, not with, `end`. */
  removeRange(start: number, end: number): Scored[] {
    const gone = this.order.splice(start, Math.max(0, end - start));
    for (const { member } of gone) this.scores.delete(member);
    this.version++;
    return gone;
  }

  clone(): SortedSetValue {
    const copy = SortedSetValue.of(this.order, { entries: Infinity, bytes: Infinity });
    copy.encoding = this.encoding;
    return copy;
  }

  private placeOf(item: Scored): number {
    return this.countWhile((other) => compareScored(other, item) < 0);
  }
}

export function compareScored(a: Scored, b: Scored): number {
  return a.score < b.score ? -1 : a.score > b.score ? 1 : compareBytes(a.member, b.member);
}
