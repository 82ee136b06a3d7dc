import type { JournalEntry } from "../../lab/journal.js";
import { Task } from "../../lab/task/task.js";
import { tell } from "./channel.js";

let opened = 0;

/** The `Task` of a submission's cells: it tells of each task that is opened, and of each entry of its journal when it is made. */
export const RecordingTask = new Proxy(Task, {
  get: (target, name) => (name === "open" ? openRecorded : Reflect.get(target, name)),
});

async function openRecorded<Facts extends object>(name: string, sealed: string): Promise<Task<Facts>> {
  const task = await Task.open<Facts>(name, sealed);
  const number = opened++;
  tell({ kind: "open", task: number, name: task.name, student: task.student });
  const { journal } = task.lab;
  const append = journal.append.bind(journal);
  journal.append = (entry: JournalEntry) => {
    append(entry);
    tell({ kind: "entry", task: number, entry });
  };
  return task;
}
