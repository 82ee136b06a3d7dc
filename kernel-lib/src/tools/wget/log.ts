import type { Process } from "../../host/process.js";

/** wget's messages (log.c): `verbose` ones go with -nv, all go with -q. */
export class WgetLog {
  constructor(
    private readonly process: Process,
    private readonly verbosity: "quiet" | "short" | "verbose",
  ) {}

  get isVerbose(): boolean {
    return this.verbosity === "verbose";
  }

  verbose(text: string): void {
    if (this.verbosity === "verbose") this.process.stderr.write(text);
  }

  notQuiet(text: string): void {
    if (this.verbosity !== "quiet") this.process.stderr.write(text);
  }

  always(text: string): void {
    this.process.stderr.write(text);
  }

  /** `2026-11-21 07:20:02`, in UTC as machines here keep time. */
  get time(): string {
    const date = new Date(Math.floor(this.process.host.unixTime()) * 1000).toISOString();
    return `${date.slice(0, 10)} ${date.slice(11, 19)}`;
  }
}
