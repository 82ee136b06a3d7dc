import type { Content } from "./message.js";

/**
 * The kernel is two threads. The sockets' thread owns ZeroMQ, answers the heartbeat and can stop the main thread; the main
 * thread compiles and runs cells. So a cell that never ends blocks neither the heartbeat, nor the control channel, nor
 * the output that it printed. These are the messages and the shared flags between the two.
 */

export type ToMain =
  | { readonly kind: "request"; readonly serial: number; readonly type: string; readonly content: Content }
  | { readonly kind: "interrupt" }
  | { readonly kind: "awake?" }
  | { readonly kind: "shutdown" };

export type ToSockets =
  | { readonly kind: "close" }
  | { readonly kind: "publish"; readonly type: string; readonly content: Content }
  | { readonly kind: "reply"; readonly serial: number; readonly content: Content };

/** What the main thread is at; the sockets' thread may break off only {@link Phase.Idle} and {@link Phase.Running}. */
export const Phase = { Idle: 0, Compiling: 1, Running: 2 } as const;
export type PhaseValue = (typeof Phase)[keyof typeof Phase];

/** Slots of the shared Int32Array. */
const PHASE = 0;
const WANTED = 1;
const SEEN = 2;
const HAS_SIGNAL = 3;
const TAKEN = 4;
const CLOSED = 5;
const AWAKE = 6;

/** Flags that both threads see at once, even while the main thread is in a loop. */
export class SharedFlags {
  readonly #slots: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(32)) {
    this.#slots = new Int32Array(buffer);
  }

  get phase(): PhaseValue {
    return Atomics.load(this.#slots, PHASE) as PhaseValue;
  }

  set phase(value: PhaseValue) {
    Atomics.store(this.#slots, PHASE, value);
  }

  /** Notes one more wish to interrupt. */
  wantInterrupt(): void {
    Atomics.add(this.#slots, WANTED, 1);
  }

  /** True while a wish to interrupt was not yet seen by the main thread. */
  get interruptPending(): boolean {
    return Atomics.load(this.#slots, WANTED) !== Atomics.load(this.#slots, SEEN);
  }

  /** The main thread has acted on every wish so far. */
  interruptSeen(): void {
    Atomics.store(this.#slots, SEEN, Atomics.load(this.#slots, WANTED));
  }

  /** True when the sockets' thread listens for SIGINT itself; null until it has tried. */
  get threadTakesSignal(): boolean | null {
    const value = Atomics.load(this.#slots, HAS_SIGNAL);
    return value === 0 ? null : value === 1;
  }

  set threadTakesSignal(value: boolean | null) {
    Atomics.store(this.#slots, HAS_SIGNAL, value ? 1 : 2);
  }

  /** The serial number of the last request that the main thread has taken up. */
  get taken(): number {
    return Atomics.load(this.#slots, TAKEN);
  }

  set taken(serial: number) {
    Atomics.store(this.#slots, TAKEN, serial);
  }

  /** The sockets are closed; wakes {@link waitForClosed}. */
  closed(): void {
    Atomics.store(this.#slots, CLOSED, 1);
    Atomics.notify(this.#slots, CLOSED);
  }

  /** Blocks the main thread until the sockets are closed, at most so many milliseconds. */
  waitForClosed(ms: number): void {
    Atomics.wait(this.#slots, CLOSED, 0, ms);
  }

  /** Whether the main thread has answered since {@link askIfAwake}. */
  get awake(): boolean {
    return Atomics.load(this.#slots, AWAKE) === 1;
  }

  askIfAwake(): void {
    Atomics.store(this.#slots, AWAKE, 0);
  }

  answerAwake(): void {
    Atomics.store(this.#slots, AWAKE, 1);
  }
}
