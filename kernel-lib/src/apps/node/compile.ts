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

/** The scope's names that belong to a file: a module may not declare them again, as in Node. */
const OF_FILE = ["__filename", "__dirname"];

/** What stands before a module's first character, on its first line. Globals are one function further out, so that a module may declare the same name. */
const wrapperOf = (kind: SourceKind, names: readonly string[]) =>
  `(function (${names.filter((name) => !OF_FILE.includes(name)).join(", ")}) { return ${kind === "module" ? "async " : ""}function (${[...LEADING, ...OF_FILE].join(", ")}) {${kind === "module" ? '"use strict";try{' : ""}`;

/** What stands behind a module's code. A module of the new kind is a promise, which tells of its end too late for who imports it: it notes it itself. */
const endOf = (kind: SourceKind) =>
  kind === "module"
    ? "\nmodule.loaded = true;} catch (__error) { module.failed = { error: __error }; throw __error; }}})"
    : "\n}})";

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
    const outer = run(`${wrapperOf(kind, names)}${code}${endOf(kind)}\n//# sourceURL=${path}`) as (
      ...globals: unknown[]
    ) => Compiled;
    return function (this: unknown, ...args: unknown[]) {
      const scope = args.slice(LEADING.length);
      const own = names.flatMap((name, i) => (OF_FILE.includes(name) ? [scope[i]] : []));
      const globals = names.flatMap((name, i) => (OF_FILE.includes(name) ? [] : [scope[i]]));
      return outer(...globals).call(this, ...args.slice(0, LEADING.length), ...own);
    };
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
