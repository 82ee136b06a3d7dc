import { ERRNO_TEXT, KernelError } from "../base/errno.js";
import type { Process, Program, Steps } from "../host/process.js";

/** Ends a command from any depth: what it says on standard error, and its exit status. */
export class ToolExit extends Error {
  constructor(
    readonly status: number,
    /** Written to standard error as it is; the newline belongs to it. */
    readonly text: string,
    /** Written to standard output before. */
    readonly output = "",
  ) {
    super(text);
    this.name = "ToolExit";
  }
}

/** Makes a program of a function that may throw {@link ToolExit}. */
export function tool(run: (process: Process) => number): Program {
  return (process) => {
    try {
      return run(process);
    } catch (error) {
      return report(process, error);
    }
  };
}

/** The same for a program that takes virtual time. */
export function steppedTool(run: (process: Process) => Steps<number>): Program {
  return function* (process) {
    try {
      return yield* run(process);
    } catch (error) {
      return report(process, error);
    }
  };
}

function report(process: Process, error: unknown): number {
  if (!(error instanceof ToolExit)) throw error;
  process.stdout.write(error.output);
  process.stderr.write(error.text);
  return error.status;
}

/** strerror: the text of an error that the kernel answered with; anything else is a bug and thrown on. */
export function errnoText(error: unknown): string {
  if (error instanceof KernelError) return ERRNO_TEXT[error.errno];
  throw error;
}

/** A request of rtnetlink, with iproute2's words when the kernel refuses it: `Error: …` for an extended acknowledgement, else `RTNETLINK answers: …`. */
export function netlink<T>(request: () => T, status = 2): T {
  try {
    return request();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.extack === null) throw new ToolExit(status, `RTNETLINK answers: ${ERRNO_TEXT[error.errno]}\n`);
    throw new ToolExit(status, `Error: ${error.extack}${error.extack.endsWith(".") ? "" : "."}\n`);
  }
}
