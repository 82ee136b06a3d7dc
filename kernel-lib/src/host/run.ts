import { KernelError } from "../base/errno.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import { NeedsPromise } from "../sim/needs-promise.js";
import type { CommandResult } from "./command-result.js";
import type { Host } from "./host.js";
import { NeedsShell } from "./needs-shell.js";
import { Output, type Process, type SpawnOptions } from "./process.js";
import { innermostWait } from "./task.js";

export interface RunOptions {
  /** The process whose child the command is. Default: pid 1. */
  readonly parent?: Process;
  readonly stdin?: string;
}

/** Patience with a command that waits without any deadline while only periodic timers of the network go on. */
const PATIENCE: Nanoseconds = seconds(600);

/**
 * Runs a command and the clock until it ends. One that only another command could end is stopped as by Ctrl-C, with a line that
 * says so.
 */
export function runInForeground(
  host: Host,
  command: readonly string[] | SpawnOptions,
  options: RunOptions,
): CommandResult {
  const started = start(host, command, options);
  const { process } = started;
  if (process === null) return started.result();
  const patience = new Patience(process);
  while (process.exitCode === null) {
    if (innermostWait(process)?.kind === "promise") {
      process.kill("SIGKILL");
      throw new NeedsShell(process.argv[0]!);
    }
    if (patience.ended() || !stepOrKill(host, process)) started.giveUp();
  }
  return started.result();
}

/** The next event. A Node program that has something to do ends the command: it cannot be waited for here. */
function stepOrKill({ world }: Host, process: Process): boolean {
  try {
    return world.asyncWork.impatiently(() => world.scheduler.step());
  } catch (error) {
    if (error instanceof NeedsPromise) process.kill("SIGKILL");
    throw error;
  }
}

/** The same beside shells: the clock stands still while one of them is busy between two commands. */
export async function runInForegroundAsync(
  host: Host,
  command: readonly string[] | SpawnOptions,
  options: RunOptions,
): Promise<CommandResult> {
  const started = start(host, command, options);
  const { process } = started;
  if (process === null) return started.result();
  const patience = new Patience(process);
  while (process.exitCode === null) {
    if (host.world.asyncWork.busy) await host.world.asyncWork.idle();
    else if (innermostWait(process)?.kind === "promise" && host.world.scheduler.nextAt() === null)
      await Promise.resolve();
    else if (patience.ended() || !host.world.asyncWork.step(host.world.scheduler)) started.giveUp();
  }
  return started.result();
}

/** Tells when a command waits for what will not come by itself. */
class Patience {
  private since: Nanoseconds | null = null;

  constructor(private readonly process: Process) {}

  ended(): boolean {
    const wait = innermostWait(this.process);
    if (wait === null) return false;
    if (wait.kind === "outsider" || wait.kind === "terminal") return true;
    const { now } = this.process.host.world.scheduler;
    if (wait.kind === "promise" || wait.deadline !== null) this.since = null;
    else this.since ??= now;
    return this.since !== null && now - this.since > PATIENCE;
  }
}

interface Started {
  readonly process: Process | null;
  result(): CommandResult;
  giveUp(): void;
}

function start(host: Host, command: readonly string[] | SpawnOptions, options: RunOptions): Started {
  const stdout = new Output();
  const stderr = new Output();
  const spawn: SpawnOptions =
    "argv" in command
      ? { stdout, stderr, ...command }
      : { argv: command, stdout, stderr, stdin: options.stdin ?? "" };
  let process: Process | null = null;
  let missing = false;
  try {
    process = (options.parent ?? host.init).spawn(spawn);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    missing = true;
  }
  return {
    process,
    giveUp: () => {
      stderr.write(
        `${spawn.argv[0]}: stopped: only another command could end it; run it in the background (${spawn.argv.join(" ")} &)\n`,
      );
      process?.kill("SIGINT");
      if (process?.exitCode === null) process.kill("SIGKILL");
    },
    result: () =>
      missing
        ? { status: 127, stdout: "", stderr: `bash: ${spawn.argv[0]}: command not found\n` }
        : {
            status: process?.exitCode ?? 0,
            stdout: (spawn.stdout ?? stdout).written,
            stderr: (spawn.stderr ?? stderr).written,
          },
  };
}
