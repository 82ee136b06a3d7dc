import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Output, Process, Wait } from "../../host/process.js";
import { innermostWait } from "../../host/task.js";
import type { World } from "../../trace/world.js";

/** A command that a shell waits for, and what it has written. */
export interface ForegroundCommand {
  readonly process: Process;
  readonly stdout: Output;
  readonly stderr: Output;
}

export type ForegroundEnd = "ended" | "background";

interface Current extends ForegroundCommand {
  /** It is a job already (`wait`, `fg`): it cannot become one again. */
  readonly isJob: boolean;
  readonly release: (end: ForegroundEnd) => void;
}

/** A foreground command without a deadline is given up as endless after this much virtual time. */
const PATIENCE: Nanoseconds = seconds(600);

/** The one place in a shell's foreground: while a command has it, the shell is not busy and the clock may go on. */
export class Foreground {
  current: Current | null = null;
  private abandoned = false;
  private waitingSince: Nanoseconds | null = null;

  constructor(private readonly world: World) {}

  /** Waits for a process until it ends, or is sent to the background. */
  wait(command: ForegroundCommand, isJob: boolean): Promise<ForegroundEnd> {
    if (command.process.exitCode !== null) return Promise.resolve("ended");
    const { asyncWork } = this.world;
    asyncWork.end();
    return new Promise((resolve) => {
      const release = (end: ForegroundEnd) => {
        if (this.current?.release !== release) return;
        this.current = null;
        asyncWork.begin();
        resolve(end);
      };
      this.waitingSince = null;
      this.current = { ...command, isJob, release };
      command.process.exited.add(() => release("ended"));
    });
  }

  /** Lets virtual time pass for a command's own work. */
  elapse(duration: Nanoseconds): Promise<void> {
    const { asyncWork, scheduler } = this.world;
    asyncWork.end();
    return new Promise((resolve) => {
      if (this.abandoned) return;
      scheduler.after(duration, () => {
        if (this.abandoned) return;
        asyncWork.begin();
        resolve();
      });
    });
  }

  /**
   * The shell has been killed: its command is, too, and no other program starts; the script is left where it wants one. (A built-in that stands right
   * behind the killed command still runs.)
   */
  abandon(): void {
    this.abandoned = true;
    this.current?.process.kill("SIGTERM");
  }

  /** Whether only another command could end what has the foreground. */
  isEndless(process: Process, stuck: boolean): boolean {
    const wait = innermostWait(process);
    return stuck || wait?.kind === "outsider" || this.patienceEnded(wait);
  }

  /** Hands on what the command has written so far: a shell inside it writes there too. */
  takeOutput(to: Process): void {
    if (this.current === null) return;
    to.stdout.write(this.current.stdout.take());
    to.stderr.write(this.current.stderr.take());
  }

  private patienceEnded(wait: Wait | null): boolean {
    const { now } = this.world.scheduler;
    if (wait?.kind !== "wait" || wait.deadline !== null) this.waitingSince = null;
    else this.waitingSince ??= now;
    return this.waitingSince !== null && now - this.waitingSince > PATIENCE;
  }
}
