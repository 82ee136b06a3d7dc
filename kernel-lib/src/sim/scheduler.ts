import type { Nanoseconds } from "../base/units.js";

/** What an event calls: two arguments travel with it, so that the hot path makes no closures. */
export type Action = (a: unknown, b: unknown) => void;

/** Names one scheduled event; a spent or cancelled id is harmless. */
export type TimerId = number;

export const NO_TIMER: TimerId = -1;

/**
 * The virtual clock and its queue of events: a binary heap in parallel arrays. Events of the same nanosecond run in the order in
 * which they were scheduled, so a run is a function of the seed alone. Nothing here looks at the wall clock.
 */
export class Scheduler {
  /** Virtual time since the lab was built. */
  now: Nanoseconds = 0;
  /** Events run so far; the bench divides by it. */
  eventsRun = 0;

  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly slots: number[] = [];
  private readonly actions: (Action | null)[] = [];
  private readonly firsts: unknown[] = [];
  private readonly seconds: unknown[] = [];
  private readonly generations: number[] = [];
  private readonly free: number[] = [];
  private nextOrder = 0;
  private cancelled = 0;

  /** Runs `action(a, b)` after `delay` (at once after what is already due when 0; a negative delay is a bug). */
  after(delay: Nanoseconds, action: Action, a?: unknown, b?: unknown): TimerId {
    return this.at(this.now + delay, action, a, b);
  }

  /** Runs `action(a, b)` at virtual time `time`; a time that has passed counts as now. */
  at(time: Nanoseconds, action: Action, a?: unknown, b?: unknown): TimerId {
    let slot = this.free.pop();
    if (slot === undefined) {
      slot = this.actions.length;
      this.generations.push(0);
    }
    this.actions[slot] = action;
    this.firsts[slot] = a;
    this.seconds[slot] = b;
    this.push(time < this.now ? this.now : time, slot);
    return slot + this.generations[slot]! * SLOT_LIMIT;
  }

  cancel(id: TimerId): void {
    if (id < 0) return;
    const slot = id % SLOT_LIMIT;
    if (this.generations[slot] !== Math.floor(id / SLOT_LIMIT) || this.actions[slot] === null) return;
    this.actions[slot] = null;
    this.firsts[slot] = undefined;
    this.seconds[slot] = undefined;
    this.cancelled++;
  }

  /** Number of events still to come. */
  get pending(): number {
    return this.times.length - this.cancelled;
  }

  /** Time of the next event, or null when nothing is pending. */
  nextAt(): Nanoseconds | null {
    this.dropCancelled();
    return this.times.length === 0 ? null : this.times[0]!;
  }

  /** Runs the next event. False when there is none. */
  step(): boolean {
    this.dropCancelled();
    if (this.times.length === 0) return false;
    this.takeFirst();
    return true;
  }

  /** Runs all events up to and including `time`, then sets the clock to it. */
  runUntil(time: Nanoseconds): void {
    const { times } = this;
    while (times.length > 0 && times[0]! <= time) this.takeFirst();
    if (time > this.now) this.now = time;
  }

  runFor(duration: Nanoseconds): void {
    this.runUntil(this.now + duration);
  }

  /** Takes the first event off the queue and runs it, unless it was cancelled. */
  private takeFirst(): void {
    const time = this.times[0]!;
    const slot = this.slots[0]!;
    this.pop();
    const action = this.actions[slot] ?? null;
    const a = this.firsts[slot];
    const b = this.seconds[slot];
    this.release(slot);
    if (action === null) {
      this.cancelled--;
      return;
    }
    this.now = time;
    this.eventsRun++;
    action(a, b);
  }

  private dropCancelled(): void {
    while (this.times.length > 0 && this.actions[this.slots[0]!] === null) {
      const slot = this.slots[0]!;
      this.pop();
      this.release(slot);
      this.cancelled--;
    }
  }

  private release(slot: number): void {
    this.actions[slot] = null;
    this.firsts[slot] = undefined;
    this.seconds[slot] = undefined;
    this.generations[slot] = (this.generations[slot]! + 1) % GENERATION_LIMIT;
    this.free.push(slot);
  }

  private push(time: number, slot: number): void {
    const { times, orders, slots } = this;
    const order = this.nextOrder++;
    let i = times.length;
    times.push(time);
    orders.push(order);
    slots.push(slot);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const parentTime = times[parent]!;
      if (parentTime <= time) break;
      times[i] = parentTime;
      orders[i] = orders[parent]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    times[i] = time;
    orders[i] = order;
    slots[i] = slot;
  }

  private pop(): void {
    const { times, orders, slots } = this;
    const time = times.pop()!;
    const order = orders.pop()!;
    const slot = slots.pop()!;
    const length = times.length;
    if (length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && before(times, orders, right, times[child]!, orders[child]!)) child = right;
      if (!before(times, orders, child, time, order)) break;
      times[i] = times[child]!;
      orders[i] = orders[child]!;
      slots[i] = slots[child]!;
      i = child;
    }
    times[i] = time;
    orders[i] = order;
    slots[i] = slot;
  }
}

const SLOT_LIMIT = 2 ** 24;
const GENERATION_LIMIT = 2 ** 28;

function before(times: number[], orders: number[], i: number, time: number, order: number): boolean {
  const at = times[i]!;
  return at < time || (at === time && orders[i]! < order);
}
