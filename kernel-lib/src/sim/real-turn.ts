/** What JavaScript's own loop offers for "after all promises that are ready": Node's, and a channel everywhere else. */
interface Ambient {
  readonly setImmediate?: (action: () => void) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null };
    readonly port2: { postMessage(value: null): void };
  };
}

let turns: ((action: () => void) => void) | null = null;

/**
 * Calls `action` when everything that is a ready promise now, and what those make ready in turn, has run: one turn of JavaScript's own task queue. It says
 * nothing about time. The only place below the programs that uses that queue.
 */
export function afterPromises(action: () => void): void {
  turns ??= turnsOf(globalThis as unknown as Ambient);
  turns(action);
}

function turnsOf(ambient: Ambient): (action: () => void) => void {
  const immediate = ambient["setImmediate"];
  if (immediate !== undefined) return (action) => immediate(action);
  if (ambient.MessageChannel === undefined)
    throw new Error("no task queue: Node programs need Node or a browser");
  const { port1, port2 } = new ambient.MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (action) => {
    waiting.push(action);
    port2.postMessage(null);
  };
}
