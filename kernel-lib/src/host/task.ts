import { KernelError } from "../base/errno.js";
import type { Nanoseconds } from "../base/units.js";
import { NO_TIMER, type TimerId } from "../sim/scheduler.js";
import { WaitQueue } from "../sim/wait-queue.js";
import type { Netns } from "../stack/netns.js";
import type { FileView } from "./files.js";
import { findProgram } from "./find-program.js";
import type { Host } from "./host.js";
import type { PidNamespace } from "./pid-namespace.js";
import {
  type ExecOptions,
  type Output,
  type Process,
  type Program,
  type ProgramTable,
  SIGNAL_NUMBERS,
  type Signal,
  type SpawnOptions,
  type Steps,
  type Uts,
  type Wait,
} from "./process.js";

/** What a task is made of: everything inherited or given, already decided. */
export interface TaskParts {
  readonly host: Host;
  readonly pid: number;
  readonly parent: Task | null;
  readonly argv: readonly string[];
  readonly program: Program | null;
  readonly netns: Netns;
  readonly files: FileView;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly stdin: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty: boolean;
  readonly uts: Uts;
  readonly programs: ProgramTable;
  readonly pids: PidNamespace;
  readonly cause: string | null;
}

/**
 * A process (task_struct): runs its program's steps as the clock goes on. A task without a program is one that the lab itself
 * stands for, such as pid 1: it lives until it is ended from outside.
 */
export class Task implements Process {
  readonly host: Host;
  readonly pid: number;
  readonly innerPid: number;
  parent: Task | null;
  argv: readonly string[];
  netns: Netns;
  files: FileView;
  readonly env: Map<string, string>;
  uts: Uts;
  programs: ProgramTable;
  readonly pids: PidNamespace;
  cwd: string;
  readonly stdin: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty: boolean;
  readonly cause: string | null;
  readonly exited: WaitQueue;
  readonly startedAt: Nanoseconds;
  /** Null: it has had none, as most commands. */
  private offspring: Set<Task> | null = null;
  exitCode: number | null = null;
  waiting: Wait | null = null;

  private program: Program | null;
  private steps: Steps | null = null;
  /** The generator's code is on JavaScript's stack now. */
  private onStack = false;
  private endingStatus: number | null = null;
  private killedBy: Signal | null = null;
  private handlers: Map<Signal, () => void> | null = null;
  private timer: TimerId = NO_TIMER;
  private readonly leaveQueues: (() => void)[] = [];

  constructor(parts: TaskParts) {
    this.host = parts.host;
    this.pid = parts.pid;
    this.parent = parts.parent;
    this.argv = parts.argv;
    this.netns = parts.netns;
    this.files = parts.files.as(this);
    this.env = new Map(parts.env);
    this.uts = parts.uts;
    this.programs = parts.programs;
    this.pids = parts.pids;
    this.cwd = parts.cwd;
    this.stdin = parts.stdin;
    this.stdout = parts.stdout;
    this.stderr = parts.stderr;
    this.tty = parts.tty;
    this.cause = parts.cause;
    this.program = parts.program;
    const { scheduler } = parts.host.world;
    this.exited = new WaitQueue(scheduler);
    this.startedAt = scheduler.now;
    this.innerPid = parts.pids.add(this);
    parts.parent?.adopt(this);
  }

  get children(): ReadonlySet<Task> {
    return this.offspring ?? NO_CHILDREN;
  }

  adopt(child: Task): void {
    child.parent = this;
    this.offspring ??= new Set();
    this.offspring.add(child);
  }

  /** A child has ended and was waited for. */
  lose(child: Task): void {
    this.offspring?.delete(child);
  }

  /** What it leaves behind is the reaper's. */
  leaveChildrenTo(reaper: Task): void {
    const orphans = this.offspring;
    this.offspring = null;
    for (const child of orphans ?? NO_CHILDREN) reaper.adopt(child);
  }

  /** The name that `ps` shows in brackets or by itself: the base name of argv[0], 15 characters (TASK_COMM_LEN). */
  get comm(): string {
    return (this.argv[0] ?? "").replace(/^-/, "").replace(/^.*\//, "").slice(0, 15);
  }

  start(): void {
    const { program } = this;
    if (program === null || this.exitCode !== null) return;
    this.program = null;
    this.onStack = true;
    let outcome: number | Steps;
    try {
      outcome = program(this);
    } catch (error) {
      this.onStack = false;
      this.finish(134);
      throw error;
    }
    this.onStack = false;
    if (typeof outcome === "number") {
      this.finish(this.killedBy === null ? outcome : 128 + SIGNAL_NUMBERS[this.killedBy]);
      return;
    }
    this.steps = outcome;
    this.advance();
  }

  spawn(options: SpawnOptions): Task {
    return this.host.processes.spawn(this, options);
  }

  exec({
    argv,
    netns = this.netns,
    files = this.files,
    programs = this.programs,
    uts = this.uts,
  }: ExecOptions): number | Steps {
    const program = findProgram(programs, argv[0] ?? "");
    if (program === null) throw new KernelError("ENOENT");
    this.host.holdNetns(netns);
    this.host.releaseNetns(this.netns);
    this.netns = netns;
    this.argv = argv;
    this.files = files.as(this);
    this.programs = programs;
    this.uts = uts;
    return program(this);
  }

  kill(signal: Signal): void {
    // Nobody can kill the machine's first process (SIGNAL_UNKILLABLE).
    if (this.exitCode !== null || this.parent === null) return;
    const handler = signal === "SIGKILL" ? undefined : this.handlers?.get(signal);
    if (handler !== undefined) {
      handler();
      this.wakeSoon();
      return;
    }
    // The first process of a PID namespace gets only signals that it has a handler for (SIGNAL_UNKILLABLE, pid_namespaces(7)).
    if (this.innerPid === 1 && this.pids.parent !== null && signal !== "SIGKILL") return;
    if (this.onStack) {
      this.killedBy = signal;
      return;
    }
    this.end(128 + SIGNAL_NUMBERS[signal]);
  }

  onSignal(signal: Signal, handler: () => void): void {
    this.handlers ??= new Map();
    this.handlers.set(signal, handler);
  }

  /** Ends the task from outside: its `finally` blocks run, and may still wait. */
  end(status: number): void {
    this.unblock();
    if (this.steps === null) {
      this.finish(status);
      return;
    }
    this.endingStatus = status;
    this.resume((steps) => steps.return(status));
  }

  /** Goes on after a wait. */
  readonly advance = (): void => {
    if (this.exitCode !== null || this.onStack || this.steps === null) return;
    this.unblock();
    this.resume((steps) => steps.next());
  };

  private resume(go: (steps: Steps) => IteratorResult<Wait, number>): void {
    this.onStack = true;
    let step: IteratorResult<Wait, number>;
    try {
      step = go(this.steps!);
    } catch (error) {
      this.onStack = false;
      this.finish(134);
      throw error;
    }
    this.onStack = false;
    if (step.done === true) {
      this.finish(step.value ?? this.endingStatus ?? 0);
      return;
    }
    this.block(step.value);
    if (this.killedBy !== null) {
      const signal = this.killedBy;
      this.killedBy = null;
      this.kill(signal);
    }
  }

  private block(wait: Wait): void {
    this.waiting = wait;
    if (wait.kind === "promise") {
      wait.promise.then(this.advance, (reason) => {
        if (this.exitCode !== null) return;
        this.unblock();
        this.resume((steps) => steps.throw(reason));
      });
      return;
    }
    for (const queue of wait.queues) this.leaveQueues.push(queue.add(this.advance));
    const deadline = wait.kind === "terminal" ? null : (wait.deadline ?? null);
    if (deadline !== null) this.timer = this.host.world.scheduler.at(deadline, advanceTask, this);
  }

  private unblock(): void {
    this.waiting = null;
    for (const leave of this.leaveQueues) leave();
    this.leaveQueues.length = 0;
    this.host.world.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
  }

  /** A signal interrupts the wait (EINTR): the program looks at its conditions again. */
  private wakeSoon(): void {
    this.host.world.scheduler.after(0, advanceTask, this);
  }

  private finish(status: number): void {
    if (this.exitCode !== null) return;
    this.unblock();
    this.steps = null;
    this.program = null;
    this.exitCode = status & 255;
    this.host.processes.remove(this);
    this.exited.wakeAll();
  }
}

const NO_CHILDREN: ReadonlySet<Task> = new Set();

function advanceTask(task: unknown): void {
  (task as Task).advance();
}

/** What a process waits for in the end: that of the child, or of its shell's command, which it waits for in the foreground. */
export function innermostWait(process: Process): Wait | null {
  let current: Process = process;
  for (;;) {
    const wait = current.waiting;
    const next = wait?.kind === "wait" ? wait.child : wait?.kind === "promise" ? wait.foreground?.() : null;
    if (next === null || next === undefined || next.exitCode !== null) return wait;
    current = next;
  }
}
