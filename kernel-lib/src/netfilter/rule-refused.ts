import { type Errno, KernelError } from "../base/errno.js";
import type { HookName } from "./hook.js";
import type { TableName } from "./tables.js";

/** The kernel refuses a rule: its answer, and the line that it writes to its log. */
export class RuleRefused extends KernelError {
  constructor(
    errno: Errno,
    readonly log: string | null = null,
  ) {
    super(errno);
  }
}

/** Where a rule stands: its table, and the built-in chains from which it is reached. */
export interface Place {
  readonly table: TableName;
  readonly hooks: ReadonlySet<HookName>;
}
