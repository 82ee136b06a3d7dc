import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { variantOf } from "./assignment/assignment.js";
import type { GradeRequest } from "./grade-request.js";
import type { Graded, OpenedTask, ReplayInput, ReplayMessage } from "./replay/messages.js";
import type { SubmissionResult } from "./result.js";
import { failedResult, resultOf } from "./result-of.js";
import { type Collected, collect, plainText } from "./run/collect.js";
import type { RunnerInput, SubmittedCell } from "./run/messages.js";
import { bestWall, wallOf } from "./sandbox/choose.js";
import { DEFAULT_LIMITS, type Limits } from "./sandbox/limits.js";
import { type Ending, type ProgramRun, runProgram } from "./sandbox/run-program.js";
import type { Wall } from "./sandbox/wall.js";
import { manualCells, readNotebookFile } from "./submitted.js";

/** The programs for the sandbox that were built beside the library. */
const PROGRAMS = fileURLToPath(new URL("programs/", import.meta.url));
/** Of one task, the journals that are graded: those of doubled cells. */
const MOST_JOURNALS = 4;

let best: Promise<Wall> | null = null;

/**
 * Grades one submission: the student's cells run in a sandbox, from which only the journals of the opened tasks come; a clean process, in a sandbox as well,
 * replays them and asks the checks. Whatever the student did, the promise is fulfilled; it is rejected where the sandbox is not there or does not start, where
 * the assignment itself cannot be made, and when the signal says so.
 */
export async function gradeSubmission(request: GradeRequest): Promise<SubmissionResult> {
  const { assignment, student } = request;
  best ??= request.sandbox === undefined ? bestWall() : null;
  const wall = request.sandbox === undefined ? await best! : wallOf(request.sandbox);
  const notebook = readNotebookFile(request.notebook);
  if (typeof notebook === "string") return failedResult(assignment, student, notebook);
  const grading = new Grading(request, wall);
  const { opened, cells, warnings } = await grading.run(notebook.code);
  const { graded, unfinished } = await grading.replay(opened);
  const result = resultOf(assignment, student, opened, graded, unfinished);
  const told = [...notebook.warnings, ...warnings, ...grading.warnings, ...result.warnings];
  return {
    ...result,
    manual: manualCells(assignment, notebook.cells),
    cells,
    warnings: wall.warning === null ? told : [...told, wall.warning],
  };
}

class Grading {
  readonly warnings: string[] = [];
  private readonly limits: Limits;

  constructor(
    private readonly request: GradeRequest,
    private readonly wall: Wall,
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...request.limits };
  }

  /** Runs the student's cells. */
  async run(cells: readonly SubmittedCell[]): Promise<Collected> {
    const { lines, ending } = await this.program("runner.mjs", { cells } satisfies RunnerInput);
    if (lines.length === 0 && cells.length > 0) throw notStarted(ending, this.limits);
    if (ending.kind !== "done")
      this.warnings.push(`the notebook did not end: ${endingText(ending, this.limits)}`);
    const { assignment, student } = this.request;
    return collect(lines, cells, variantOf(assignment, student));
  }

  /** Grades the journals; says why not all of them, where that is so. */
  async replay(
    opened: readonly OpenedTask[],
  ): Promise<{ readonly graded: readonly Graded[]; readonly unfinished: string }> {
    const { assignment, student } = this.request;
    const wanted = this.worthReplaying(opened);
    if (wanted.length === 0) return { graded: [], unfinished: "" };
    const input: ReplayInput = { assignment, student, opened: wanted };
    const { lines, ending } = await this.program("replayer.mjs", input);
    const messages = lines.map(readReplayed);
    if (messages.length === 0) throw notStarted(ending, this.limits);
    const failed = messages.find((message) => message.kind === "failed");
    if (failed !== undefined) throw new Error(failed.reason);
    const graded = messages.filter((message) => message.kind === "graded");
    const unfinished = `what the notebook did to the lab could not be done again: ${endingText(ending, this.limits)}`;
    if (graded.length < wanted.length) this.warnings.push(unfinished);
    return { graded, unfinished };
  }

  /** The journals of tasks that there are, the longest of each: a cell that was run twice has opened its task twice. */
  private worthReplaying(opened: readonly OpenedTask[]): OpenedTask[] {
    return this.request.assignment.tasks.flatMap((name) => {
      const all = opened.filter((one) => one.name === name);
      const different = [...new Map(all.map((one) => [JSON.stringify(one.entries), one])).values()];
      return different.sort((a, b) => b.entries.length - a.entries.length).slice(0, MOST_JOURNALS);
    });
  }

  private program(name: string, input: object): Promise<ProgramRun> {
    const program = join(this.request.programs ?? PROGRAMS, name);
    return runProgram(this.wall, program, JSON.stringify(input), this.limits, this.request.signal);
  }
}

/** What the checks say holds words of the student's: without control characters. */
function readReplayed(line: string): ReplayMessage {
  return JSON.parse(line, (_name, value: unknown) =>
    typeof value === "string" ? plainText(value) : value,
  ) as ReplayMessage;
}

/** Both programs tell something before they do anything of a student's: where nothing came, the machine is to blame. */
function notStarted(ending: Ending, limits: Limits): Error {
  return new Error(`the sandbox's program did not start: ${endingText(ending, limits)}`);
}

function endingText(ending: Ending, limits: Limits): string {
  if (ending.kind === "done") return "it ended early";
  if (ending.kind === "death") return `it died ${ending.why}`;
  switch (ending.limit) {
    case "cpu":
      return `it used more than ${limits.cpuSeconds} s of processor time`;
    case "wall":
      return `it took more than ${limits.wallSeconds} s`;
    case "memory":
      return `it used more than ${Math.round(limits.memoryBytes / 2 ** 20)} MB of memory`;
    case "output":
      return `it told more than ${Math.round(limits.outputBytes / 2 ** 10)} kB`;
  }
}
