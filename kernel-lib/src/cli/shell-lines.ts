import { ms, type Nanoseconds } from "../base/units.js";
import type { CommandResult } from "../host/command-result.js";
import type { Lab } from "../lab/lab.js";
import type { Machine } from "../lab/machine.js";
import type { BashSession } from "../tools/shell/bash-session.js";

/** Virtual time that every line takes afterwards ({@link Machine.script}). */
const SETTLES: Nanoseconds = ms(100);

/** Lines of bash for the machines of a lab: one session a machine, and one machine that takes the lines now. */
export class ShellLines {
  /** Status of the last command. */
  status = 0;
  private current: Machine;

  constructor(
    readonly lab: Lab,
    private readonly options: { readonly interactive: boolean; readonly holds?: boolean },
  ) {
    this.current = lab.machineList[0]!;
  }

  get session(): BashSession {
    return this.current.shell({ terminal: true, ...this.options });
  }

  get machine(): Machine {
    return this.current;
  }

  get prompt(): string {
    return this.session.prompt;
  }

  /** The session has ended by `exit`. */
  get closed(): boolean {
    return this.session.closed;
  }

  async open(): Promise<void> {
    await this.session.open();
  }

  isIncomplete(text: string): boolean {
    return this.session.isIncomplete(this.withoutMachine(text).text);
  }

  /** `docker02# COMMAND` goes to that machine and stays there: gives the command without the name. */
  switchMachine(line: string): string {
    const { machine, text } = this.withoutMachine(line);
    this.current = machine;
    return text;
  }

  async run(text: string): Promise<CommandResult> {
    const result = await this.current.script(text);
    this.status = result.status;
    return result;
  }

  /** Lets time pass while a command has the terminal; what it prints is on the screen then. */
  async elapse(duration: Nanoseconds): Promise<void> {
    this.lab.wait(duration - SETTLES);
    await this.current.script("");
  }

  /** Ctrl-C for the command that has the terminal: SIGINT, and SIGKILL when it does not heed that. */
  async interrupt(): Promise<void> {
    for (const signal of ["INT", "KILL"]) {
      const { heldJob } = this.session;
      if (heldJob !== null) await this.run(`kill -${signal} %${heldJob}`);
      if (heldJob !== null) await this.current.script("");
    }
  }

  /** Ends all sessions; gives what their background jobs still had to say. */
  async end(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    let stdout = "";
    let stderr = "";
    for (const machine of this.lab.machineList) {
      const last = await machine.shell().end();
      stdout += last.stdout;
      stderr += last.stderr;
    }
    return { stdout, stderr };
  }

  private withoutMachine(line: string): { readonly machine: Machine; readonly text: string } {
    const [, name, text] = /^\s*([\w-]+)# ?([\s\S]*)$/.exec(line) ?? [];
    const machine = this.lab.machineList.find((one) => one.name === name);
    return machine === undefined ? { machine: this.current, text: line } : { machine, text: text! };
  }
}
