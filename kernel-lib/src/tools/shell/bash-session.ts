import type { Nanoseconds } from "../../base/units.js";
import type { CommandResult } from "../../host/command-result.js";
import type { Process } from "../../host/process.js";

export interface ShellOptions {
  /** bash on a machine; busybox's ash in a container. They differ in prompt and error texts. */
  readonly flavour?: "bash" | "ash";
  /** A person types: new and ended jobs are announced. */
  readonly interactive?: boolean;
  /** Its commands have a terminal, so that `docker exec -it c sh` opens a shell for the lines that follow. Without one such a shell finds the end of its input at once. */
  readonly terminal?: boolean;
  /** A command that only another one could end keeps the terminal, whose owner lets time pass and interrupts it ({@link BashSession.heldJob}). Default: it goes on in the background. */
  readonly holds?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** Standard input of the line's commands. */
  readonly stdin?: string;
  /** Lets this much time pass afterwards, so that what is under way arrives and background jobs show it. */
  readonly settle?: Nanoseconds;
}

/**
 * A bash session as its users see it: lines in, text out. Apart from the session itself, so that the library's types do not bring those of the
 * shell's parser with them (they are large, and every notebook cell is type-checked).
 */
export interface BashSession {
  readonly process: Process;
  /** It has ended (`exit`). */
  readonly closed: boolean;
  /** Status of the last command. */
  readonly status: number;
  readonly prompt: string;
  /** A shell inside (`docker exec -it c sh`) takes the lines. */
  readonly inside: boolean;
  /** Number of the job that keeps the terminal until it ends or is interrupted; null when the terminal is free. */
  readonly heldJob: number | null;
  /** Loads bash; needed before {@link BashSession.isIncomplete}. */
  open(): Promise<unknown>;
  /** Whether the text is a beginning only: an open quote, `if` without `fi`, a trailing backslash. */
  isIncomplete(text: string): boolean;
  /** Runs a line, or a whole script, and the clock until it is done. Gives what it and the background jobs printed meanwhile. */
  run(text: string, options?: RunOptions): Promise<CommandResult>;
  /** What the terminal has shown since it was last asked: both streams, in the order in which they were written. */
  takeScreen(): string;
  /** Ctrl-D: the shell inside ends, or this one. */
  endOfInput(): Promise<CommandResult>;
  /** Ends the session: jobs are hung up; gives their last output. */
  end(): Promise<CommandResult>;
}
