import { plainCell } from "../../base/cell-magic.js";
import { CELL, rewriteCell } from "./rewrite.js";

/** A module that a cell may import, by the name in the import. Throws for one that is not there. */
export type Modules = (name: string) => Record<string, unknown>;

/** What a running cell finds under {@link CELL}. */
interface RunningCell {
  readonly scope: Record<string, unknown>;
  readonly module: Modules;
  /** The value of the last expression. */
  value: unknown;
}

/** A cell is strict code, within a scope that only loose code can open. */
const OPEN = `(function (${CELL}) { with (${CELL}.scope) { return (async function () { "use strict"; `;

function compile(body: string, script: string): (cell: RunningCell) => Promise<void> {
  // biome-ignore lint/security/noGlobalEval: running the reader's code is what a cell is for.
  const evaluate = globalThis.eval;
  return evaluate(`${OPEN}${body}\n})(); } })\n//# sourceURL=${script}`) as ReturnType<typeof compile>;
}

/** The names that the cells of one notebook share. */
export class NotebookScope {
  private readonly scope = Object.create(null) as Record<string, unknown>;

  constructor(private readonly modules: Modules) {}

  /**
   * Runs a cell and gives the value of its last expression, awaited. `script` is what stack traces call it; `onShifts` is told by how many columns its lines
   * stand further right than the reader wrote them.
   */
  async run(
    source: string,
    script: string,
    onShifts: (shifts: ReadonlyMap<number, number>) => void = () => undefined,
  ): Promise<unknown> {
    const { body, names, shifts } = rewriteCell(plainCell(source));
    onShifts(new Map([...shifts, [1, OPEN.length + (shifts.get(1) ?? 0)]]));
    for (const name of names) if (!(name in this.scope)) this.scope[name] = undefined;
    const cell: RunningCell = { scope: this.scope, module: this.modules, value: undefined };
    await compile(body, script)(cell);
    return await cell.value;
  }
}
