import { readInteger } from "./numbers.js";
import type { RedisValue } from "./value.js";

/** A set: of integers only and small, in the order of their values (intset); otherwise in the order in which they came. Divergence: Redis' hashtable has an order by chance. */
export class SetValue implements RedisValue {
  readonly type = "set";
  encoding: "intset" | "hashtable" = "intset";
  version = 0;
  private readonly items = new Set<string>();
  private sorted: readonly string[] | null = null;

  static of(members: Iterable<string>, intsetLimit: number): SetValue {
    const set = new SetValue();
    for (const member of members) set.add(member, intsetLimit);
    return set;
  }

  get size(): number {
    return this.items.size;
  }

  has(member: string): boolean {
    return this.items.has(member);
  }

  /** True if the member is new. */
  add(member: string, intsetLimit: number): boolean {
    if (this.items.has(member)) return false;
    this.items.add(member);
    this.touched();
    const large = this.items.size > intsetLimit;
    if (this.encoding === "intset" && (large || readInteger(member) === null)) this.encoding = "hashtable";
    return true;
  }

  delete(member: string): boolean {
    if (!this.items.delete(member)) return false;
    this.touched();
    return true;
  }

  members(): readonly string[] {
    if (this.sorted === null) {
      this.sorted = [...this.items];
      if (this.encoding === "intset") {
        this.sorted = this.sorted
          .map((member) => ({ member, value: BigInt(member) }))
          .sort((a, b) => (a.value < b.value ? -1 : 1))
          .map(({ member }) => member);
      }
    }
    return this.sorted;
  }

  clone(): SetValue {
    const copy = new SetValue();
    copy.encoding = this.encoding;
    for (const member of this.items) copy.items.add(member);
    return copy;
  }

  private touched(): void {
    this.sorted = null;
    this.version++;
  }
}
