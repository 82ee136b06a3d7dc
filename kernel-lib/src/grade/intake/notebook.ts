import { type Cell, joinText, type Notebook, stringifyNotebook } from "../../base/notebook.js";
import { upgradeNotebook } from "../../book/html/upgrade-notebook.js";

/** A notebook as it is graded: sources alone, in format 4.5. Nothing that it claims to have printed is kept. */
export type Intake =
  | { readonly kind: "notebook"; readonly text: string; readonly warnings: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string };

/** A long chapter has 120 cells. */
const MOST_CELLS = 2000;
/** Of all sources together, in characters. */
const MOST_SOURCE = 2_000_000;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const refused = (reason: string): Intake => ({ kind: "refused", reason });

/** Reads a notebook that was handed in. What is damaged in one cell costs that cell only; what is no notebook of ours says so. */
export function readSubmitted(text: string): Intake {
  if (text.trim() === "") return refused("the notebook is an empty file");
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return refused(`the notebook is not JSON: ${printable((error as Error).message)}`);
  }
  if (!isFields(raw) || raw.nbformat === undefined) return refused("the file is JSON, but not a notebook");
  const warnings: string[] = [];
  if (raw.nbformat === 3) warnings.push("the notebook has the old format 3 and was read as format 4");
  const file = raw.nbformat === 3 ? upgraded(raw) : raw;
  if (file === null || file.nbformat !== 4)
    return refused(
      `notebooks of the formats 3 and 4 are read, not ${printable(JSON.stringify(raw.nbformat))}`,
    );
  const kernel = otherKernel(file.metadata);
  if (kernel !== null)
    return refused(`the notebook is for the kernel “${kernel}”, not for TypeScript (Hopbook)`);
  if (!Array.isArray(file.cells)) return refused("the notebook has no list of cells");
  if (file.cells.length > MOST_CELLS)
    return refused(`the notebook has ${file.cells.length} cells; the most that is read is ${MOST_CELLS}`);
  const cells = readCells(file.cells, warnings);
  const size = cells.reduce((sum, cell) => sum + joinText(cell.source).length, 0);
  if (size > MOST_SOURCE)
    return refused(`the cells have ${size} characters; the most that is read is ${MOST_SOURCE}`);
  return { kind: "notebook", text: notebookText(cells), warnings };
}

function upgraded(raw: Fields): Fields | null {
  try {
    return upgradeNotebook(raw);
  } catch {
    return null;
  }
}

function notebookText(cells: Cell[]): string {
  const kernelspec = { name: "hopbook", display_name: "TypeScript (Hopbook)", language: "typescript" };
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec, language_info: { name: "typescript" } },
    cells,
  };
  return stringifyNotebook(notebook);
}

/** The name of a kernel of another language; null for ours, and where the notebook names none. */
function otherKernel(metadata: unknown): string | null {
  if (!isFields(metadata)) return null;
  const { kernelspec, language_info } = metadata;
  const language =
    (isFields(kernelspec) ? kernelspec.language : undefined) ??
    (isFields(language_info) ? language_info.name : undefined);
  if (typeof language !== "string" || /^(typescript|javascript)$/i.test(language)) return null;
  const name = isFields(kernelspec) ? (kernelspec.display_name ?? kernelspec.name) : language;
  return printable(String(name ?? language));
}

function readCells(raw: readonly unknown[], warnings: string[]): Cell[] {
  const ids = new Set<string>();
  return raw.flatMap((value, i) => {
    const number = i + 1;
    const source = isFields(value) ? sourceText(value.source) : null;
    const type = isFields(value) ? value.cell_type : null;
    if (source === null || (type !== "code" && type !== "markdown" && type !== "raw")) {
      warnings.push(`cell ${number} is damaged and was passed over`);
      return [];
    }
    const { id, metadata } = value as Fields;
    const base = { id: cellId(id, number, ids), metadata: plainMetadata(metadata), source };
    return [
      type === "code"
        ? { ...base, cell_type: type, execution_count: null, outputs: [] }
        : { ...base, cell_type: type },
    ];
  });
}

function sourceText(source: unknown): string | null {
  if (typeof source === "string") return source;
  if (Array.isArray(source) && source.every((line) => typeof line === "string")) return source.join("");
  return null;
}

/** Ids may be doubled by copying cells and must be unique in what is graded: cells are never found by them. */
function cellId(id: unknown, number: number, seen: Set<string>): string {
  const wanted = typeof id === "string" && /^[\w-]{1,64}$/.test(id) && !seen.has(id) ? id : `cell-${number}`;
  let free = wanted;
  for (let count = 2; seen.has(free); count++) free = `cell-${number}-${count}`;
  seen.add(free);
  return free;
}

/** Tags, and nbgrader's words on the cell: flat values alone. */
function plainMetadata(metadata: unknown): Record<string, unknown> {
  if (!isFields(metadata)) return {};
  const { tags, nbgrader } = metadata;
  const kept: Record<string, unknown> = {};
  if (Array.isArray(tags)) kept.tags = tags.filter((tag) => typeof tag === "string").slice(0, 20);
  if (isFields(nbgrader)) {
    const flat = Object.entries(nbgrader).filter(([, value]) => value === null || typeof value !== "object");
    kept.nbgrader = Object.fromEntries(flat.slice(0, 20));
  }
  return kept;
}

/** A student's words within a message: one line, without control characters. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").slice(0, 200);
}
