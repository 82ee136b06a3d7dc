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

/** A table as HTML: every cell is text, flush left (JupyterLab's own style sheet sets cells flush right). */
export function htmlTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = (tag: "th" | "td", row: readonly string[]) =>
    row.map((cell) => `<${tag} style="text-align:left">${escapeHtml(unbroken(cell))}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<table class="hop-table"><caption>${escapeHtml(caption)}</caption>\n<thead><tr>${cells("th", head)}</tr></thead>\n<tbody>\n${body}\n</tbody></table>`;
}

/** The same table as lines of text, columns two blanks apart. `right` lists the columns that are flush right. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const all = [head, ...rows];
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

/** A figure with its unit, kept on one line. */
function unbroken(cell: string): string {
  return /^[\d.,-]+ \S{1,3}$/.test(cell) ? cell.replace(" ", "\u00a0") : cell;
}
