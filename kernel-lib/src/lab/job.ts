import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import type { Process } from "../host/process.js";
import type { Lab } from "./lab.js";
import type { Machine } from "./machine.js";

/** A command that goes on in the background. */
export class Job implements Displayable {
  /** @internal */
  constructor(
    private readonly lab: Lab,
    readonly machine: Machine,
    readonly number: number,
    readonly argv: readonly string[],
    private readonly process: Process,
  ) {}

  get running(): boolean {
    return this.process.exitCode === null;
  }

  /** What it has printed so far (standard output). */
  get text(): string {
    return this.process.stdout.written.replace(/\n$/, "");
  }

  get lines(): readonly string[] {
    return this.text === "" ? [] : this.text.split("\n");
  }

  /** What it has said on standard error: for a capture, the line that it listens and the counts at its end. */
  get messages(): string {
    return this.process.stderr.written;
  }

  /** Ends it as Ctrl-C does. */
  stop(): this {
    if (!this.running) return this;
    this.lab.journal.append({ kind: "stop", at: this.lab.now, job: this.number });
    this.end();
    return this;
  }

  /** Used by a replay: the journal knows of this end. @internal */
  end(): void {
    this.process.kill("SIGINT");
    this.lab.settle();
  }

  /** The file that a capture writes (`-w FILE`), as bytes: what `tcpdump -r` and Wireshark open. */
  get pcap(): Uint8Array {
    const at = this.argv.indexOf("-w");
    if (at < 0)
      throw new RangeError(
        `${this.argv.join(" ")} writes no capture file: start it with -w FILE, or with capture()`,
      );
    return this.machine.readBytes(this.argv[at + 1]!);
  }

  toString(): string {
    return this.text;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString() };
  }
}
