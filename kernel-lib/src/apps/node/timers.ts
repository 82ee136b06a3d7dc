import { ms, us } from "../../base/units.js";
import { argumentType } from "./errors.js";
import type { EventLoop } from "./loop.js";

/** Longest delay of a timer; longer ones count as 1 ms (TIMEOUT_MAX). */
const LONGEST = 2 ** 31 - 1;
/** One round of the loop: what stands between two immediates. */
const ROUND = us(1);

type Callback = (...args: unknown[]) => void;

/** The timer functions of one process. */
export interface TimerFunctions {
  readonly setTimeout: (callback: Callback, delay?: number, ...args: unknown[]) => Timeout;
  readonly setInterval: (callback: Callback, delay?: number, ...args: unknown[]) => Timeout;
  readonly setImmediate: (callback: Callback, ...args: unknown[]) => Immediate;
  readonly clearTimeout: (timer?: unknown) => void;
  readonly clearInterval: (timer?: unknown) => void;
  readonly clearImmediate: (immediate?: unknown) => void;
}

export function timerFunctions(loop: EventLoop): TimerFunctions {
  const byId = new Map<number, Timeout>();
  let nextId = 1;
  const start = (callback: Callback, delay: unknown, args: unknown[], repeats: boolean): Timeout => {
    checkCallback(callback);
    const wanted = Number(delay);
    const id = nextId++;
    const length = wanted >= 1 && wanted <= LONGEST ? Math.trunc(wanted) : 1;
    const timer: Timeout = new Timeout(loop, length, repeats, {
      call: () => callback.apply(timer, args),
      number: () => {
        byId.set(id, timer);
        return id;
      },
    });
    return timer;
  };
  const clear = (timer: unknown) => {
    if (timer instanceof Timeout) timer.close();
    else if (typeof timer === "number" || typeof timer === "string") byId.get(Number(timer))?.close();
  };
  return {
    setTimeout: (callback, delay, ...args) => start(callback, delay, args, false),
    setInterval: (callback, delay, ...args) => start(callback, delay, args, true),
    setImmediate: (callback, ...args) => {
      checkCallback(callback);
      return new Immediate(loop, () => callback(...args));
    },
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: (immediate) => {
      if (immediate instanceof Immediate) immediate.close();
    },
  };
}

function checkCallback(callback: unknown): void {
  if (typeof callback !== "function") throw argumentType("callback", "function", callback);
}

/** What `setTimeout` and `setInterval` give. */
export class Timeout {
  private cancel: (() => void) | null = null;
  private release: (() => void) | null = null;
  private referenced = true;
  private closed = false;

  constructor(
    private readonly loop: EventLoop,
    private readonly delay: number,
    private readonly repeats: boolean,
    /** What is called, and the number that stands for the timer where one is asked for. */
    private readonly made: { readonly call: () => void; readonly number: () => number },
  ) {
    this.start();
  }

  ref(): this {
    this.referenced = true;
    if (this.cancel !== null) this.release ??= this.hold();
    return this;
  }

  unref(): this {
    this.referenced = false;
    this.letGo();
    return this;
  }

  hasRef(): boolean {
    return this.referenced;
  }

  refresh(): this {
    this.cancel?.();
    this.start();
    return this;
  }

  close(): this {
    this.closed = true;
    this.cancel?.();
    this.cancel = null;
    this.letGo();
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.made.number();
  }

  private start(): void {
    if (this.referenced) this.release ??= this.hold();
    this.cancel = this.loop.after(ms(this.delay), () => {
      this.cancel = null;
      if (!this.repeats) this.letGo();
      try {
        this.made.call();
      } finally {
        if (this.repeats && !this.closed && this.cancel === null) this.start();
      }
    });
  }

  /** An interval waits for nothing of its own: only another command ends it. */
  private hold(): () => void {
    return this.loop.hold(this.repeats ? "others" : "work");
  }

  private letGo(): void {
    this.release?.();
    this.release = null;
  }
}

/** What `setImmediate` gives. */
export class Immediate {
  private cancel: () => void;
  private release: (() => void) | null;

  constructor(
    private readonly loop: EventLoop,
    callback: () => void,
  ) {
    this.release = loop.hold("work");
    this.cancel = loop.after(ROUND, () => {
      this.unref();
      callback();
    });
  }

  ref(): this {
    this.release ??= this.loop.hold("work");
    return this;
  }

  unref(): this {
    this.release?.();
    this.release = null;
    return this;
  }

  hasRef(): boolean {
    return this.release !== null;
  }

  close(): void {
    this.cancel();
    this.unref();
  }
}
