import * as hopbook from "../../index.js";
import { NotebookScope } from "../../live/cells/notebook-scope.js";

/** Where the names that a run gives to its cells come from. */
const GIVEN = "hopbook/given";

/** The teacher's own cells, run in this process: never a student's. They share their names as a notebook's cells do. */
export class TrustedCells {
  private readonly scope: NotebookScope;
  private count = 0;

  /** `given` are names that the cells find; `library` takes the place of names of `hopbook`. */
  constructor(
    private readonly given: Readonly<Record<string, unknown>>,
    library: Readonly<Record<string, unknown>> = {},
  ) {
    const modules: Readonly<Record<string, Record<string, unknown>>> = {
      hopbook: { ...(hopbook as unknown as Record<string, unknown>), ...library },
      [GIVEN]: { ...given },
    };
    this.scope = new NotebookScope((name) => {
      const found = Object.hasOwn(modules, name) ? modules[name] : undefined;
      if (found === undefined)
        throw new Error(`Cannot find module '${name}': these cells may import "hopbook"`);
      return found;
    });
  }

  /** Gives the value of the cell's last expression. */
  async run(source: string, name: string): Promise<unknown> {
    if (this.count++ === 0 && Object.keys(this.given).length > 0)
      await this.scope.run(`import { ${Object.keys(this.given).join(", ")} } from "${GIVEN}";`, "given");
    return this.scope.run(source, name);
  }
}
