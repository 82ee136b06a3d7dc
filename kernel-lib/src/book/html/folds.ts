import { type Cell, joinText } from "../../base/notebook.js";
import { cellHtml } from "./cells.js";
import type { PageText } from "./markdown.js";
import { html, type Markup } from "./markup.js";

interface Fold {
  readonly number: number;
  readonly title: string;
}

/** Which dropdown of several cells the cell belongs to (`metadata.hopbook.fold`); null for none. */
function foldOf(cell: Cell): Fold | null {
  const hopbook = cell.metadata.hopbook as { fold?: Partial<Fold> } | null | undefined;
  const { number, title } = hopbook?.fold ?? {};
  return typeof number === "number" && typeof title === "string" ? { number, title } : null;
}

/** The cell as it stands within the dropdown: without what folds it alone in a notebook. */
function unfolded(cell: Cell): Cell {
  if (cell.cell_type === "code") {
    const tags = (cell.metadata.tags ?? []).filter((tag) => tag !== "hide-cell");
    return { ...cell, metadata: { ...cell.metadata, tags } };
  }
  const source = joinText(cell.source).replace(
    /^<details[^>]*>\s*<summary>[\s\S]*?<\/summary>\s*|\s*<\/details>\s*$/g,
    "",
  );
  return { ...cell, source };
}

/** The cells in their order, those of one dropdown together. `first` is the number of the first cell. */
export function cellsHtml(cells: readonly Cell[], first: number, page: PageText): Markup {
  const parts: Markup[] = [];
  for (let i = 0; i < cells.length; ) {
    const fold = foldOf(cells[i]!);
    if (fold === null) {
      parts.push(cellHtml(cells[i]!, first + i, page));
      i++;
      continue;
    }
    const inner: Markup[] = [];
    for (; i < cells.length && foldOf(cells[i]!)?.number === fold.number; i++) {
      inner.push(cellHtml(unfolded(cells[i]!), first + i, page));
    }
    parts.push(html`<details class="folded"><summary>${fold.title}</summary>\n${inner}</details>\n`);
  }
  return html`${parts}`;
}
