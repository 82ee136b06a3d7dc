import { KernelError } from "../../base/errno.js";
import type { Output, Process } from "../../host/process.js";

/** Filters that pass on line by line what they read: a stream can go through them piece by piece. */
const LINE_FILTERS: ReadonlySet<string> = new Set([
  "grep",
  "egrep",
  "fgrep",
  "sed",
  "awk",
  "cut",
  "tr",
  "cat",
  "tee",
]);

/** A bar within quotes is no pipe. */
const QUOTED = /'[^']*'|"(?:[^"\\]|\\.)*"/g;

export interface JobStreams {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Files that the streams are redirected to; null for the terminal. */
  readonly outFile: string | null;
  readonly errFile: string | null;
}

/** What ran in the background (a job of bash). */
export class Job {
  /** Printed once more by `jobs` or the prompt after its end, then forgotten. */
  announced = false;
  private held = "";

  constructor(
    readonly number: number,
    readonly text: string,
    readonly process: Process,
    private readonly streams: JobStreams,
    /** The rest of the pipeline, through which standard output goes. */
    readonly filter: string | null,
  ) {}

  get running(): boolean {
    return this.process.exitCode === null;
  }

  /** `Running`, `Done`, `Exit 1`, `Terminated`: the words of `jobs`. */
  get state(): string {
    const code = this.process.exitCode;
    if (code === null) return "Running";
    if (code === 0) return "Done";
    return KILLED[code] ?? `Exit ${code}`;
  }

  /** What is to be shown now: new output, as far as redirection and filter allow. */
  async takeOutput(
    runFilter: (script: string, input: string) => Promise<{ stdout: string; stderr: string }>,
  ): Promise<{ stdout: string; stderr: string }> {
    let stdout = this.toFile(this.streams.outFile, this.streams.stdout.take());
    let stderr = this.toFile(this.streams.errFile, this.streams.stderr.take());
    if (this.filter !== null) {
      const input = this.wholeLines(stdout);
      stdout = "";
      if (input !== "") {
        const result = await runFilter(this.filter, input);
        stdout = result.stdout;
        stderr += result.stderr;
      }
    }
    return { stdout, stderr };
  }

  /** Lines that a line filter can take now; everything at the end for one that needs all (`sort`, `wc`). */
  private wholeLines(more: string): string {
    this.held += more;
    const bare = this.filter!.replace(QUOTED, "");
    const streams = bare.split("|").every((part) => LINE_FILTERS.has(part.trim().split(/\s+/)[0]!));
    if (this.running && !streams) return "";
    const end = this.running ? this.held.lastIndexOf("\n") + 1 : this.held.length;
    const input = this.held.slice(0, end);
    this.held = this.held.slice(end);
    return input;
  }

  private toFile(path: string | null, text: string): string {
    if (path === null || text === "") return text;
    try {
      this.process.files.append(path, text);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
    return "";
  }
}

const KILLED: Readonly<Record<number, string>> = {
  129: "Hangup",
  130: "Interrupt",
  131: "Quit",
  137: "Killed",
  143: "Terminated",
};

/** The jobs of one shell by number. */
export class JobTable {
  private readonly jobs: Job[] = [];

  get all(): readonly Job[] {
    return this.jobs;
  }

  add(text: string, process: Process, streams: JobStreams, filter: string | null): Job {
    const job = new Job((this.jobs.at(-1)?.number ?? 0) + 1, text, process, streams, filter);
    this.jobs.push(job);
    return job;
  }

  /** `%1`, `%%`, `%+`, `%-`, `%tcpdump`; null when there is none. */
  find(spec: string): Job | null {
    const name = spec.replace(/^%/, "");
    if (name === "" || name === "%" || name === "+") return this.jobs.at(-1) ?? null;
    if (name === "-") return this.jobs.at(-2) ?? this.jobs.at(-1) ?? null;
    if (/^\d+$/.test(name)) return this.jobs.find((job) => job.number === Number(name)) ?? null;
    return this.jobs.findLast((job) => job.text.startsWith(name)) ?? null;
  }

  byPid(pid: number): Job | null {
    return this.jobs.find((job) => job.process.pid === pid) ?? null;
  }

  remove(job: Job): void {
    const at = this.jobs.indexOf(job);
    if (at >= 0) this.jobs.splice(at, 1);
  }

  /** `[1]+  Running                 tcpdump -i docker0 -n &`. */
  line(job: Job): string {
    const mark = job === this.jobs.at(-1) ? "+" : job === this.jobs.at(-2) ? "-" : " ";
    return `[${job.number}]${mark}  ${job.state.padEnd(24)}${job.text}${job.running ? " &" : ""}\n`;
  }
}
