import type { Process } from "./process.js";

/** A PID namespace: its own numbering. The machine's holds everything; a container's starts at 1. */
export class PidNamespace {
  readonly members = new Map<number, Process>();
  private readonly numbers = new Map<Process, number>();
  private next = 1;

  constructor(readonly parent: PidNamespace | null) {}

  /** Numbers a new member: the machine's own pid in the first namespace, counting from 1 in a container's. */
  add(process: Process): number {
    const number = this.parent === null ? process.pid : this.next++;
    this.members.set(number, process);
    this.numbers.set(process, number);
    this.parent?.add(process);
    return number;
  }

  remove(process: Process): void {
    const number = this.numbers.get(process);
    if (number === undefined) return;
    this.members.delete(number);
    this.numbers.delete(process);
    this.parent?.remove(process);
  }

  /** The number by which this namespace knows a process; null for one outside. */
  numberOf(process: Process): number | null {
    return this.numbers.get(process) ?? (this.parent === null ? process.pid : null);
  }

  /** The process of that number here. */
  find(number: number): Process | null {
    return this.members.get(number) ?? null;
  }
}
