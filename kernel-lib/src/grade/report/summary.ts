import { html, type Markup, NOTHING } from "../../book/html/markup.js";
import { inlineSvg } from "../../book/html/svg.js";
import type { Figure } from "../../plot/figure.js";
import type { Assignment } from "../assignment/assignment.js";
import { distribution, missedChecks } from "./figures.js";
import { percent } from "./grades-csv.js";
import { reportPage } from "./page.js";
import type { SimilarPair } from "./similarity.js";
import type { ClassStatistics } from "./statistics.js";

/** Rows of the summary's tables; `grades.csv` has all. */
const MOST_ROWS = 200;

/** What the summary page is made from. */
export interface Summary {
  readonly assignment: Assignment;
  readonly statistics: ClassStatistics;
  readonly pairs: readonly SimilarPair[];
  /** Files that belong to no student. */
  readonly strays: readonly { readonly path: string; readonly reason: string }[];
  /** The student's folder, by student. */
  readonly folder: (student: string) => string;
}

/** The teacher's page: how the class did, what was missed, what to look at. */
export async function summaryPage(summary: Summary): Promise<string> {
  const { assignment, statistics, pairs, strays, folder } = summary;
  const { points, maxPoints, missed } = statistics;
  const plots =
    points.length === 0 ? [] : [await figureHtml(distribution(points, maxPoints), "distribution")];
  if (missed.length > 0) plots.push(await figureHtml(missedChecks(missed), "missed"));
  const link = (student: string): Markup =>
    html`<a href="${encodeURI(`students/${folder(student)}/feedback.html`)}">${student}</a>`;
  return reportPage(
    `Grades: ${assignment.title}`,
    html`<header class="opener">
<h1>${assignment.title}</h1>
<p class="subtitle">Grades of ${points.length} submissions</p>
<p class="points">Mean <strong>${statistics.mean}</strong>, median <strong>${statistics.median}</strong> of ${maxPoints} points; ${statistics.hints} hints asked for</p>
</header>
${plots}
${section(
  "Checks by how many missed them",
  ["task", "check", "missed", "of"],
  missed.map((check) => [
    check.task,
    `${check.title}${check.hidden ? " (hidden)" : ""}`,
    check.missed,
    check.asked,
  ]),
)}
${section(
  "Nothing could be graded",
  ["student", "reason"],
  statistics.failed.map(({ student, reason }) => [link(student), reason]),
)}
${section(
  "Look at these",
  ["student", "what happened"],
  statistics.warned.map(({ student, warnings }) => [link(student), warnings.join("; ")]),
)}
${section(
  "Alike journals",
  ["student", "student", "likeness", "rare runs of actions in common"],
  pairs.map(({ students: [one, other], likeness, rare }) => [link(one), link(other), likeness, rare]),
  "Two students did the same things in the same order that few others did. This proves nothing: read both.",
)}
${section(
  "Students",
  ["student", "points", "%"],
  statistics.students.map(({ student, points: own, maxPoints: of }) => [
    link(student),
    own,
    percent(own, of),
  ]),
)}
${section(
  "Files that belong to no student",
  ["file", "reason"],
  strays.map(({ path, reason }) => [path, reason]),
)}`,
  );
}

async function figureHtml(figure: Figure, id: string): Promise<Markup> {
  return html`<figure class="output picture">${inlineSvg(await figure.svg(), id)}</figure>\n`;
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (Markup | string | number)[])[],
  note = "",
): Markup {
  if (rows.length === 0) return NOTHING;
  const cell = (value: Markup | string | number): Markup =>
    typeof value === "number" ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
  const shown = rows.slice(0, MOST_ROWS).map((row) => html`<tr>${row.map(cell)}</tr>\n`);
  const more = rows.length > MOST_ROWS ? html`<p>And ${rows.length - MOST_ROWS} more.</p>\n` : NOTHING;
  return html`<section>
<h2>${title}</h2>
${note === "" ? NOTHING : html`<p>${note}</p>\n`}<div class="table-scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${shown}</tbody></table></div>
${more}</section>
`;
}
