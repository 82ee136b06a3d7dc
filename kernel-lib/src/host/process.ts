import type { Nanoseconds } from "../base/units.js";
import type { WaitQueue } from "../sim/wait-queue.js";
import type { Netns } from "../stack/netns.js";
import type { FileView } from "./files.js";
import type { Host } from "./host.js";

/** What a program waits for. The simulation goes on meanwhile. */
export type Wait =
  /** Until one of the queues wakes or the deadline (absolute virtual time) passes; check your condition again afterwards. */
  | {
      readonly kind: "wait";
      readonly queues: readonly WaitQueue[];
      readonly deadline: Nanoseconds | null;
      /** The child in the foreground, when it is a child that is waited for: what this process waits for is what the child waits for. */
      readonly child?: Process;
    }
  /** The same, where only another command could end it (a capture without -c, `tail -f`): a foreground command then goes to the background. */
  | {
      readonly kind: "outsider";
      readonly queues: readonly WaitQueue[];
      readonly deadline?: Nanoseconds | null;
    }
  /** For the next line typed at a terminal: an interactive shell. The terminal gives its lines to `shell` until the process ends. */
  | { readonly kind: "terminal"; readonly queues: readonly WaitQueue[]; readonly shell: InteractiveShell }
  /** A promise of the shell (`sh -c …` within a command): only commands that run under an asynchronous shell may wait for one. */
  | {
      readonly kind: "promise";
      readonly promise: Promise<unknown>;
      readonly foreground?: () => Process | null;
    };

/** A shell that reads a terminal's lines: the login shell of a machine, or `docker exec -it c sh` inside it. */
export interface InteractiveShell {
  /** What it prints before it reads a line: `root@docker01:~# `, `/ # `. */
  readonly prompt: string;
  /** It has ended: no more lines. */
  readonly closed: boolean;
  /** Runs one line (or a whole compound command); what it prints goes to its process's streams. Gives the status. */
  execute(line: string): Promise<number>;
  /**
   * Sends to the background what only another command could end; false when there is nothing of that kind. With `holds` the terminal
   * keeps it in its foreground, as {@link InteractiveShell.heldJob}.
   */
  relieve(stuck?: boolean, holds?: boolean): boolean;
  /** Number of the job that keeps the terminal until it ends or is interrupted; null when the terminal is free. */
  readonly heldJob: number | null;
  /** Whether the text is a beginning only (an open quote, `if` without `fi`, a trailing backslash): the terminal then asks for more. */
  isIncomplete(text: string): boolean;
  /** End of input (Ctrl-D). */
  close(): void;
}

/** A program that takes virtual time: a generator that yields what it waits for and returns its exit status. */
export type Steps<T = number> = Generator<Wait, T, void>;

/**
 * A program: what a file under /usr/bin does. It reads `process.argv`, writes to `process.stdout` and `process.stderr` and gives its exit status, at once or
 * in steps. A program that is killed (SIGINT, SIGTERM, SIGKILL) is ended by its generator's `return`, so clean up in `finally`.
 */
export type Program = (process: Process) => number | Steps;

export type Signal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGKILL" | "SIGTERM";

export const SIGNAL_NUMBERS: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};

/** Where a process writes: text gathered for the caller, and shown at once to who listens (a terminal, a log). */
export class Output {
  private text = "";
  constructor(private readonly listener: ((chunk: string) => void) | null = null) {}

  write(chunk: string): void {
    this.text += chunk;
    this.listener?.(chunk);
  }

  /** Everything written so far. */
  get written(): string {
    return this.text;
  }

  /** Everything written since the last call: what a background job has said meanwhile. */
  take(): string {
    const text = this.text;
    this.text = "";
    return text;
  }
}

/** What a new process gets from its parent, with changes. */
export interface SpawnOptions {
  readonly argv: readonly string[];
  /** Default: looked up by argv[0] among the parent's programs. */
  readonly program?: Program;
  readonly netns?: Netns;
  readonly files?: FileView;
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly stdout?: Output;
  readonly stderr?: Output;
  /** Has a terminal (docker -t). */
  readonly tty?: boolean;
  /** The UTS namespace's host name. */
  readonly uts?: Uts;
  readonly programs?: ProgramTable;
  /** In a PID namespace of its own, as number 1 (a container's first process). */
  readonly newPidNamespace?: boolean;
  /** In this process's PID namespace (docker exec, nsenter -p). Default: the parent's. */
  readonly pidNamespaceOf?: Process;
  /** Made, with a pid and a /proc entry, but not started until `start()` (runc create, before runc start). */
  readonly held?: boolean;
  /** Why it runs: the `docker` command that the daemon is serving with it. Default: the parent's. */
  readonly cause?: string | undefined;
}

/** What a process takes on when it goes over to another program; the rest stays. */
export type ExecOptions = Pick<SpawnOptions, "argv" | "netns" | "files" | "programs" | "uts">;

/** The host name, shared by the processes of one UTS namespace. */
export interface Uts {
  hostname: string;
}

/** The commands that a root file system holds, by name: the machine's, or those of a container's image. */
export type ProgramTable = Map<string, Program>;

/** A running program (a task_struct, as far as commands can see it). */
export interface Process {
  readonly pid: number;
  /** Its number in its own PID namespace: 1 for a container's first process, equal to `pid` outside containers. */
  readonly innerPid: number;
  readonly parent: Process | null;
  readonly host: Host;
  readonly argv: readonly string[];
  /** Its network namespace. `ip netns exec` gives it another one. */
  readonly netns: Netns;
  /** Its root file system, with /proc and /sys as this process sees them. */
  readonly files: FileView;
  readonly env: Map<string, string>;
  readonly uts: Uts;
  readonly programs: ProgramTable;
  cwd: string;
  /** All of standard input; empty when there is none. */
  readonly stdin: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty: boolean;
  /** Null while it runs. */
  readonly exitCode: number | null;
  /** Wakes when the process ends. */
  readonly exited: WaitQueue;
  /** The command of a user, or the daemon, on whose behalf it runs; null for what an operator runs. Children inherit it. */
  readonly cause: string | null;
  /** Virtual time of its start. */
  readonly startedAt: Nanoseconds;
  /** What it waits for now: "outsider" means that only another command can end it. */
  readonly waiting: Wait | null;
  /** Starts a child. It inherits what the options leave out. Throws KernelError("ENOENT") when there is no such program. */
  spawn(options: SpawnOptions): Process;
  /** Goes over to another program, as the same process (setns and execve): run what it gives. Throws KernelError("ENOENT"), and changes nothing, when there is no such program. */
  exec(options: ExecOptions): number | Steps;
  /** Starts a process that was spawned with `held`. */
  start(): void;
  /** Sends a signal: SIGINT and SIGTERM run the program's `finally` blocks; status 128 + number, unless it sets its own. */
  kill(signal: Signal): void;
  /** Asks for the signal instead of being ended by it: returns true when one has come (a capture that prints its summary). */
  onSignal(signal: Signal, handler: () => void): void;
}
