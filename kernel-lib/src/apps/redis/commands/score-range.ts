import type { Call } from "../call.js";
import { error } from "../errors.js";
import { readDouble } from "../numbers.js";
import type { Scored, SortedSetValue } from "../sorted-set-value.js";

/** A bound of a range: whether a member lies before it. */
interface Bound {
  /** The member is lower than the range's begin. */
  readonly before: (item: Scored) => boolean;
  /** The member is not higher than the range's end. */
  readonly within: (item: Scored) => boolean;
}

export type RangeKind = "rank" | "score" | "lex";

/** The half-open range of places that two bounds mean. */
export type PlaceRange = (set: SortedSetValue) => readonly [number, number];

/** `1.5`, `(1.5`, `-inf`: scores, both included unless with a parenthesis. */
export function scoreRange(call: Call, min: number, max: number): PlaceRange {
  const [low, high] = [scoreBound(call.arg(min)), scoreBound(call.arg(max))];
  return between(low, high);
}

/** `[a`, `(a`, `-`, `+`: members, by bytes. Divergence: of members whose scores differ, for which Redis promises nothing, others may be meant. */
export function lexRange(call: Call, min: number, max: number): PlaceRange {
  const [low, high] = [lexBound(call.arg(min)), lexBound(call.arg(max))];
  return between(low, high);
}

function between(low: Bound, high: Bound): PlaceRange {
  return (set) => {
    const start = set.countWhile(low.before);
    return [start, Math.max(start, set.countWhile(high.within))];
  };
}

function scoreBound(text: string): Bound {
  const open = text.startsWith("(");
  const digits = open ? text.slice(1) : text;
  // strtod, which reads the bounds, takes an empty text as 0.
  const value = digits === "" ? 0 : readDouble(digits.trimStart());
  if (value === null) throw error("min or max is not a float");
  return open
    ? { before: ({ score }) => score <= value, within: ({ score }) => score < value }
    : { before: ({ score }) => score < value, within: ({ score }) => score <= value };
}

function lexBound(text: string): Bound {
  if (text === "-") return { before: () => false, within: () => false };
  if (text === "+") return { before: () => true, within: () => true };
  const name = text.slice(1);
  if (text.startsWith("(")) {
    return { before: ({ member }) => member <= name, within: ({ member }) => member < name };
  }
  if (text.startsWith("[")) {
    return { before: ({ member }) => member < name, within: ({ member }) => member <= name };
  }
  throw error("min or max not valid string range item");
}
