import { describe, expect, it } from "vitest";
import { plain, shown, withKernel } from "./kernel-under-test.js";

const kernel = withKernel();

/** Runs a cell that fails and gives its traceback, with `N` for the cell's number. */
async function traceback(code: string): Promise<string> {
  const { error } = await kernel().execute(code);
  return plain(error?.traceback.join("\n") ?? "no error").replace(/cell \[\d+\]/g, "cell [N]");
}

describe("what a cell throws", () => {
  it("names the line, and only calls of the reader", async () => {
    const code =
      'const limit: number = 1;\nfunction f(): never {\n  throw new RangeError("boom");\n}\n\nf();';
    expect(await traceback(code)).toBe(
      [
        "RangeError: boom",
        '  3 |   throw new RangeError("boom");',
        "    |         ^",
        "    at f (cell [N]:3:9)",
        "    at cell [N]:6:1",
      ].join("\n"),
    );
  });

  it("names the line also behind an await", async () => {
    const code = 'async function g() {\n  await null;\n  throw new Error("late");\n}\nawait g();';
    expect(await traceback(code)).toBe(
      [
        "Error: late",
        '  3 |   throw new Error("late");',
        "    |         ^",
        "    at g (cell [N]:3:9)",
        "    at async cell [N]:5:1",
      ].join("\n"),
    );
  });

  it("names the cell that holds the function", async () => {
    await kernel().execute("function thrower() {\n  throw new Error('elsewhere');\n}");
    const { error } = await kernel().execute("thrower();");
    const places = plain(error!.traceback.join("\n")).match(/cell \[\d+\]:\d+/g)!;
    const here = (await kernel().execute("1")).executionCount! - 1;
    expect(places).toEqual([`cell [${here - 1}]:2`, `cell [${here}]:1`]);
  });

  const CASES: [code: string, ename: string, evalue: string][] = [
    ['throw "text";', "Uncaught", "'text'"],
    ["throw { code: 5 };", "Uncaught", "{ code: 5 }"],
    ['Promise.reject(new TypeError("no"))', "TypeError", "no"],
    ["JSON.parse('{')", "SyntaxError", "Expected property name or '}' in JSON at position 1"],
    ['import * as fs from "node:fs"; fs.readFileSync("/nowhere");', "Error", "ENOENT"],
  ];
  it.each(CASES)("%s", async (code, ename, evalue) => {
    const { error } = await kernel().execute(code);
    expect(error).toMatchObject({ ename, evalue: expect.stringContaining(evalue) });
  });

  it("shows the cause of an error", async () => {
    const text = await traceback('throw new Error("outer", { cause: "the reason" });');
    expect(text).toContain("Caused by: 'the reason'");
  });

  it("prints what nobody waits for, and lives on", async () => {
    const code = 'Promise.reject(new Error("forgotten")); await new Promise((done) => setTimeout(done, 20));';
    const result = await kernel().execute(code);
    expect(result.status).toBe("ok");
    expect(shown(result.outputs)[0]).toMatch(/^stderr: Unhandled rejection: Error: forgotten/);
    expect(shown((await kernel().execute("1")).outputs)).toEqual(["execute_result: 1"]);
  });

  it("refuses input", async () => {
    const result = await kernel().execute("for await (const line of process.stdin) console.log(line);");
    expect(result.error?.evalue ?? shown(result.outputs).join()).toContain("input is not supported");
  });
});

describe("what does not compile", () => {
  it("has the cell's line, the code and a caret, and is not run", async () => {
    const code = 'console.log("not run");\nconst port: number = "80";';
    expect(await traceback(code)).toBe(
      [
        "cell [N]:2:7 - error TS2322: Type 'string' is not assignable to type 'number'.",
        '  2 | const port: number = "80";',
        "    |       ^^^^",
        "",
      ].join("\n"),
    );
    expect(shown((await kernel().execute(code)).outputs)).toHaveLength(1);
  });

  const CASES: [code: string, ename: string, text: string][] = [
    ["function f(a) { return a; }", "TypeScriptError", "TS7006: Parameter 'a' implicitly has an 'any' type."],
    ["let s: string = null;", "TypeScriptError", "TS2322: Type 'null' is not assignable to type 'string'."],
    ["missing + 1", "TypeScriptError", "TS2304: Cannot find name 'missing'."],
    ["let z = 1 +", "SyntaxError", "1:12 - TS1109: Expression expected."],
    ['import { nothing } from "node:fs";', "TypeScriptError", "has no exported member"],
    ['import x from "no-such-package";', "TypeScriptError", "TS2307: Cannot find module 'no-such-package'"],
  ];
  it.each(CASES)("%s", async (code, ename, text) => {
    const { error } = await kernel().execute(code);
    expect(error).toMatchObject({ ename, evalue: expect.stringContaining(text) });
  });
});

describe("declarations", () => {
  it("may be made again with another type", async () => {
    await kernel().execute("const again = 1; let other = again;");
    const result = await kernel().execute('const again = "one"; again.length');
    expect(shown(result.outputs)).toEqual(["execute_result: 3"]);
  });

  it("are there in shorthand properties, of objects and of patterns", async () => {
    await kernel().execute("const near = 1; let far = 2;");
    const made = await kernel().execute("const pair = { near, far }; pair");
    expect(shown(made.outputs)).toEqual(["execute_result: { near: 1, far: 2 }"]);
    const taken = await kernel().execute(
      "({ far } = { far: 3 }); ({ far = 4 } = {}); const own = 5; ({ far, own })",
    );
    expect(shown(taken.outputs)).toEqual(["execute_result: { far: 4, own: 5 }"]);
  });

  it("keep their types from cell to cell", async () => {
    await kernel().execute("interface Point { x: number }\nconst p: Point = { x: 1 };");
    expect((await kernel().execute("p.y")).error?.evalue).toContain("TS2339");
    expect(shown((await kernel().execute("p.x")).outputs)).toEqual(["execute_result: 1"]);
  });
});
