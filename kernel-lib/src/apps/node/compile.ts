import type * as Sucrase from "sucrase";
import { nodeError } from "./errors.js";

/** A module's code as a function: its arguments are `exports`, `require`, `module`, `__import`, `__meta` and the scope. */
export type Compiled = (...args: unknown[]) => unknown;

export type SourceKind = "commonjs" | "module";

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly kind: SourceKind;
  readonly typescript: boolean;
}

/** Arguments before the scope's. */
export const LEADING = ["exports", "require", "module", "__import", "__meta"] as const;

/** What stands before a module's first character; the columns of its first line are moved by it. */
export const wrapperOf = (kind: SourceKind, names: readonly string[]) =>
  `(${kind === "module" ? "async " : ""}function (${[...LEADING, ...names].join(", ")}) {${kind === "module" ? '"use strict";' : ""}`;

/** Words that only a module has: a file without a word on its kind is one of those then (Node 22 and later look for them). */
const MODULE_SYNTAX =
  /^\s*(?:import\s*(?:[\w*{"']|type\b)|export\s+(?:default|const|let|var|function|class|async|type|interface|enum|\{|\*)|export\s*[{*])/m;

export function hasModuleSyntax(text: string): boolean {
  return MODULE_SYNTAX.test(text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " ")));
}

/** Turns a file into a function. Lines stay where they are. Throws SyntaxError in the program's own place. */
export function compile(sucrase: typeof Sucrase, source: Source, names: readonly string[]): Compiled {
  const { path, kind, typescript } = source;
  const text = source.text.replace(/^#!.*/, (line) => " ".repeat(line.length));
  const transforms: Sucrase.Transform[] = [
    ...(typescript ? (["typescript"] as const) : []),
    ...(kind === "module" ? (["imports"] as const) : []),
  ];
  let code = text;
  try {
    if (transforms.length > 0 || /\bimport\s*\(/.test(text))
      code = sucrase.transform(text, {
        transforms,
        filePath: path,
        disableESTransforms: true,
        preserveDynamicImport: true,
        keepUnusedImports: !typescript,
        enableLegacyTypeScriptModuleInterop: false,
        production: true,
      }).code;
  } catch (error) {
    throw syntaxError(path, text, error as Error);
  }
  code = code
    .replace(/(?<![\w$.])import\s*\(/g, "__import(")
    .replace(/(?<![\w$.])import\s*\.\s*meta\b/g, "__meta");
  try {
    // biome-ignore lint/security/noGlobalEval: running the reader's program is what this program is for; it sees the names it is given.
    const run = globalThis.eval;
    return run(`${wrapperOf(kind, names)}${code}\n})\n//# sourceURL=${path}`) as Compiled;
  } catch (error) {
    throw syntaxError(path, text, error as Error);
  }
}

/** An error of the code's form, with the place where the parser says it is. */
function syntaxError(path: string, text: string, error: Error): Error {
  const place = /\((\d+):(\d+)\)\s*$/.exec(error.message);
  const message = error.message.replace(/^Error transforming .*?: /, "").replace(/\s*\(\d+:\d+\)\s*$/, "");
  const failure = new SyntaxError(message);
  const line = place === null ? null : Number(place[1]);
  const shown =
    line === null
      ? path
      : `${path}:${line}\n${text.split("\n")[line - 1] ?? ""}\n${" ".repeat(Math.max(0, Number(place![2]) - 1))}^\n`;
  Object.defineProperty(failure, "stack", {
    value: `${shown}\nSyntaxError: ${message}`,
    configurable: true,
    writable: true,
  });
  return failure;
}

/** ERR_MODULE_NOT_FOUND and MODULE_NOT_FOUND. */
export function moduleNotFound(id: string, from: readonly string[]): Error {
  const stack = from.length === 0 ? "" : `\nRequire stack:\n${from.map((path) => `- ${path}`).join("\n")}`;
  const error = nodeError("MODULE_NOT_FOUND", `Cannot find module '${id}'${stack}`);
  return Object.assign(error, { requireStack: [...from] });
}
