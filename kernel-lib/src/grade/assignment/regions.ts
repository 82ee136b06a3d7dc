import { joinText, type MultilineText } from "../../base/notebook.js";

/** The two kinds of region that a cell of an assignment may have. nbgrader looks for the same words, anywhere in a line. */
export type Region = "SOLUTION" | "HIDDEN TESTS";

/** What stands for a solution in the student's code; nbgrader's `ClearSolutions.code_stub` is set to the same. */
export const CODE_STUB = '// YOUR CODE HERE\nthrow new Error("not implemented");';

/** What stands for a solution in the student's text; nbgrader's own `ClearSolutions.text_stub`. */
export const TEXT_STUB = "YOUR ANSWER HERE";

interface Cut {
  /** The text without its regions. */
  readonly rest: string[];
  /** The lines in them. */
  readonly inside: string[];
  readonly count: number;
}

/** Throws a RangeError for a region within a region, one that does not end, and an end without a beginning. */
function cut(source: MultilineText, region: Region, stub: (indent: string) => readonly string[]): Cut {
  const rest: string[] = [];
  const inside: string[] = [];
  let count = 0;
  let open = false;
  for (const line of joinText(source).split("\n")) {
    if (line.includes(`BEGIN ${region}`)) {
      if (open) throw new RangeError(`“BEGIN ${region}” stands within another`);
      open = true;
      count++;
      rest.push(...stub(/^\s*/.exec(line)![0]));
    } else if (line.includes(`END ${region}`)) {
      if (!open) throw new RangeError(`“END ${region}” without a beginning`);
      open = false;
    } else {
      (open ? inside : rest).push(line);
    }
  }
  if (open) throw new RangeError(`“BEGIN ${region}” never ends`);
  return { rest, inside, count };
}

export function hasRegion(source: MultilineText, region: Region): boolean {
  return joinText(source).includes(`BEGIN ${region}`);
}

/** The text as a student gets it: each solution has become the stub, indented as the region was. */
export function withoutSolutions(source: MultilineText, stub: string): string {
  return cut(source, "SOLUTION", (indent) => stub.split("\n").map((line) => indent + line)).rest.join("\n");
}

/** The text without its hidden checks. */
export function withoutHidden(source: MultilineText): string {
  return cut(source, "HIDDEN TESTS", () => []).rest.join("\n");
}

/** The hidden checks alone; empty where there are none. */
export function onlyHidden(source: MultilineText): string {
  return cut(source, "HIDDEN TESTS", () => []).inside.join("\n");
}

/** The solutions alone: the lines that no student may find. */
export function onlySolutions(source: MultilineText): string {
  return cut(source, "SOLUTION", () => []).inside.join("\n");
}
