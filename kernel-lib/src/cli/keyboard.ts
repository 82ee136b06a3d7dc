import { type Completer, createInterface, type Interface } from "node:readline";

/** What a person did: typed a line, pressed Ctrl-C, or pressed Ctrl-D. */
export type Typed =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end" };

/** A terminal's keyboard with line editing and history. What is typed while nobody asks is kept, in its order. */
export class Keyboard {
  private reader: Interface;
  private history: string[] = [];
  private readonly waiting: Typed[] = [];
  private wake: (() => void) | null = null;

  constructor(private readonly completer: Completer) {
    this.reader = this.open();
  }

  /** Shows a prompt, and gives the next line or key. After Ctrl-D the keyboard goes on, for the shell outside. */
  async read(prompt: string): Promise<Typed> {
    this.reader.setPrompt(prompt);
    this.reader.prompt();
    await this.arrival(null);
    const typed = this.waiting.shift()!;
    if (typed.kind === "end") this.reader = this.open();
    return typed;
  }

  /** True when Ctrl-C is pressed before so many milliseconds (of wall-clock time) are over. */
  async interruptedWithin(milliseconds: number): Promise<boolean> {
    const pressed = () => this.waiting.findIndex(({ kind }) => kind === "interrupt");
    if (pressed() < 0) await this.arrival(milliseconds);
    const at = pressed();
    if (at < 0) return false;
    this.waiting.splice(0, at + 1);
    return true;
  }

  close(): void {
    this.reader.close();
  }

  /** Resolves when something has been typed; with a limit, then or at the limit. */
  private arrival(limit: number | null): Promise<void> {
    if (limit === null && this.waiting.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = limit === null ? undefined : setTimeout(() => this.wake?.(), limit);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }

  private push(typed: Typed): void {
    this.waiting.push(typed);
    this.wake?.();
  }

  private open(): Interface {
    const reader = createInterface({
      input: process.stdin,
      output: process.stdout,
      completer: this.completer,
      history: this.history,
      historySize: 1000,
    });
    reader.on("history", (entries: string[]) => {
      this.history = [...entries];
    });
    reader.on("line", (text) => this.push({ kind: "line", text }));
    reader.on("SIGINT", () => {
      Object.assign(reader, { line: "", cursor: 0 });
      this.push({ kind: "interrupt" });
    });
    reader.on("close", () => this.push({ kind: "end" }));
    return reader;
  }
}
