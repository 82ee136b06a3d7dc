import type { Content } from "./message.js";

/**
 * The kernel is two threads. The sockets' thread owns ZeroMQ, answers the heartbeat and can stop the main thread; the main
 * thread compiles and runs cells. So a cell that never ends blocks neither the heartbeat, nor the control channel, nor
 * the output that it printed. These are the messages and the shared flags between the two.
 */

export type ToMain =
  | { readonly kind: "request"; readonly serial: number; readonly type: string; readonly content: Content }
  | { readonly kind: "interrupt" }
  | { readonly kind: "shutdown" };

export type ToSockets =
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

/** Flags that both threads see at once, even while the main thread is in a loop. */
export class SharedFlags {
  readonly #slots: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(16)) {
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
}
