import { display } from "../base/display.js";
import type { CommandOutput } from "./command-output.js";
import type { Machine } from "./machine.js";

export interface ShellCellOptions {
  /** Shows what was printed at once, for a cell whose value is something else. */
  readonly show?: boolean;
}

/** A shell cell's last command failed. What it printed stands above. */
export class ExitStatus extends Error {
  override readonly name = "ExitStatus";

  constructor(
    readonly machine: string,
    readonly status: number,
  ) {
    super(`bash on ${machine} ended with exit status ${status}`);
    // The place in the library tells a reader nothing.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Runs the text of a shell cell in the machine's bash session. */
export async function runShellCell(
  machine: Machine,
  text: string,
  options: ShellCellOptions,
): Promise<CommandOutput> {
  const output = await machine.script(text);
  const printed = `${output.stdout}${output.stderr}`.replace(/\n$/, "");
  if ((options.show || !output.ok) && printed !== "") await display({ "text/plain": printed });
  if (!output.ok) throw new ExitStatus(machine.name, output.status);
  return output;
}
