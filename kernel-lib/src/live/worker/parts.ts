import type { FromWorker, PartReply } from "../messages.js";
import type { WorkerScope } from "./eval-by-blob.js";

interface Waiting {
  readonly resolve: (made: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The name under which a part's script leaves its module. */
const MADE = "hopbookMadePart";

/** Parts of the library that come when they are first needed: the shell's language, and what Node programs run. */
export class Parts {
  private readonly known = new Map<string, Promise<unknown>>();
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly worker: WorkerScope,
    private readonly post: (message: FromWorker) => void,
  ) {}

  /** The part's module, asked of the page once. */
  readonly get = (name: string): Promise<unknown> => {
    const known = this.known.get(name);
    if (known) return known;
    const asked = new Promise((resolve, reject) => this.waiting.set(name, { resolve, reject }));
    this.known.set(name, asked);
    this.post({ kind: "needs", name });
    return asked;
  };

  take(reply: PartReply): void {
    const waiting = this.waiting.get(reply.name);
    if ("error" in reply) {
      this.known.delete(reply.name);
      waiting?.reject(new Error(reply.error));
    } else waiting?.resolve(this.load(reply.script));
    this.waiting.delete(reply.name);
  }

  private load(script: unknown): unknown {
    const address = this.worker.URL.createObjectURL(script);
    try {
      this.worker.importScripts(address);
    } finally {
      this.worker.URL.revokeObjectURL(address);
    }
    return (this.worker as unknown as Record<string, unknown>)[MADE];
  }
}
