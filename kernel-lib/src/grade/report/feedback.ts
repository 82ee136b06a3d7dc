import { type Cell, joinText, type Notebook } from "../../base/notebook.js";
import { ansiToHtml } from "../../book/html/ansi.js";
import { cellHtml } from "../../book/html/cells.js";
import type { PageText } from "../../book/html/markdown.js";
import { html, type Markup, NOTHING } from "../../book/html/markup.js";
import type { Assignment } from "../assignment/assignment.js";
import type { Graded } from "../database/gradebook.js";
import type { CellRun, CheckResult, ManualCell, TaskResult } from "../result.js";
import { type HiddenWords, shownChecks } from "./hidden.js";
import { reportPage } from "./page.js";

/** A student's feedback: what held and what did not, and the student's own notebook with what it printed when it was graded. */
export function feedbackPage(assignment: Assignment, graded: Graded, hidden: HiddenWords): string {
  const { result, name } = graded;
  const main = html`<header class="opener">
<h1>${assignment.title}</h1>
<p class="subtitle">Feedback for ${name}</p>
<p class="points"><strong>${result.points}</strong> of ${result.maxPoints} points by checks${manualNote(result.manual)}</p>
</header>
${result.reason === undefined ? NOTHING : html`<p class="notice">Nothing could be graded: ${result.reason}.</p>\n`}
${result.tasks.map((task) => taskHtml(task, hidden))}
${result.manual.map(manualHtml)}
${notebookHtml(graded)}`;
  return reportPage(`Feedback: ${assignment.title} · ${name}`, main);
}

function manualNote(manual: readonly ManualCell[]): string {
  const points = manual.reduce((sum, { maxPoints }) => sum + maxPoints, 0);
  return points === 0 ? "" : `; up to ${points} more by your teacher, who reads your texts`;
}

function taskHtml(task: TaskResult, words: HiddenWords): Markup {
  const { checks, hidden } = shownChecks(task, words);
  const hints =
    task.hints.length === 0 ? "" : ` You asked for hint ${task.hints.join(", ")}; hints cost nothing.`;
  const opened = task.opened === 0 ? " The notebook never opened this task." : "";
  return html`<section>
<h2>${task.name}</h2>
<p class="points">${task.points} of ${task.maxPoints} points.${hints}${opened}</p>
<ul class="checks">
${checks.map(checkHtml)}</ul>
${hidden === null ? NOTHING : html`<p>${hidden}</p>\n`}</section>
`;
}

const OUTCOMES = { pass: "holds", fail: "does not hold", error: "could not be asked" } as const;

function checkHtml({ title, status, points, maxPoints, message, hidden }: CheckResult): Markup {
  const told =
    message === undefined || status === "pass"
      ? NOTHING
      : html`<pre class="output">${ansiToHtml(message)}</pre>`;
  return html`<li class="${status}"><span class="worth">${points} of ${maxPoints}</span><span class="outcome">${OUTCOMES[status]}</span>: ${title}${hidden ? " (hidden)" : ""}${told}</li>
`;
}

function manualHtml({ title, maxPoints, text }: ManualCell): Markup {
  const words =
    text.trim() === ""
      ? html`<p>There is no text yet.</p>`
      : html`<pre class="output told">${ansiToHtml(text)}</pre>`;
  return html`<section>\n<h2>${title}</h2>\n<p class="points">Read by your teacher: up to ${maxPoints} points.</p>\n${words}\n</section>\n`;
}

const ENDINGS: Readonly<Record<CellRun["status"], string>> = {
  ok: "",
  error: "",
  cut: "\n(This cell was running when a limit was reached, and was ended.)",
  skipped: "(This cell did not run.)",
};

/** The notebook that was handed in, through the book's own exporter: what a student wrote or printed is escaped or sanitised there. */
function notebookHtml({ notebook, result }: Graded): Markup {
  if (notebook === null) return NOTHING;
  const { cells } = JSON.parse(notebook) as Notebook;
  const page: PageText = { headings: [], chapterNumber: null, image: () => null };
  const parts = cells.map((cell, i) => {
    const run = result.cells.find(({ index }) => index === i);
    return cellHtml(shownCell(cell, run), i + 1, page);
  });
  return html`<section class="theirs">
<h2>Your notebook, as it ran</h2>
${parts}</section>
`;
}

function shownCell(cell: Cell, run: CellRun | undefined): Cell {
  const bare = { id: cell.id, metadata: {}, source: joinText(cell.source) };
  if (cell.cell_type !== "code") return { ...bare, cell_type: cell.cell_type };
  const printed = run === undefined ? "" : `${run.text}${ENDINGS[run.status]}`;
  const text =
    printed.trim() === "" ? [] : [{ output_type: "stream" as const, name: "stdout" as const, text: printed }];
  return { ...bare, cell_type: "code", execution_count: null, outputs: text };
}
