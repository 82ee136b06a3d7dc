import { type DisplayOptions, type MimeBundle, setDisplaySink } from "../base/display.js";
import type { Content } from "./message.js";
import { wireBundle } from "./mime.js";
import { OwnTask } from "./user-code.js";

/**
 * Stream text is sent when it has this many characters, when nothing was sent for this many milliseconds (so the first line of a
 * long computation is seen at once), or when the cell yields.
 */
const CHUNK_CHARS = 65_536;
const CHUNK_MS = 100;

type StreamName = "stdout" | "stderr";

/**
 * What a cell prints and displays, in order. Text of one stream is gathered and sent once per turn of the event loop: 20,000
 * lines are a few dozen messages.
 */
export class CellOutput {
  #name: StreamName = "stdout";
  #text = "";
  #sentAt = 0;
  #scheduled = false;
  readonly #task = new OwnTask();
  /** True while a silent request runs: nothing is published. */
  muted = false;

  constructor(readonly publish: (type: string, content: Content) => void) {}

  write(name: StreamName, text: string): void {
    if (this.muted || text === "") return;
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#text += text;
    if (this.#text.length > CHUNK_CHARS || performance.now() - this.#sentAt > CHUNK_MS) this.flush();
    else this.#schedule();
  }

  /** Sends the text gathered so far; to be called before anything that must come after it. */
  flush(): void {
    this.#scheduled = false;
    if (this.#text === "") return;
    const content = { name: this.#name, text: this.#text };
    this.#text = "";
    this.#sentAt = performance.now();
    this.publish("stream", content);
  }

  /** Begins a cell: its first line will be sent at once. */
  begin(muted: boolean): void {
    this.flush();
    this.muted = muted;
    this.#sentAt = Number.NEGATIVE_INFINITY;
  }

  /** Sends one message behind the text gathered so far. */
  send(type: string, content: Content): void {
    if (this.muted) return;
    this.flush();
    this.publish(type, content);
  }

  display(bundle: MimeBundle, options: DisplayOptions): void {
    const type = options.update ? "update_display_data" : "display_data";
    const transient = options.id === undefined ? {} : { display_id: options.id };
    this.send(type, { data: wireBundle(bundle), metadata: {}, transient });
  }

  /** Takes over the process's standard streams and the library's displays. */
  attach(): void {
    for (const name of ["stdout", "stderr"] as const) {
      process[name].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
        const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
        this.write(name, text);
        const callback = typeof encoding === "function" ? encoding : done;
        if (typeof callback === "function") queueMicrotask(() => callback());
        return true;
      }) as typeof process.stdout.write;
    }
    setDisplaySink((bundle, options) => this.display(bundle, options));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#task.start(() => this.flush());
  }
}
