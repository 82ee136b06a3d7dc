import { type DisplayOptions, type MimeBundle, setDisplaySink } from "../../base/display.js";
import { wireBundle } from "../../jupyter/mime.js";
import type { Print } from "./cell-console.js";

/** Text is sent when it has this many characters, when nothing was sent for this many milliseconds, or when the cell ends. */
const CHUNK_CHARS = 65_536;
const CHUNK_MS = 100;

/** What a cell prints and displays, in order, in the words of Jupyter's messages. */
export class CellOutput {
  private name: "stdout" | "stderr" = "stdout";
  private text = "";
  private sentAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly publish: (type: string, content: Record<string, unknown>) => void) {}

  readonly print: Print = (name, text) => {
    if (name !== this.name) this.flush();
    this.name = name;
    this.text += text;
    if (this.text.length > CHUNK_CHARS || performance.now() - this.sentAt > CHUNK_MS) this.flush();
  };

  flush(): void {
    if (this.text === "") return;
    const content = { name: this.name, text: this.text };
    this.text = "";
    this.sentAt = performance.now();
    this.publish("stream", content);
  }

  send(type: string, content: Record<string, unknown>): void {
    this.flush();
    this.publish(type, content);
  }

  /** Takes the library's displays. */
  attach(): void {
    setDisplaySink((bundle: MimeBundle, options: DisplayOptions) => {
      const type = options.update ? "update_display_data" : "display_data";
      const transient = options.id === undefined ? {} : { display_id: options.id };
      this.send(type, { data: wireBundle(bundle), metadata: {}, transient });
    });
  }
}
