import type { Nanoseconds } from "../../base/units.js";
import { Output } from "../../host/process.js";
import type { Scheduler } from "../../sim/scheduler.js";
import { WaitQueue } from "../../sim/wait-queue.js";

/** One write of a container's first process (the json-file driver keeps lines; a line is one entry). */
export interface LogLine {
  readonly at: Nanoseconds;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What a container's first process has written, for `docker logs` and for who is attached. */
export class ContainerLog {
  readonly lines: LogLine[] = [];
  readonly grown: WaitQueue;
  private readonly partial = { stdout: "", stderr: "" };
  private readonly listeners = new Set<(stream: "stdout" | "stderr", text: string) => void>();

  constructor(private readonly scheduler: Scheduler) {
    this.grown = new WaitQueue(scheduler);
  }

  /** A stream of the first process. */
  output(stream: "stdout" | "stderr"): Output {
    return new Output((chunk) => this.write(stream, chunk));
  }

  /** Gets everything written from now on; the result ends it. */
  attach(listener: (stream: "stdout" | "stderr", text: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private write(stream: "stdout" | "stderr", chunk: string): void {
    for (const listener of this.listeners) listener(stream, chunk);
    const parts = (this.partial[stream] + chunk).split("\n");
    this.partial[stream] = parts.pop()!;
    for (const text of parts) this.lines.push({ at: this.scheduler.now, stream, text: `${text}\n` });
    this.grown.wakeAll();
  }

  /** An unfinished line counts when the process ends. */
  flush(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.partial[stream] !== "")
        this.lines.push({ at: this.scheduler.now, stream, text: this.partial[stream] });
      this.partial[stream] = "";
    }
    this.grown.wakeAll();
  }
}
