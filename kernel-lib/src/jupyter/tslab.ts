import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Converters from "tslab/dist/converter.js";
import type * as Executors from "tslab/dist/executor.js";
import { type CachedModule, requireWithCodeCache } from "./code-cache.js";
import { type ShorthandCompiler, shorthandPatches } from "./shorthand.js";

type TypeScript = ShorthandCompiler & {
  sys: System;
  ModuleResolutionKind: { Bundler: number };
  createWatchCompilerHost(roots: string[], options: object, sys: System, ...rest: unknown[]): unknown;
  transpileModule(text: string, options: TranspileOptions): TranspileOutput;
  version: string;
};
type System = { readFile(path: string, encoding?: string): string | undefined } & Record<string, unknown>;
type TranspileOptions = { compilerOptions: object };
type TranspileOutput = { outputText: string; sourceMapText?: string };

/** Which declarations a converter knows: all of Node's, or only `console`, which a third of the start-up time suffices for. */
export type Environment = "console" | "node";

/** The two source maps of one converted cell: TypeScript to ES module, ES module to CommonJS. */
export type SourceMaps = readonly [string, string];

export interface Tslab {
  readonly version: string;
  createConverter(environment: Environment): Converters.Converter;
  readonly createExecutor: typeof Executors.createExecutor;
  readonly isCompleteCode: typeof Converters.isCompleteCode;
  /** The maps of the output text that the converter gave last. */
  takeMaps(output: string): SourceMaps | null;
  saveCodeCache(): void;
}

const CONSOLE_FILE = "__console__.d.ts";

const CONSOLE = `interface Console {
  ${["log", "info", "debug", "warn", "error", "trace"].map((name) => `${name}(...data: unknown[]): void;`).join("\n  ")}
  table(data: unknown, columns?: readonly string[]): void;
}
declare var console: Console;
`;

/**
 * Loads tslab 1.0.22's converter and executor with the compiler options of this project: strict, modules resolved as bundlers
 * do (so that `exports` of a package counts), the ES2023 library, and source maps for the places in error messages.
 */
export function loadTslab(): Tslab {
  const require = createRequire(createRequire(import.meta.url).resolve("tslab/dist/converter"));
  const path = require.resolve("@tslab/typescript-for-tslab");
  const cached: CachedModule = requireWithCodeCache(path);
  const compiler = cached.exports as unknown as TypeScript;
  const wanted: { environment: Environment } = { environment: "node" };
  const maps = new Map<string, SourceMaps>();
  const patched = { ...compiler, ...patches(compiler, wanted, maps) };
  require.cache[path]!.exports = patched;
  const { createConverter, isCompleteCode } = require("./converter") as typeof Converters;
  const { createExecutor } = require("./executor") as typeof Executors;
  return {
    version: String(compiler.version),
    createConverter(environment) {
      wanted.environment = environment;
      return createConverter({ isJS: false, isBrowser: false });
    },
    createExecutor,
    isCompleteCode,
    takeMaps(output) {
      const found = maps.get(output) ?? null;
      maps.clear();
      return found;
    },
    saveCodeCache: cached.save,
  };
}

function patches(
  compiler: TypeScript,
  wanted: { readonly environment: Environment },
  maps: Map<string, SourceMaps>,
): Partial<TypeScript> {
  return {
    ...shorthandPatches(compiler),
    sys: quietSystem(compiler.sys),
    createWatchCompilerHost(roots, options, sys, ...rest) {
      const light = wanted.environment === "console";
      const allRoots = light ? [...roots, join(process.cwd(), CONSOLE_FILE)] : roots;
      return compiler.createWatchCompilerHost(
        allRoots,
        strictOptions(compiler, options, light),
        sys,
        ...rest,
      );
    },
    transpileModule(text, options) {
      const [code, firstMap] = splitInlineMap(text);
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const result = compiler.transpileModule(code, { ...options, compilerOptions });
      const [outputText] = splitMapComment(result.outputText);
      maps.set(outputText, [firstMap, result.sourceMapText ?? ""]);
      return { ...result, outputText };
    },
  };
}

function strictOptions(compiler: TypeScript, options: object, light: boolean): object {
  return {
    ...options,
    strict: true,
    noImplicitAny: true,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    types: light ? [] : ["node"],
    inlineSourceMap: true,
  };
}

/**
 * The compiler's view of the disk. Only files beside the notebook are watched for changes: watching every library file costs
 * time at the start and one inotify watch each.
 */
function quietSystem(system: System): System {
  const nothing = { close: () => undefined };
  const watchFile = system.watchFile as (path: string, ...rest: unknown[]) => unknown;
  const home = `${process.cwd()}/`;
  const quiet = Object.create(system) as System;
  quiet.readFile = (path, encoding) =>
    path.endsWith(`/${CONSOLE_FILE}`) ? CONSOLE : system.readFile(path, encoding);
  quiet.watchDirectory = () => nothing;
  quiet.watchFile = (path: string, ...rest: unknown[]) =>
    path.startsWith(home) && !path.includes("/node_modules/") ? watchFile(path, ...rest) : nothing;
  return quiet;
}

const MAP_COMMENT = /\n\/\/# sourceMappingURL=(?:data:application\/json;base64,)?(\S*)\s*$/;

function splitMapComment(text: string): [code: string, url: string] {
  const found = MAP_COMMENT.exec(text);
  return found ? [`${text.slice(0, found.index)}\n`, found[1] ?? ""] : [text, ""];
}

function splitInlineMap(text: string): [code: string, map: string] {
  const [code, encoded] = splitMapComment(text);
  return [code, encoded === "" ? "" : Buffer.from(encoded, "base64").toString("utf8")];
}
