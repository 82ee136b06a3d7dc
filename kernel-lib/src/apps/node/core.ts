import { nodeError } from "./errors.js";
import type { PackageSource } from "./library/packages.js";
import { CORE_MODULES, REFUSED_MODULES } from "./modules/table.js";
import type { Runtime } from "./runtime.js";

/** Modules of Node that are npm packages here: the same code runs in a browser. */
const FROM_PACKAGES: Readonly<Record<string, string>> = {
  events: "events",
  buffer: "buffer",
  string_decoder: "string_decoder",
  stream: "readable-stream",
};

/** Node's own modules of one process, each made when it is first asked for. */
export class CoreModules {
  private readonly made = new Map<string, unknown>();

  constructor(
    private readonly runtime: Runtime,
    private readonly packages: Readonly<Record<string, PackageSource>>,
    private readonly scopeNames: readonly string[],
  ) {}

  static has(name: string): boolean {
    return name in FROM_PACKAGES || name in CORE_MODULES || REFUSED_MODULES.includes(name);
  }

  get(name: string): unknown {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const source = FROM_PACKAGES[name];
    const own = CORE_MODULES[name];
    if (source === undefined && own === undefined)
      throw nodeError("ERR_UNKNOWN_BUILTIN_MODULE", `the module "node:${name}" is not supported here`);
    const base = source === undefined ? undefined : this.instantiate(source);
    const value = own === undefined ? base : own(this.runtime, base as never);
    this.made.set(name, value);
    return value;
  }

  /** Runs a package's code in this process, with `require` for what it asks. */
  instantiate(name: string, require: (id: string) => unknown = (id) => this.forPackage(id)): unknown {
    const { factory } = this.packages[name]!;
    const module = { exports: {} };
    const scope = this.scopeNames.map((one) => this.runtime.scope[one]);
    factory(module.exports, require, module, ...scope);
    return module.exports;
  }

  private forPackage(id: string): unknown {
    const name = id.replace(/^node:/, "").replace(/\/$/, "");
    return name === "process" ? this.runtime.scope["process"] : this.get(name);
  }
}
