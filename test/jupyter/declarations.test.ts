import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import type * as Ts from "typescript";
import { describe, expect, it } from "vitest";
import { NOTEBOOKS, ROOT, requireBuild } from "./kernel-under-test.js";

/**
 * Cells are checked by the compiler inside tslab, TypeScript 5.0.4, which reads what newer compilers write into declarations as
 * `any` without a word. So the library's declarations are compiled with it here.
 */
const require = createRequire(import.meta.url);
const ts = require("@tslab/typescript-for-tslab") as typeof Ts;
const DIST = join(ROOT, "kernel-lib/dist");

const OPTIONS: Ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts"],
  types: [],
};

/** The programs on top of the library are not imported by cells. */
const PROGRAMS = new Set(["gateway", "jupyter", "book", "cli", "grade", "live"]);

function declarationFiles(folder = DIST): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return PROGRAMS.has(relative(DIST, path)) ? [] : declarationFiles(path);
    const source = join(ROOT, "kernel-lib/src", relative(DIST, path)).replace(/\.d\.ts$/, ".ts");
    // A declaration whose source has gone is left from an earlier build.
    return path.endsWith(".d.ts") && existsSync(source) ? [path] : [];
  });
}

describe("the library's declarations", () => {
  it("compile with the notebook's compiler, without Node's declarations", () => {
    requireBuild();
    const program = ts.createProgram(declarationFiles(), OPTIONS);
    const ours = ts.getPreEmitDiagnostics(program).filter(({ file }) => file?.fileName.startsWith(DIST));
    const messages = ours.map(({ file, start, messageText }) => {
      const line = file!.getLineAndCharacterOfPosition(start!).line + 1;
      return `${relative(DIST, file!.fileName)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(messages).toEqual([]);
  });

  it("name no type that only newer compilers know", () => {
    const NEWER =
      /\b(?:(?:Map|Set|Array|String|RegExpString)Iterator|IteratorObject|Uint8Array<ArrayBuffer(?:Like)?>)/;
    const lines = declarationFiles().flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => NEWER.test(line))
        .map((line) => `${relative(DIST, path)}: ${line.trim()}`),
    );
    expect(lines).toEqual([]);
  });

  it("are light: a cell that imports the library reads no declarations but the library's and the language's", () => {
    requireBuild();
    const start = performance.now();
    const { program, cell } = programOfCell(
      'import { Lab, plot } from "hopbook";\nplot.topology(Lab.preset("single").topology());\n',
    );
    expect(ts.getPreEmitDiagnostics(program, cell).map(({ messageText }) => messageText)).toEqual([]);
    const spent = performance.now() - start;
    const files = program.getSourceFiles().map(({ fileName }) => fileName);
    console.log(
      `a cell that imports hopbook: ${files.length} declaration files, checked in ${spent.toFixed(0)} ms`,
    );
    const LANGUAGE = /\/@tslab\/typescript-for-tslab\/lib\/lib\.[\w.]+\.d\.ts$/;
    const others = files.filter(
      (file) => !file.startsWith(DIST) && !LANGUAGE.test(file) && file !== cell.fileName,
    );
    expect(others).toEqual([]);
    expect(files.filter((file) => PROGRAMS.has(relative(DIST, file).split("/")[0]!))).toEqual([]);
  });
});

/** A cell beside the chapters, as the kernel compiles it before it needs Node's declarations. */
function programOfCell(text: string): { program: Ts.Program; cell: Ts.SourceFile } {
  const options: Ts.CompilerOptions = { ...OPTIONS, skipLibCheck: true };
  const path = join(NOTEBOOKS, "cell.ts");
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => file === path || fileExists(file);
  host.readFile = (file) => (file === path ? text : readFile(file));
  const program = ts.createProgram([path], options, host);
  return { program, cell: program.getSourceFile(path)! };
}
