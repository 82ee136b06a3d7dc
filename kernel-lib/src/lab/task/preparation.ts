import type { Journal, TaskHeader } from "../journal.js";
import { readPreparedTask } from "./prepared-task.js";
import { unseal } from "./seal.js";

/** What was done to a task's lab before its student got it, from the journal's header. Throws a RangeError for a changed one. */
export async function preparationOf(task: TaskHeader): Promise<Journal> {
  return readPreparedTask(await unseal(task.sealed)).preparation;
}
