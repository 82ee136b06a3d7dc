import type { CheckResult, TaskResult } from "../result.js";

/** What a student learns of the hidden checks: nothing, how many held, which held, or what they said as well. */
export const HIDDEN_WORDS = ["nothing", "count", "outcome", "message"] as const;
export type HiddenWords = (typeof HIDDEN_WORDS)[number];

/** A task's checks as the student sees them. */
export interface ShownChecks {
  readonly checks: readonly CheckResult[];
  /** A sentence about the hidden ones; null where nothing is said. */
  readonly hidden: string | null;
}

export function shownChecks({ checks }: TaskResult, words: HiddenWords): ShownChecks {
  const open = checks.filter(({ hidden }) => !hidden);
  const hidden = checks.filter((check) => check.hidden);
  if (hidden.length === 0 || words === "nothing") return { checks: open, hidden: null };
  const held = hidden.filter(({ status }) => status === "pass").length;
  const count = `${held} of ${hidden.length} hidden ${hidden.length === 1 ? "check" : "checks"} held.`;
  if (words === "count") return { checks: open, hidden: count };
  if (words === "message") return { checks, hidden: count };
  return { checks: checks.map((check) => (check.hidden ? withoutMessage(check) : check)), hidden: count };
}

function withoutMessage({ message: _secret, ...check }: CheckResult): CheckResult {
  return check;
}
