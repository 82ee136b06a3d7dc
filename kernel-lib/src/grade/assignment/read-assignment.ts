import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Block, type BreakBlock, type DirectiveBlock, parseBlocks } from "../../book/myst/blocks.js";
import type { Context } from "../../book/myst/context.js";
import { convertBlock } from "../../book/myst/convert.js";
import { Footnotes } from "../../book/myst/footnotes.js";
import { splitFrontMatter } from "../../book/myst/front-matter.js";
import { listOption, type Options, onlyOptions, type Place, textOption } from "../../book/myst/options.js";
import { Citations } from "../../book/myst/sources.js";
import { SourceError } from "../../book/source-error.js";
import type { Assignment, AssignmentCell, CellKind, Variants } from "./assignment.js";
import { onlyHidden, withoutHidden, withoutSolutions } from "./regions.js";

/** The tags that say what a code cell is for. */
const CODE_KINDS = ["prepare", "setup", "answer", "check"] as const;

/** What nbgrader takes as a `grade_id`. */
const ID = /^[A-Za-z0-9_-]+$/;

/** `Task.open("name")`, with or without the types of its facts. */
const OPENS = /\bTask\.open(<[^()]*>)?\(\s*"([^"]*)"\s*\)/g;

/** Of each kind, the options beside `tags`. */
const OPTIONS: Readonly<Record<(typeof CODE_KINDS)[number], readonly string[]>> = {
  prepare: ["task"],
  setup: ["id"],
  answer: ["id"],
  check: ["id", "points", "title"],
};

/** The names of the tasks that a setup cell opens. */
export function openedTasks(source: string): string[] {
  return [...source.matchAll(OPENS)].map(([, , name]) => name!);
}

/** The setup cell with something after the name of each task that it opens. */
export function withOpened(source: string, argument: (task: string) => string): string {
  return source.replace(
    OPENS,
    (_, types: string | undefined, name: string) => `Task.open${types ?? ""}("${name}", ${argument(name)})`,
  );
}

/**
 * Reads an assignment: `chapters/03-vxlan/assignment.md`, or the folder that it is in. Throws a SourceError with file and line for what it
 * cannot read, an Error when there is none.
 */
export function readAssignment(path: string, variants: Variants = "each"): Assignment {
  const file = path.endsWith(".md") ? path : join(path, "assignment.md");
  if (!existsSync(file)) throw new Error(`there is no assignment ${file}`);
  return parseAssignment(basename(dirname(resolve(file))), file, readFileSync(file, "utf8"), variants);
}

/** The same of a text that is already there. */
export function parseAssignment(
  name: string,
  path: string,
  text: string,
  variants: Variants = "each",
): Assignment {
  const { front, rest, restLine } = splitFrontMatter(text.replace(/\r\n?/g, "\n"), path);
  const blocks = parseBlocks(rest, { file: path, line: restLine });
  const cells = new CellReader(name, path).read(blocks);
  const heading = /^# +(.+)$/m.exec(cells[0]?.source ?? "")?.[1]?.trim();
  const title = front.title ?? heading;
  if (title === undefined) throw new SourceError(path, 1, "the assignment has no title");
  const assignment: Assignment = {
    name,
    title,
    path,
    cells,
    tasks: cells.filter(({ kind }) => kind === "prepare").map(({ task }) => task),
    maxPoints: pointsOf(cells, "check"),
    manualPoints: pointsOf(cells, "explain"),
    variants,
  };
  refuseGaps(assignment);
  return assignment;
}

function pointsOf(cells: readonly AssignmentCell[], wanted: CellKind): number {
  return cells.filter(({ kind }) => kind === wanted).reduce((sum, { points }) => sum + points, 0);
}

/** Every task is prepared once and opened once, and has a check. */
function refuseGaps({ path, cells, tasks }: Assignment): void {
  const opened = cells.flatMap(({ kind, source, line }) =>
    kind === "setup" ? openedTasks(source).map((task) => ({ task, line })) : [],
  );
  for (const [i, { task, line }] of opened.entries()) {
    if (!tasks.includes(task)) throw new SourceError(path, line, `no prepare cell makes the task “${task}”`);
    if (opened.findIndex((other) => other.task === task) !== i)
      throw new SourceError(path, line, `the task “${task}” is opened twice`);
  }
  for (const { kind, task, line } of cells) {
    if (kind !== "prepare") continue;
    if (!opened.some((other) => other.task === task))
      throw new SourceError(path, line, `no setup cell opens the task “${task}”`);
    if (!cells.some((cell) => cell.kind === "check" && cell.task === task))
      throw new SourceError(path, line, `the task “${task}” has no check`);
  }
}

class CellReader {
  private readonly cells: AssignmentCell[] = [];
  private readonly context: Context;
  private task = "";
  private text: string[] = [];
  private textLine = 1;
  /** The metadata that a `+++` gave to the text after it. */
  private mark: BreakBlock | null = null;

  constructor(
    chapter: string,
    private readonly file: string,
  ) {
    this.context = {
      chapter,
      folderLink: `../chapters/${chapter}/`,
      terms: new Map(),
      footnotes: new Footnotes(),
      citations: new Citations(new Map()),
    };
  }

  read(blocks: readonly Block[]): AssignmentCell[] {
    for (const block of blocks) {
      if (block.kind === "break") {
        this.endText();
        this.mark = Object.keys(block.metadata).length > 0 ? block : null;
      } else if (block.kind === "directive" && block.name === "code-cell") {
        this.endText();
        this.add(this.codeCell(block));
      } else {
        if (this.text.length === 0) this.textLine = block.line;
        const text = convertBlock(block, this.context).replace(/^\n+|\s+$/g, "");
        if (text !== "") this.text.push(text);
      }
    }
    this.endText();
    return this.cells;
  }

  private add(cell: AssignmentCell & Place): void {
    const { file, ...kept } = cell;
    refuseRegions(cell);
    if (cell.id !== "" && this.cells.some(({ id }) => id === cell.id))
      throw new SourceError(file, cell.line, `the id “${cell.id}” is already taken`);
    if (cell.kind === "setup") this.task = openedTasks(cell.source).at(-1) ?? this.task;
    this.cells.push(cell.kind === "setup" ? { ...kept, task: this.task } : kept);
  }

  private endText(): void {
    const source = this.text.join("\n\n");
    const { mark } = this;
    this.text = [];
    this.mark = null;
    if (mark !== null) {
      if (source === "") throw new SourceError(mark.file, mark.line, "no text follows this mark");
      this.add(this.explainCell(mark, source));
    } else if (source !== "") {
      const prose = { kind: "prose", id: "", title: "", points: 0, hidden: false } as const;
      this.add({ ...prose, task: this.task, source, file: this.file, line: this.textLine });
    }
  }

  /** `+++ {"explain": "why", "points": 3, "title": "Explain the fault"}` */
  private explainCell(mark: BreakBlock, source: string): AssignmentCell & Place {
    const { metadata: options, file, line } = mark;
    onlyOptions(options, ["explain", "points", "title"], "the mark of an explanation", mark);
    const id = idOf(options, "explain", mark);
    const points = pointsOption(options, mark);
    const title = titleOf(options, mark);
    return { kind: "explain", id, title, points, task: this.task, source, hidden: false, file, line };
  }

  private codeCell(block: DirectiveBlock): AssignmentCell & Place {
    const kind = codeKind(block);
    const { options, file, line } = block;
    if (block.argument !== "typescript")
      throw new SourceError(file, line, `a code cell's language is “typescript”, not “${block.argument}”`);
    onlyOptions(options, ["tags", ...OPTIONS[kind]], `a cell tagged “${kind}”`, block);
    const source = block.body.replace(/^(\s*\n)+|\s+$/g, "");
    const base = { kind, source, hidden: false, title: "", points: 0, id: "", task: this.task, file, line };
    if (kind === "prepare") return { ...base, task: idOf(options, "task", block) };
    const id = options.id === undefined ? this.nextId(kind, source) : idOf(options, "id", block);
    if (kind !== "check") return { ...base, id };
    if (this.task === "") throw new SourceError(file, line, "no task has been opened before this check");
    const hidden = regions(source, block).hidden;
    return { ...base, id, hidden, points: pointsOption(options, block), title: titleOf(options, block) };
  }

  /** `broken-tunnel-answer-2`: of this kind the second in its task. */
  private nextId(kind: CellKind, source: string): string {
    const task = (kind === "setup" ? openedTasks(source).at(-1) : undefined) ?? this.task;
    const before = this.cells.filter((cell) => cell.kind === kind && cell.task === task).length;
    return [task === "" ? "assignment" : task, kind, String(before + 1)].join("-");
  }
}

function codeKind(block: DirectiveBlock): (typeof CODE_KINDS)[number] {
  const tags = listOption(block.options, "tags", block);
  const kind = CODE_KINDS.find((name) => name === tags[0]);
  if (kind === undefined || tags.length !== 1) {
    const choices = CODE_KINDS.join(", ");
    throw new SourceError(block.file, block.line, `a code cell of an assignment has one tag of ${choices}`);
  }
  return kind;
}

function idOf(options: Options, name: string, place: Place): string {
  const id = textOption(options, name, place) ?? "";
  if (!ID.test(id))
    throw new SourceError(place.file, place.line, `“${name}” is a word of letters, digits, “-” and “_”`);
  return id;
}

function titleOf(options: Options, place: Place): string {
  const title = textOption(options, "title", place);
  if (title === undefined) throw new SourceError(place.file, place.line, "a cell with points has a title");
  return title;
}

function pointsOption(options: Options, place: Place): number {
  const { points } = options;
  if (typeof points === "number" && Number.isInteger(points) && points > 0 && points <= 1000) return points;
  throw new SourceError(place.file, place.line, "“points” is a whole number from 1 to 1000");
}

/** Solutions stand in answers and explanations, hidden checks in checks. */
function refuseRegions(cell: AssignmentCell & Place): void {
  const { solution, hidden } = regions(cell.source, cell);
  const answers = cell.kind === "answer" || cell.kind === "explain";
  const wrong = (what: string) => new SourceError(cell.file, cell.line, what);
  if (answers && !solution) throw wrong("this cell has no “BEGIN SOLUTION”: a student would get all of it");
  if (!answers && solution) throw wrong("“BEGIN SOLUTION” can only stand in an answer or an explanation");
  if (cell.kind !== "check" && (hidden || onlyHidden(cell.source) !== ""))
    throw wrong("“BEGIN HIDDEN TESTS” can only stand in a check");
}

/** Whether a text has a solution, and whether all of it but comments is hidden. Throws a SourceError for regions that do not pair. */
function regions(source: string, place: Place): { solution: boolean; hidden: boolean } {
  try {
    const solution = withoutSolutions(source, "") !== source;
    const seen = withoutHidden(source).replace(/^\s*\/\/.*$/gm, "");
    return { solution, hidden: onlyHidden(source) !== "" && !/\S/.test(seen) };
  } catch (error) {
    throw new SourceError(place.file, place.line, (error as Error).message);
  }
}
