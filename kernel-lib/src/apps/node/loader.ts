import type * as Sucrase from "sucrase";
import { type Compiled, compile, hasModuleSyntax, moduleNotFound, type SourceKind } from "./compile.js";
import { CoreModules } from "./core.js";
import { nodeError } from "./errors.js";
import type { PackageSource } from "./library/packages.js";
import { Resolver } from "./resolve.js";
import type { Runtime } from "./runtime.js";

interface Module {
  exports: unknown;
  readonly id: string;
  readonly filename: string;
  readonly path: string;
  loaded: boolean;
  readonly children: Module[];
  readonly paths: readonly string[];
  require?: unknown;
  /** The end of a module that waits at its top level. */
  ready?: Promise<unknown>;
  /** What its code has thrown. */
  failed?: { readonly error: unknown };
}

/** What a loader takes from outside the process. */
export interface Library {
  readonly sucrase: typeof Sucrase;
  readonly packages: Readonly<Record<string, PackageSource>>;
  readonly scopeNames: readonly string[];
}

/** The module loader of one process: CommonJS and ES modules from the lab's files, Node's own by name. */
export class Loader {
  readonly cache: Record<string, Module> = Object.create(null) as Record<string, Module>;
  private readonly resolver: Resolver;
  private main: Module | null = null;

  constructor(
    private readonly runtime: Runtime,
    private readonly core: CoreModules,
    private readonly library: Library,
  ) {
    this.resolver = new Resolver(runtime.task.files);
  }

  /** Runs the program's file. */
  runMain(path: string): unknown {
    const found = this.resolver.file(path) ?? this.resolver.folder(path);
    if (found === null) throw moduleNotFound(path, []);
    return this.load(found, null).ready;
  }

  /** Runs text that stands in no file: `node -e`. Gives the value of the last expression when `print`. */
  runText(name: string, text: string): unknown {
    this.refuseStranger(name, text);
    const { task } = this.runtime;
    const module = this.blank(`${task.cwd === "/" ? "" : task.cwd}/${name}`);
    const kind: SourceKind = hasModuleSyntax(text) ? "module" : "commonjs";
    const run = compile(
      this.library.sucrase,
      { path: name, text, kind, typescript: true },
      this.library.scopeNames,
    );
    return this.execute(module, run);
  }

  /** `require` of a module at `path`. */
  requireFrom(module: Module): (id: string) => unknown {
    const require = (id: unknown) => {
      if (typeof id !== "string")
        throw nodeError(
          "ERR_INVALID_ARG_TYPE",
          `The "id" argument must be of type string. Received ${String(id)}`,
          TypeError,
        );
      return this.ask(id, module, "require");
    };
    return Object.assign(require, {
      cache: this.cache,
      main: this.main ?? undefined,
      resolve: (id: string) => this.place(id, module, "require"),
    });
  }

  private ask(id: string, from: Module, way: "require" | "import"): unknown {
    const name = id.replace(/^node:/, "");
    if (CoreModules.has(name)) return this.core.get(name);
    if (id.startsWith("node:"))
      throw nodeError("ERR_UNKNOWN_BUILTIN_MODULE", `No such built-in module: ${id}`);
    const module = this.load(this.place(id, from, way), from);
    if (module.ready !== undefined && !module.loaded)
      throw nodeError(
        "ERR_REQUIRE_ASYNC_MODULE",
        `${module.filename} waits at its top level: modules that do are supported as the program's first file only`,
      );
    return module.exports;
  }

  private place(id: string, from: Module, way: "require" | "import"): string {
    if (CoreModules.has(id.replace(/^node:/, ""))) return id;
    const found = this.resolver.resolve(id, from.path, way);
    if (found === null) throw moduleNotFound(id, this.chain(from));
    return found;
  }

  private chain(from: Module): string[] {
    return from.filename.startsWith("/") && !from.filename.endsWith("[eval]") ? [from.filename] : [];
  }

  private load(path: string, parent: Module | null): Module {
    const known = this.cache[path];
    if (known !== undefined) return known;
    const module = this.blank(path);
    this.cache[path] = module;
    this.main ??= parent === null ? module : null;
    parent?.children.push(module);
    try {
      this.fill(module);
    } catch (error) {
      delete this.cache[path];
      throw error;
    }
    return module;
  }

  private fill(module: Module): void {
    const { filename } = module;
    const { files } = this.runtime.task;
    if (filename.endsWith(".json")) {
      try {
        module.exports = JSON.parse(files.readText(filename)) as unknown;
      } catch (error) {
        throw new SyntaxError(`${filename}: ${(error as Error).message}`);
      }
      module.loaded = true;
      return;
    }
    const packed = this.packageAt(filename);
    if (packed !== null) {
      const scope = this.library.scopeNames.map((name) => this.runtime.scope[name]);
      packed.factory.call(module.exports, module.exports, this.requireFrom(module), module, ...scope);
      module.loaded = true;
      return;
    }
    const text = files.readText(filename);
    this.refuseStranger(filename, text);
    const typescript = /\.[cm]?ts$/.test(filename);
    const source = { path: filename, text, kind: this.kindOf(filename, text), typescript };
    const run = compile(this.library.sucrase, source, this.library.scopeNames);
    this.execute(module, run);
  }

  /** Where only certain programs are trusted, no other text becomes JavaScript. */
  private refuseStranger(path: string, text: string): void {
    const { trustedPrograms } = this.runtime.task.host.world;
    if (trustedPrograms !== null && !trustedPrograms.has(text))
      throw new Error(`${path} is not run: while a task is graded, node runs the book's own programs only`);
  }

  /** Runs a module's function. A module of the new kind is a promise, which is over already unless it waits. */
  private execute(module: Module, run: Compiled): unknown {
    const load = this.requireFrom(module);
    const bring = (id: string) => Promise.resolve().then(() => namespaceOf(this.ask(id, module, "import")));
    const meta = {
      url: `file://${module.filename}`,
      filename: module.filename,
      dirname: module.path,
      main: module === this.main,
      resolve: (id: string) => `file://${this.place(id, module, "import")}`,
    };
    const scope = { ...this.runtime.scope, __filename: module.filename, __dirname: module.path };
    const values = this.library.scopeNames.map((name) => scope[name as keyof typeof scope]);
    const value = run.call(module.exports, module.exports, load, module, bring, meta, ...values);
    if (!(value instanceof Promise)) {
      module.loaded = true;
      return value;
    }
    if (module.failed !== undefined) {
      value.catch(() => {});
      throw module.failed.error;
    }
    if (!module.loaded) module.ready = value;
    return module.ready;
  }

  private blank(filename: string): Module {
    const path = filename.slice(0, Math.max(1, filename.lastIndexOf("/")));
    const module: Module = {
      id: filename,
      exports: {},
      filename,
      path,
      loaded: false,
      children: [],
      paths: this.resolver.moduleFolders(path),
    };
    module.require = (id: string) => this.ask(id, module, "require");
    return module;
  }

  private kindOf(path: string, text: string): SourceKind {
    if (/\.m[jt]s$/.test(path)) return "module";
    if (/\.c[jt]s$/.test(path)) return "commonjs";
    const type = this.resolver.manifestAbove(path)?.["type"];
    if (type === "module") return "module";
    return type !== "commonjs" && hasModuleSyntax(text) ? "module" : "commonjs";
  }

  /** The package whose code that file is: it has been made a function already. */
  private packageAt(filename: string): PackageSource | null {
    const match = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(filename);
    const source = match === null ? undefined : this.library.packages[match[1]!];
    if (source === undefined || source.kind !== "npm" || source.main !== match![2]) return null;
    return this.runtime.task.files.stat(filename).size === packageText(source).length ? source : null;
  }
}

const texts = new WeakMap<PackageSource, Uint8Array>();

/** The code of a package, as its one file in `node_modules` has it. */
export function packageText(source: PackageSource): Uint8Array {
  let text = texts.get(source);
  if (text === undefined) {
    const code = source.factory.toString();
    text = new TextEncoder().encode(
      code
        .slice(code.indexOf("{") + 1, code.lastIndexOf("}"))
        .trim()
        .concat("\n"),
    );
    texts.set(source, text);
  }
  return text;
}

/** What `import()` gives of a module of the old kind. */
function namespaceOf(exports: unknown): unknown {
  if (
    typeof exports === "object" &&
    exports !== null &&
    (exports as { __esModule?: boolean }).__esModule === true
  )
    return exports;
  return { ...(exports as object), default: exports };
}
