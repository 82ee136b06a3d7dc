import { CHAT_FILES } from "../../apps/chat/files.js";
import { DISPLAY, type Displayable, type MimeBundle } from "../../base/display.js";
import type { AnswerValue, JournalEntry } from "../journal.js";
import { Lab } from "../lab.js";
import { isAnswer } from "../parse-journal.js";
import { Hint } from "./hint.js";
import { type PreparedTask, readPreparedTask, type SealedTask, withoutSecret } from "./prepared-task.js";
import { seal, unseal } from "./seal.js";
import { TaskChecks } from "./task-checks.js";

/**
 * A problem to solve: a lab that was prepared for one student. What the student does to the lab, the answers and the hints that were read stand in the lab's
 * journal, which is what is handed in.
 */
export class Task<Facts extends object = Record<string, string>> implements Displayable {
  /** The machines with the problem in them. */
  readonly lab: Lab;
  /** Checks of the lab, as `lab.check`, and of the answers. They never change how it goes on. */
  readonly check: TaskChecks;
  private known: Readonly<Record<string, unknown>> | null = null;

  private constructor(
    lab: Lab,
    private readonly told: SealedTask,
  ) {
    this.lab = lab;
    this.check = new TaskChecks(lab, this);
  }

  /**
   * Opens the task that stands sealed in a notebook: `await Task.open("broken-tunnel", "eJx…")`. Each call begins it anew. Throws a RangeError for a text that
   * is not what was handed out.
   */
  static async open<Facts extends object = Record<string, string>>(
    name: string,
    sealed: string,
  ): Promise<Task<Facts>> {
    const task = readPreparedTask(await unseal(sealed));
    if (task.task !== name) throw new RangeError(`this text is of the task "${task.task}", not of "${name}"`);
    const { assignment, student, preparation } = task;
    const lab = await Lab.prepared(preparation, { assignment, name, student, sealed });
    return new Task<Facts>(lab, task);
  }

  /**
   * The same as {@link Task.open} where the task is made, not read: for the teacher, and for a grader, who lets follow what the student's journal says. Each
   * entry is done again at its time; `onEntry` hears what it printed. From here on `node` runs the chat's own files only: nothing that a student has written
   * becomes JavaScript. @internal
   */
  static async replay(
    prepared: PreparedTask,
    entries: readonly JournalEntry[] = [],
    onEntry: (entry: JournalEntry, printed: string) => void = () => {},
  ): Promise<Task<Record<string, unknown>>> {
    const task = await Task.open<Record<string, unknown>>(prepared.task, await sealTask(prepared));
    task.reveal(prepared.secret);
    task.lab.world.trustedPrograms = new Set(Object.values(CHAT_FILES));
    await task.lab.redoAll(entries, onEntry);
    return task;
  }

  get name(): string {
    return this.told.task;
  }

  get assignment(): string {
    return this.told.assignment;
  }

  /** Whose variant it is. */
  get student(): string {
    return this.told.student;
  }

  /** What is told of this variant: addresses, names. */
  get facts(): Facts {
    return this.told.facts as Facts;
  }

  /** Answers a question of the task: `tunnel.answer("cause", "the tunnel's MTU")`. The last answer counts. */
  answer(question: string, value: AnswerValue): void {
    if (typeof question !== "string" || question === "" || question.length > 100)
      throw new RangeError('a question has a name: answer("cause", "…")');
    if (!isAnswer(value))
      throw new RangeError(
        "an answer is a text, a number, true or false, or a list of these, and not too long",
      );
    const kept = Array.isArray(value) ? [...value] : value;
    this.lab.journal.append({ kind: "answer", at: this.lab.now, question, value: kept });
  }

  /** The answers so far, by question. */
  get answers(): Readonly<Record<string, AnswerValue>> {
    const given = this.lab.journal.entries.flatMap((entry): [string, AnswerValue][] =>
      entry.kind === "answer" ? [[entry.question, entry.value]] : [],
    );
    return Object.fromEntries(given);
  }

  /** A hint, by number from 1. It costs no points; the journal says that it was read. Throws a RangeError when there is none of that number. */
  hint(number = 1): Hint {
    const { hints } = this.told;
    const text = Number.isInteger(number) ? hints[number - 1] : undefined;
    if (text === undefined)
      throw new RangeError(
        hints.length === 0
          ? "this task has no hints"
          : `there is no hint ${number}; this task has ${hints.length}`,
      );
    this.lab.journal.append({ kind: "hint", at: this.lab.now, number });
    return new Hint(number, hints.length, text);
  }

  /** Numbers of the hints that were read. */
  get hintsRead(): readonly number[] {
    const read = this.lab.journal.entries.flatMap((entry) => (entry.kind === "hint" ? [entry.number] : []));
    return [...new Set(read)].sort((a, b) => a - b);
  }

  /** What only the teacher's checks know. Throws an Error in a student's notebook. @internal */
  get secret(): Readonly<Record<string, unknown>> {
    if (this.known === null) throw new Error("only the one who grades knows what was done to this lab");
    return this.known;
  }

  /** Tells the teacher's checks what they may know. @internal */
  reveal(secret: Readonly<Record<string, unknown>>): void {
    this.known = secret;
  }

  toString(): string {
    const { name, lab, facts } = this;
    const told = Object.entries(facts).map(([key, value]) => `\n  ${key}: ${String(value)}`);
    return `Task “${name}” on ${lab.machineList.map((machine) => machine.name).join(", ")}${told.join("")}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString() };
  }
}

/** The text that a notebook holds of a task: for {@link Task.open}. */
export function sealTask(prepared: PreparedTask): Promise<string> {
  return seal(withoutSecret(prepared));
}
