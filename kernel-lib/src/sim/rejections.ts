type Listener = (reason: unknown, promise: Promise<unknown>) => void;

/** Node's process, as far as it tells of rejected promises; in a browser the global object does. */
interface Ambient {
  readonly process?: {
    listeners?(event: string): Listener[];
    on?(event: string, listener: Listener): unknown;
    removeListener?(event: string, listener: Listener): unknown;
    removeAllListeners?(event: string): unknown;
  };
  addEventListener?(event: string, listener: (event: RejectionEvent) => void): void;
  removeEventListener?(event: string, listener: (event: RejectionEvent) => void): void;
}

interface RejectionEvent {
  readonly reason: unknown;
  readonly promise: Promise<unknown>;
  preventDefault(): void;
  stopImmediatePropagation(): void;
}

const EVENT = "unhandledRejection";

/**
 * Hands rejected promises that nobody handles to `listener` until the returned function is called; no other listener hears of them meanwhile. Promises of a lab's
 * programs are JavaScript's own, and only JavaScript's host says which of them were left.
 */
export function listenForRejections(listener: Listener): () => void {
  const ambient = globalThis as unknown as Ambient;
  const { process } = ambient;
  if (process?.listeners !== undefined && process.on !== undefined) {
    const others = process.listeners(EVENT);
    process.removeAllListeners?.(EVENT);
    process.on(EVENT, listener);
    return () => {
      process.removeListener?.(EVENT, listener);
      for (const other of others) process.on?.(EVENT, other);
    };
  }
  const hear = (event: RejectionEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    listener(event.reason, event.promise);
  };
  ambient.addEventListener?.("unhandledrejection", hear);
  return () => ambient.removeEventListener?.("unhandledrejection", hear);
}
