import type { Nanoseconds } from "../base/units.js";
import type { Scheduler } from "../sim/scheduler.js";
import { WaitQueue } from "../sim/wait-queue.js";

export interface KernelLogLine {
  readonly at: Nanoseconds;
  readonly text: string;
}

/** The kernel's ring buffer (printk): `dmesg` and /var/log/kern.log are views of it. */
export class KernelLog {
  readonly lines: KernelLogLine[] = [];
  /** Wakes who follows the log. */
  readonly added: WaitQueue;

  /** Where `dmesg` begins: lines before this have been cleared (SYSLOG_ACTION_CLEAR), though they are still there. */
  clearedTo = 0;

  constructor(private readonly scheduler: Scheduler) {
    this.added = new WaitQueue(scheduler);
  }

  /** Appends a line (KERN_INFO and up are shown alike). `at` is the packet's own time when a packet is the cause. */
  write(text: string, at: Nanoseconds = this.scheduler.now): void {
    this.lines.push({ at, text });
    this.added.wakeAll();
  }

  clear(): void {
    this.clearedTo = this.lines.length;
  }
}
