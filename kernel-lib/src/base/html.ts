/** Text made safe for the content or a quoted attribute of an HTML element. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A cell of a table; one with `more` opens to further lines. */
export type Cell = string | { readonly text: string; readonly more: readonly string[] };

/** A table as HTML: every cell is text, flush left (JupyterLab's own style sheet sets cells flush right). `notes` are paragraphs below it. */
export function htmlTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  notes: readonly string[] = [],
): string {
  const cells = (tag: "th" | "td", row: readonly Cell[]) =>
    row.map((cell) => `<${tag} style="text-align:left">${cellHtml(cell)}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  const below = notes.map((note) => `\n<p class="hop-note">${escapeHtml(note)}</p>`).join("");
  return `<table class="hop-table"><caption>${escapeHtml(caption)}</caption>\n<thead><tr>${cells("th", head)}</tr></thead>\n<tbody>\n${body}\n</tbody></table>${below}`;
}

function cellHtml(cell: Cell): string {
  if (typeof cell === "string") return linesHtml(unbroken(cell));
  return `<details><summary>${linesHtml(cell.text)}</summary>${linesHtml(cell.more.join("\n"))}</details>`;
}

/** Options of commands (`-p`, `--dport`) are marked as code, without the looks of code in JupyterLab: a line never breaks within one. */
function linesHtml(text: string): string {
  return escapeHtml(text)
    .replace(/(^|[\s(])(--?[a-zA-Z][\w-]*)/gm, `$1<code style="background:none;padding:0">$2</code>`)
    .replaceAll("\n", "<br>");
}

/** The same table as lines of text, columns two blanks apart. `right` lists the columns that are flush right. A cell may have several lines. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const all = [head, ...rows].flatMap(linesOf);
  const widths = head.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? "")].length)));
  return all
    .map((row) =>
      widths
        .map((width, i) => {
          const cell = row[i] ?? "";
          const pad = " ".repeat(width - [...cell].length);
          return right.includes(i) ? pad + cell : cell + pad;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A row as lines: further lines of a cell stand below its first. */
function linesOf(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split("\n"));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => cells.map((lines) => lines[i] ?? ""));
}

/** A figure with its unit, kept on one line. */
function unbroken(cell: string): string {
  return /^[\d.,-]+ \S{1,3}$/.test(cell) ? cell.replace(" ", "\u00a0") : cell;
}
