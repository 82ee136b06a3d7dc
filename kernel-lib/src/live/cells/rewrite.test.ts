import { describe, expect, it } from "vitest";
import { NotebookScope } from "./notebook-scope.js";
import { rewriteCell } from "./rewrite.js";

const modules = (name: string) => {
  if (name !== "hopbook") throw new Error(`Cannot find module '${name}'`);
  return { Lab: class Lab {}, seconds: (n: number) => n * 1e9, default: "whole" };
};

/** Runs cells one after the other and gives each one's value, or its error's text. */
async function run(...cells: readonly string[]): Promise<unknown[]> {
  const scope = new NotebookScope(modules);
  const values: unknown[] = [];
  for (const [i, cell] of cells.entries())
    values.push(
      await scope.run(cell, `cell-${i}`).catch((error: Error) => `${error.name}: ${error.message}`),
    );
  return values;
}

/** Cells, and the values that they give. */
const ROWS: readonly (readonly [title: string, cells: readonly string[], values: readonly unknown[]])[] = [
  [
    "a last expression",
    ["1 + 1", "const a = 1;", "a;", "(a, 2)", "a // comment", "({ a })"],
    [2, undefined, 1, 2, 1, { a: 1 }],
  ],
  ["types go", ["const n: number = 1; type T = string; interface I { x: T } n as unknown as I"], [1]],
  [
    "declared again",
    ["const a = 1; let b = 2", "const a = 'x'; b++; [a, b]", "[a, b]"],
    [undefined, ["x", 3], ["x", 3]],
  ],
  [
    "a function sees the newer value",
    ["const a = 1; const f = () => a", "const a = 2; f()", "f.name"],
    [undefined, 2, "f"],
  ],
  ["functions before their line", ["const v = f(); function f() { return 5 } v", "f()"], [5, 5]],
  [
    "classes and enums",
    [
      "class K<T> { x: T | undefined; static of() { return new K() } } enum E { A, B }",
      "[typeof K, K.of() instanceof K, E.B]",
    ],
    [undefined, ["function", true, 1]],
  ],
  [
    "patterns",
    [
      "const { a, b: [c, ...d], e = 5, ...f } = { a: 1, b: [2, 3, 4], g: 6 } as any; [a, c, d, e, f]",
      "let h, i = 2; [h, i]",
    ],
    [
      [1, 2, [3, 4], 5, { g: 6 }],
      [undefined, 2],
    ],
  ],
  [
    "imports stay for later cells",
    [
      "import { Lab, seconds as s, type Hop } from 'hopbook'; import whole, * as all from 'hopbook'",
      "[new Lab() instanceof Lab, s(2), whole, typeof all.Lab]",
    ],
    [undefined, [true, 2e9, "whole", "function"]],
  ],
  [
    "await anywhere",
    [
      "const x = await Promise.resolve(4); for await (const y of [x]) globalThis.seen = y; Promise.resolve(x + 1)",
    ],
    [5],
  ],
  [
    "loops keep their own names",
    ["let n = 0; for (let i = 0; i < 3; i++) n += i; n", "typeof i"],
    [3, "undefined"],
  ],
  [
    "exports are nothing",
    ["export const a = 1; export function g() { return a } export default 7; g(); export { a as z }", "a"],
    [1, 1],
  ],
  [
    "what is not there",
    ["nosuch()", "nosuch = 1", "import x from 'left-pad'"],
    [
      "ReferenceError: nosuch is not defined",
      "ReferenceError: nosuch is not defined",
      "Error: Cannot find module 'left-pad'",
    ],
  ],
  ["this is nothing", ["this"], [undefined]],
  ["nothing", ["", "// only a comment", "if (true) { 5 }"], [undefined, undefined, undefined]],
  [
    "after a failure",
    ["const a = 1; throw new Error('stop'); const b = 2", "[a, b]"],
    ["Error: stop", [1, undefined]],
  ],
];

describe("a cell", () => {
  it.each(ROWS)("%s", async (_title, cells, values) => {
    expect(await run(...cells)).toEqual(values);
  });

  it("keeps its lines", async () => {
    const source =
      'import {\n  Lab,\n} from "hopbook";\nfunction f() {\n  return 1;\n}\nconst\n  a = 1;\nthrow new Error("here");';
    const scope = new NotebookScope(modules);
    const error = await scope.run(source, "cell-lines").catch((thrown: Error) => thrown);
    expect((error as Error).stack).toContain("cell-lines:");
    expect(
      rewriteCell(source)
        .body.split("\n")
        .findIndex((line) => line.includes("throw")),
    ).toBe(8);
  });

  it.each(["const = 5", "let a: = 1", "{", "await ("])("refuses %s by its place", (source) => {
    expect(() => rewriteCell(source)).toThrow(/\(\d+:\d+\)/);
  });
});
