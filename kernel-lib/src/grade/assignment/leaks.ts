import { joinText, type Notebook } from "../../base/notebook.js";
import type { Assignment } from "./assignment.js";
import { onlyHidden, onlySolutions, withoutHidden, withoutSolutions } from "./regions.js";

/** Lines that say nothing: brackets, short words, comments' ends. */
const TELLING = /[A-Za-z0-9]{3}/;

/**
 * What of the teacher's stands in a student's notebook, one sentence each; none when it may be handed out. Looked for line by line, so that a solution which
 * was copied to another place is found, too.
 */
export function leaks({ cells }: Assignment, notebook: Notebook): string[] {
  const told = new Set(
    cells
      .filter(({ kind }) => kind !== "prepare" && kind !== "prose")
      .flatMap(({ kind, source }) => publicLines(kind, source)),
  );
  const kept = new Map<string, string>();
  for (const { kind, id, task, source } of cells)
    for (const line of kind === "prepare"
      ? lines(source)
      : [...lines(onlySolutions(source)), ...lines(onlyHidden(source))])
      if (!told.has(line)) kept.set(line, kind === "prepare" ? `preparation of “${task}”` : `cell “${id}”`);
  const found = notebook.cells.flatMap(({ source, metadata }) => {
    const text = joinText(source);
    const regions = /BEGIN (?:SOLUTION|HIDDEN TESTS)/.exec(text);
    return [
      ...(regions === null ? [] : [`“${regions[0]}” stands in the student's notebook`]),
      ...[...new Set(lines(text))].flatMap((line) =>
        kept.has(line) ? [`a line of the ${kept.get(line)} stands in the student's notebook: ${line}`] : [],
      ),
      ...(Object.hasOwn(metadata, "secret") ? ["a cell's metadata has a secret"] : []),
    ];
  });
  return [...new Set(found)];
}

/** The lines of a cell that a student may read. What stands in prose as well as in a solution is told by mistake. */
function publicLines(kind: string, source: string): string[] {
  if (kind === "check") return lines(withoutHidden(source));
  return lines(kind === "answer" || kind === "explain" ? withoutSolutions(source, "") : source);
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => TELLING.test(line));
}
