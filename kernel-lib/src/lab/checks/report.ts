import { display } from "../../base/display.js";
import { CheckFailure } from "./check-failure.js";

/** What a check found. */
export interface Finding {
  readonly holds: boolean;
  /** What is wanted, as a sentence without its end: `host-a reaches host-b (192.168.56.102) by ping`. */
  readonly wanted: string;
  /** The same the other way round. */
  readonly unwanted: string;
  /** What was seen instead, or that it was so: one line or more. */
  readonly seen: string;
  /** Which hop to look at; empty where there is none. */
  readonly look: string;
}

/** Prints one line, or throws. */
export async function report(finding: Finding, negated: boolean): Promise<void> {
  const { holds, wanted, unwanted, seen, look } = finding;
  const expected = negated ? unwanted : wanted;
  if (holds === negated) throw new CheckFailure(expected, seen, look);
  await display({ "text/plain": `✓ ${expected}` });
}
