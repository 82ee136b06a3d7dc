import { Checks } from "../checks/checks.js";
import { report } from "../checks/report.js";
import type { AnswerValue } from "../journal.js";
import type { Lab } from "../lab.js";
import type { Task } from "./task.js";

/** What an answer must be: a value of which case and blanks do not matter, one of several, a pattern, or whatever a function says. */
export type AnswerWanted = AnswerValue | RegExp | ((value: AnswerValue) => boolean);

/** The checks of a task: those of its lab, and of the answers. */
export class TaskChecks extends Checks {
  /** @internal */
  constructor(
    lab: Lab,
    private readonly task: Task<object>,
  ) {
    super(lab);
  }

  /**
   * A question has its answer: any at all, or with `wanted` the right one; of a list each is right. What is right is not in the message of one that is wrong.
   */
  async answer(question: string, wanted?: AnswerWanted): Promise<void> {
    const { answers } = this.task;
    const given = Object.hasOwn(answers, question) ? answers[question]! : undefined;
    const right = given !== undefined && (wanted === undefined || isRight(given, wanted));
    await report(
      {
        holds: right,
        wanted: wanted === undefined ? `“${question}” is answered` : `the answer to “${question}” is right`,
        unwanted: `the answer to “${question}” is another`,
        seen: given === undefined ? "no answer" : JSON.stringify(given),
        look: given === undefined ? `answer it with task.answer(${JSON.stringify(question)}, …)` : "",
      },
      false,
    );
  }
}

function isRight(given: AnswerValue, wanted: AnswerWanted): boolean {
  if (typeof wanted === "function") return wanted(given);
  if (wanted instanceof RegExp) return wanted.test(String(given));
  if (Array.isArray(wanted)) return wanted.some((one) => same(given, one as AnswerValue));
  return same(given, wanted as AnswerValue);
}

function same(given: AnswerValue, wanted: AnswerValue): boolean {
  return plain(given) === plain(wanted);
}

function plain(value: AnswerValue): string {
  return String(value).trim().toLowerCase().replace(/\s+/g, " ");
}
