import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "./random.js";
import { Scheduler } from "./scheduler.js";
import { WaitQueue } from "./wait-queue.js";

describe("the scheduler", () => {
  it("runs events in the order of time, and of scheduling within one time", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (delays) => {
        const scheduler = new Scheduler();
        const seen: [number, number][] = [];
        delays.forEach((delay, i) => {
          scheduler.after(delay, () => seen.push([scheduler.now, i]));
        });
        while (scheduler.step());
        const expected = delays
          .map((delay, i) => [delay, i] as const)
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(seen).toEqual(expected);
        expect(scheduler.pending).toBe(0);
      }),
    );
  });

  it("never runs a cancelled event, and an old id cancels nothing new", () => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    const first = scheduler.after(1, () => seen.push("first"));
    scheduler.cancel(first);
    const second = scheduler.after(1, () => seen.push("second"));
    scheduler.cancel(first);
    expect(scheduler.pending).toBe(1);
    while (scheduler.step());
    scheduler.cancel(second);
    expect(seen).toEqual(["second"]);
    expect(scheduler.pending).toBe(0);
  });

  it("sets the clock to the end of a run, and never back", () => {
    const scheduler = new Scheduler();
    let late = false;
    scheduler.after(50, () => {
      late = true;
    });
    scheduler.runUntil(20);
    expect([scheduler.now, late]).toEqual([20, false]);
    scheduler.runFor(40);
    expect([scheduler.now, late]).toEqual([60, true]);
    scheduler.at(5, () => expect(scheduler.now).toBe(60));
    scheduler.step();
    expect(scheduler.now).toBe(60);
  });

  it("hands over both arguments", () => {
    const scheduler = new Scheduler();
    const seen: unknown[] = [];
    scheduler.after(0, (a, b) => seen.push(a, b), "a", 2);
    scheduler.step();
    expect(seen).toEqual(["a", 2]);
  });
});

describe("a wait queue", () => {
  it("wakes each waiter once, in order, as an event of its own", () => {
    const scheduler = new Scheduler();
    const queue = new WaitQueue(scheduler);
    const seen: string[] = [];
    queue.add(() => seen.push("a"));
    const leave = queue.add(() => seen.push("gone"));
    queue.add(() => seen.push("b"));
    leave();
    queue.wakeAll();
    queue.wakeAll();
    expect(seen).toEqual([]);
    while (scheduler.step());
    expect(seen).toEqual(["a", "b"]);
    expect(queue.empty).toBe(true);
  });
});

describe("chance", () => {
  it("gives the same numbers for the same seed and label, and others for other ones", () => {
    const draw = (seed: number, label: string) =>
      Array.from(
        { length: 4 },
        (
          (r) => () =>
            r.uint32()
        )(new Random(seed).fork(label)),
      );
    expect(draw(7, "mac")).toEqual(draw(7, "mac"));
    expect(draw(7, "mac")).not.toEqual(draw(7, "port"));
    expect(draw(7, "mac")).not.toEqual(draw(8, "mac"));
  });

  it("is even enough: each of 16 classes of 160,000 draws within 4 %", () => {
    const random = new Random(1);
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 160_000; i++) counts[random.between(0, 15)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
