import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { stdioFor } from "./descriptors.js";
import type { Limits } from "./limits.js";
import { treeUsage } from "./process-tree.js";
import { CHANNEL, type StartPlan, type Wall } from "./wall.js";

/** How a program in the sandbox ended. `death`: with a status or by a signal of its own. */
export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "limit"; readonly limit: "cpu" | "wall" | "memory" | "output" }
  | { readonly kind: "death"; readonly why: string };

export interface ProgramRun {
  readonly ending: Ending;
  /** The lines that it told, whole ones only. */
  readonly lines: readonly string[];
}

/** How often it is looked at, in milliseconds. */
const LOOK_MS = 50;
/** How long after its end what it told may still come, in milliseconds. */
const LET_GO_MS = 1_000;

/** Runs a program behind a wall, gives it its input, and collects what it tells, until it ends or reaches a limit. Rejects only when the signal says so. */
export async function runProgram(
  wall: Wall,
  program: string,
  input: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<ProgramRun> {
  signal?.throwIfAborted();
  const plan = wall.plan(program, limits);
  try {
    return await new Execution(plan, input, limits).outcome(signal);
  } finally {
    plan.dispose();
  }
}

class Execution {
  private readonly child: ChildProcess;
  private readonly chunks: Buffer[] = [];
  private told = 0;
  private errors = "";
  private limit: Extract<Ending, { kind: "limit" }>["limit"] | null = null;

  constructor(
    private readonly plan: StartPlan,
    input: string,
    private readonly limits: Limits,
  ) {
    const { stdio, close } = stdioFor(plan.descriptors);
    const as = plan.user === undefined ? {} : { uid: plan.user, gid: plan.user };
    try {
      this.child = spawn(plan.file, plan.args, { stdio, env: {}, cwd: "/", detached: true, ...as });
    } finally {
      close();
    }
    const { stdin, stdout, stderr } = this.child;
    stdin?.on("error", () => undefined);
    stdin?.end(input);
    // What is written there by a way around the runner is nobody's answer, but counts.
    stdout?.on("data", (chunk: Buffer) => this.count(chunk));
    stderr?.on("data", (chunk: Buffer) => {
      this.count(chunk);
      this.errors = (this.errors + chunk.toString()).slice(-2_000);
    });
    const channel = this.child.stdio[CHANNEL] as Readable | null;
    channel?.on("data", (chunk: Buffer) => {
      if (this.count(chunk)) this.chunks.push(chunk);
    });
  }

  /** False when it was too much. */
  private count(chunk: Buffer): boolean {
    this.told += chunk.length;
    if (this.told <= this.limits.outputBytes) return true;
    this.stop("output");
    return false;
  }

  private stop(limit: NonNullable<typeof this.limit>): void {
    this.limit ??= limit;
    this.kill();
  }

  /** The whole group: what bubblewrap started dies with it. */
  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      this.child.kill("SIGKILL");
    }
  }

  private letGo(): void {
    for (const stream of this.child.stdio) stream?.destroy();
  }

  private look(): void {
    const { pid } = this.child;
    const usage = pid === undefined ? null : treeUsage(pid);
    if (usage === null) return;
    if (usage.memoryBytes > this.limits.memoryBytes) this.stop("memory");
    else if (usage.cpuSeconds > this.limits.cpuSeconds) this.stop("cpu");
  }

  outcome(signal?: AbortSignal): Promise<ProgramRun> {
    const { child, limits } = this;
    return new Promise((resolve, reject) => {
      const watch = setInterval(() => this.look(), LOOK_MS);
      const wall = setTimeout(() => this.stop("wall"), limits.wallSeconds * 1_000);
      const abort = () => this.kill();
      signal?.addEventListener("abort", abort);
      let failure: Error | null = null;
      child.on("error", (error) => {
        failure = error;
        if (child.pid === undefined) child.emit("close", null, null);
      });
      // A process that it has left behind would hold the pipes open.
      child.on("exit", () => {
        this.kill();
        setTimeout(() => this.letGo(), LET_GO_MS).unref();
      });
      child.on("close", (code: number | null, by: NodeJS.Signals | null) => {
        clearInterval(watch);
        clearTimeout(wall);
        signal?.removeEventListener("abort", abort);
        if (signal?.aborted) reject(signal.reason);
        else resolve({ ending: this.ending(code, by, failure), lines: this.lines() });
      });
    });
  }

  private ending(code: number | null, by: NodeJS.Signals | null, failure: Error | null): Ending {
    if (this.limit !== null) return { kind: "limit", limit: this.limit };
    if (code === 0) return { kind: "done" };
    // bubblewrap gives a signal's number on as 128 and more, as a shell does.
    const number = code !== null && code > 128 ? code - 128 : by;
    if (number === 24 || number === "SIGXCPU") return { kind: "limit", limit: "cpu" };
    if (
      this.plan.usage?.().outOfMemory === true ||
      /out of memory|bad_alloc|Array buffer allocation failed/.test(this.errors)
    )
      return { kind: "limit", limit: "memory" };
    const how = failure !== null ? failure.message : by !== null ? `by ${by}` : `with status ${code}`;
    const said = this.errors.trim().split("\n").at(-1) ?? "";
    return { kind: "death", why: said === "" ? how : `${how}: ${said}` };
  }

  private lines(): string[] {
    return Buffer.concat(this.chunks).toString("utf8").split("\n").slice(0, -1);
  }
}
