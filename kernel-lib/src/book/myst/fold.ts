import type { Cell, CellMetadata } from "../../base/notebook.js";
import { type Block, type DirectiveBlock, parseBlocks } from "./blocks.js";
import { codeMetadata, readCodeCell } from "./code-cell.js";
import type { Context } from "./context.js";
import { convertBlock } from "./convert.js";
import { around, bodyPlace } from "./directives/directive.js";
import { dropdown, dropdownOpening, dropdownTitle } from "./directives/dropdown.js";
import { onlyOptions } from "./options.js";

/**
 * A dropdown with code cells in it: a notebook cannot put one cell into another, so it becomes a row of cells that carry one number in
 * `metadata.hopbook.fold`. JupyterLab folds each of them, a page all of them together.
 */
export interface Fold {
  readonly number: number;
  readonly title: string;
}

/** The blocks in a dropdown with code cells; null for everything else. */
export function foldedBlocks(block: Block): Block[] | null {
  if (block.kind !== "directive" || !dropdown.names.includes(block.name)) return null;
  const blocks = parseBlocks(block.body, bodyPlace(block));
  return blocks.some((inner) => inner.kind === "directive" && inner.name === "code-cell") ? blocks : null;
}

/** The cells of a dropdown with code cells. */
export function foldedCells(
  block: DirectiveBlock,
  blocks: readonly Block[],
  number: number,
  context: Context,
): Cell[] {
  onlyOptions(block.options, [], "a dropdown with code cells", block);
  const hopbook = { fold: { number, title: dropdownTitle(block) } satisfies Fold };
  const cells: Cell[] = [];
  let run: string[] = [];
  const endRun = () => {
    if (run.length === 0) return;
    const source = around(dropdownOpening(block, context), run.join("\n\n"), "</details>");
    cells.push({ cell_type: "markdown", id: "", metadata: { hopbook }, source });
    run = [];
  };
  for (const inner of blocks) {
    if (inner.kind === "directive" && inner.name === "code-cell") {
      endRun();
      const { source, metadata } = readCodeCell(inner);
      const hidden: CellMetadata = { ...codeMetadata(hideCell(metadata.tags ?? [])), hopbook };
      cells.push({ cell_type: "code", id: "", metadata: hidden, source, execution_count: null, outputs: [] });
    } else {
      run.push(convertBlock(inner, context).replace(/^\n+|\s+$/g, ""));
    }
  }
  endRun();
  return cells;
}

function hideCell(tags: readonly string[]): string[] {
  return tags.includes("hide-cell") ? [...tags] : [...tags, "hide-cell"];
}
