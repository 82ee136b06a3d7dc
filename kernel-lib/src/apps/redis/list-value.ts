import type { RedisValue } from "./value.js";

/** Free places at the front after it has grown. */
const HEADROOM = 16;

/** A list whose both ends are cheap: an array with free places at its front. */
export class ListValue implements RedisValue {
  readonly type = "list";
  readonly encoding = "quicklist";
  private items: (string | undefined)[];
  private head: number;

  constructor(items: readonly string[] = []) {
    this.items = [...items];
    this.head = 0;
  }

  get length(): number {
    return this.items.length - this.head;
  }

  /** From 0; negative from the end. */
  at(index: number): string | undefined {
    const place = this.place(index);
    return place === null ? undefined : this.items[place];
  }

  /** False if there is no such place. */
  replace(index: number, item: string): boolean {
    const place = this.place(index);
    if (place === null) return false;
    this.items[place] = item;
    return true;
  }

  pushLeft(item: string): void {
    if (this.head === 0) {
      const room = Math.max(HEADROOM, this.items.length);
      this.items = [...new Array<undefined>(room).fill(undefined), ...this.items];
      this.head = room;
    }
    this.items[--this.head] = item;
  }

  pushRight(item: string): void {
    this.items.push(item);
  }

  popLeft(): string | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head > HEADROOM && this.head * 2 > this.items.length) this.assign(this.toArray());
    return item;
  }

  popRight(): string | undefined {
    return this.length === 0 ? undefined : this.items.pop();
  }

  /** Items from `start` up to, not with, `end`. */
  slice(start: number, end: number): string[] {
    return this.items.slice(this.head + start, this.head + end) as string[];
  }

  toArray(): string[] {
    return this.slice(0, this.length);
  }

  /** Takes these items instead of those it has. */
  assign(items: readonly string[]): void {
    this.items = [...items];
    this.head = 0;
  }

  insert(index: number, item: string): void {
    this.items.splice(this.head + index, 0, item);
  }

  clone(): ListValue {
    return new ListValue(this.toArray());
  }

  private place(index: number): number | null {
    const from = index < 0 ? this.length + index : index;
    return from < 0 || from >= this.length ? null : this.head + from;
  }
}
