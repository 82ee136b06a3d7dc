import { KernelError } from "../base/errno.js";
import { findProgram } from "./find-program.js";
import type { Host } from "./host.js";
import { PidNamespace } from "./pid-namespace.js";
import { Output, type Process, type SpawnOptions } from "./process.js";
import { Task, type TaskParts } from "./task.js";

/** Where the pids of a machine go on after boot: kernel threads and services have taken the ones below. */
const FIRST_PID_AFTER_BOOT = 600;

/** The processes of a machine by pid, and how they start and end. */
export class ProcessTable {
  /** The machine's PID namespace: everything that runs, in order of pid. */
  readonly pids = new PidNamespace(null);
  private nextPid = 1;

  constructor(private readonly host: Host) {}

  get(pid: number): Process | undefined {
    return this.pids.find(pid) ?? undefined;
  }

  get size(): number {
    return this.pids.members.size;
  }

  values(): IterableIterator<Process> {
    return this.pids.members.values();
  }

  [Symbol.iterator](): IterableIterator<[number, Process]> {
    return this.pids.members.entries();
  }

  /** Pid 1. Later processes count up from a number at which a booted machine has arrived. */
  startInit(parts: Omit<TaskParts, "pid" | "pids" | "parent" | "cause">): Task {
    const init = new Task({ ...parts, pid: this.nextPid, parent: null, pids: this.pids, cause: null });
    this.host.holdNetns(init.netns);
    this.nextPid = FIRST_PID_AFTER_BOOT;
    return init;
  }

  spawn(parent: Task, options: SpawnOptions): Task {
    const programs = options.programs ?? parent.programs;
    const program = options.program ?? findProgram(programs, options.argv[0] ?? "");
    if (program === null) throw new KernelError("ENOENT");
    const task = new Task({
      host: this.host,
      pid: this.nextPid++,
      parent,
      argv: options.argv,
      program,
      netns: options.netns ?? parent.netns,
      files: options.files ?? parent.files,
      env: options.env ?? parent.env,
      cwd: options.cwd ?? parent.cwd,
      stdin: options.stdin ?? "",
      stdout: options.stdout ?? parent.stdout,
      stderr: options.stderr ?? parent.stderr,
      tty: options.tty ?? parent.tty,
      uts: options.uts ?? parent.uts,
      programs,
      pids: this.pidNamespace(parent, options),
      cause: options.cause ?? parent.cause,
    });
    this.host.holdNetns(task.netns);
    if (options.held !== true) task.start();
    return task;
  }

  /** Takes an ended task off: its children go to the namespace's first process; when that itself ends, they are killed. */
  remove(task: Task): void {
    const inner = task.pids.parent !== null && task.innerPid === 1;
    task.pids.remove(task);
    task.parent?.lose(task);
    if (inner) for (const member of [...task.pids.members.values()]) member.kill("SIGKILL");
    const reaper = (task.pids.parent !== null ? (task.pids.find(1) as Task | null) : null) ?? this.host.init;
    task.leaveChildrenTo(reaper as Task);
    this.host.releaseNetns(task.netns);
  }

  private pidNamespace(parent: Task, options: SpawnOptions): PidNamespace {
    if (options.newPidNamespace === true) return new PidNamespace(this.pids);
    return ((options.pidNamespaceOf as Task | undefined) ?? parent).pids;
  }
}

/** Streams for a process that nobody listens to. */
export function silentOutput(): Output {
  return new Output();
}
