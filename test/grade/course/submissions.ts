import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type CodeCell,
  joinText,
  type Notebook,
  stringifyNotebook,
} from "../../../kernel-lib/src/base/notebook.js";
import type { Assignment } from "../../../kernel-lib/src/grade/assignment/assignment.js";

/** What a student of the generated class did, and what it is worth. */
export interface Kind {
  readonly kind: string;
  readonly count: number;
  /** Of 10. */
  readonly points: number;
  /** The file's text, from the notebook that was handed out. */
  readonly hand: (notebook: Notebook, solve: Solve) => string;
}

/** The reference solution in the answer cells with these ids. */
export type Solve = (notebook: Notebook, ids: readonly string[]) => Notebook;

const REPAIR = "broken-tunnel-repair";
const NAME = "broken-tunnel-cause";
const BOTH = [REPAIR, NAME];

const code = (source: string): CodeCell => ({
  ...{ cell_type: "code", id: "more", metadata: {}, source, execution_count: null, outputs: [] },
});
const withLast = (notebook: Notebook, source: string): string =>
  stringifyNotebook({ ...notebook, cells: [...notebook.cells, code(source)] });
const idOf = ({ metadata }: Notebook["cells"][number]): string =>
  (metadata.nbgrader as { grade_id?: string } | undefined)?.grade_id ?? "";
/** A cell's source put in the place of an answer. */
const answered = (notebook: Notebook, id: string, source: string): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell) => (idOf(cell) === id ? { ...cell, source } : cell)),
});

/** Sixty students. The assignment's reference solution is right for every variant. */
export const CLASS: readonly Kind[] = [
  { kind: "right", count: 20, points: 10, hand: (n, solve) => stringifyNotebook(solve(n, BOTH)) },
  { kind: "half", count: 10, points: 7, hand: (n, solve) => stringifyNotebook(solve(n, [REPAIR])) },
  {
    kind: "wrong",
    count: 6,
    points: 0,
    hand: (n) =>
      stringifyNotebook(
        answered(n, NAME, 'tunnel.answer("cause", "the weather"); tunnel.answer("host", "host-c");'),
      ),
  },
  { kind: "empty", count: 6, points: 0, hand: (n) => stringifyNotebook(n) },
  {
    kind: "syntax",
    count: 3,
    points: 0,
    hand: (n) => stringifyNotebook(answered(n, REPAIR, "const = hostA.exec(;")),
  },
  { kind: "endless", count: 2, points: 7, hand: (n, solve) => withLast(solve(n, [REPAIR]), "for (;;) {}") },
  {
    kind: "memory",
    count: 1,
    points: 10,
    hand: (n, solve) =>
      withLast(solve(n, BOTH), "const all = []; for (;;) all.push(new Uint8Array(1e8).fill(1));"),
  },
  {
    kind: "fork",
    count: 1,
    points: 10,
    hand: (n, solve) =>
      withLast(
        solve(n, BOTH),
        'const { spawn } = await import("node:child_process"); for (let i = 0; i < 500; i++) spawn("sleep", ["1000"], { detached: true });',
      ),
  },
  {
    kind: "output",
    count: 1,
    points: 10,
    hand: (n, solve) =>
      withLast(solve(n, BOTH), 'for (let i = 0; i < 1000; i++) console.log("x".repeat(1e6));'),
  },
  {
    kind: "deleted",
    count: 3,
    points: 10,
    hand: (n, solve) => {
      const solved = solve(n, BOTH);
      const kept = solved.cells.filter(
        (cell) => cell.cell_type === "code" && !/lab\.check|tunnel\.check/.test(joinText(cell.source)),
      );
      return stringifyNotebook({ ...solved, cells: kept });
    },
  },
  {
    kind: "doubled",
    count: 3,
    points: 10,
    hand: (n, solve) => {
      const { cells } = solve(n, BOTH);
      return stringifyNotebook({ ...n, cells: [...n.cells, ...cells] });
    },
  },
  {
    kind: "python",
    count: 2,
    points: 0,
    hand: (n, solve) =>
      stringifyNotebook({
        ...solve(n, BOTH),
        metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
      }),
  },
  {
    kind: "corrupt",
    count: 2,
    points: 0,
    hand: (n, solve) => stringifyNotebook(solve(n, BOTH)).slice(0, -200),
  },
];

/** Ids of the class: `right-1`, `right-2` … */
export const students = (kinds: readonly Kind[]): { readonly student: string; readonly kind: Kind }[] =>
  kinds.flatMap((kind) =>
    Array.from({ length: kind.count }, (_, i) => ({ student: `${kind.kind}-${i + 1}`, kind })),
  );

/** Fills the handed out notebooks in as the class does. `from` and `to` are folders of students' folders. */
export function handIn(assignment: Assignment, kinds: readonly Kind[], from: string, to: string): void {
  const solve: Solve = (notebook, ids) =>
    ids.reduce((solved, id) => answered(solved, id, solutionOf(assignment, id)), notebook);
  for (const { student, kind } of students(kinds)) {
    const path = join(student, `${assignment.name}.ipynb`);
    const notebook = JSON.parse(readFileSync(join(from, path), "utf8")) as Notebook;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), kind.hand(notebook, solve));
  }
}

function solutionOf({ cells }: Assignment, id: string): string {
  const { source } = cells.find((cell) => cell.id === id)!;
  return source.replace(/^ *\/\/ (BEGIN|END) SOLUTION\n?/gm, "");
}
