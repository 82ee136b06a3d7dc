import { Script } from "node:vm";
import type { Converter, ConvertResult, Diagnostic } from "tslab/dist/converter.js";
import type { CellPlaces } from "./cell-places.js";
import { Phase, type SharedFlags } from "./threads.js";
import type { Tslab } from "./tslab.js";

/**
 * tslab's converter as the executor uses it, with three additions: the compiler's findings and the name of the last
 * expression are kept for the kernel, compiled code carries its cell's name, and Node's declarations (most of the start-up time) are
 * loaded only when a cell does not compile without them.
 */
export class CellCompiler implements Converter {
  #light: Converter | null = null;
  #full: Converter | null = null;
  /** The findings in the cell converted last. */
  diagnostics: readonly Diagnostic[] = [];
  /** The variable that holds the value of the last expression of the cell converted last. */
  lastExpression: string | null = null;

  constructor(
    readonly tslab: Tslab,
    readonly places: CellPlaces,
    readonly flags: SharedFlags,
  ) {}

  /** Loads what the first cell needs. */
  prepare(): void {
    this.#compiling(() => this.#quick());
  }

  /** Loads Node's declarations too, as completion and inspection need. */
  prepareFully(): void {
    this.#compiling(() => this.#complete());
  }

  convert(previous: string, source: string): ConvertResult {
    const result = this.#compiling(() => this.#convert(previous, source));
    this.diagnostics = result.diagnostics;
    this.lastExpression = result.lastExpressionVar ?? null;
    const { lastExpressionVar, ...rest } = result;
    if (rest.output === undefined) return rest;
    const maps = this.tslab.takeMaps(rest.output);
    const hasToplevelAwait = rest.hasToplevelAwait === true || loopsOverPromises(rest.output);
    return { ...rest, hasToplevelAwait, output: this.places.name(rest.output, maps, hasToplevelAwait) };
  }

  inspect(previous: string, source: string, position: number): ReturnType<Converter["inspect"]> {
    return this.#compiling(() => this.#complete().inspect(previous, source, position));
  }

  complete(previous: string, source: string, position: number): ReturnType<Converter["complete"]> {
    return this.#compiling(() => this.#complete().complete(previous, source, position));
  }

  addModule(...args: Parameters<Converter["addModule"]>): Diagnostic[] {
    const diagnostics = this.#compiling(() => this.#complete().addModule(...args));
    this.diagnostics = diagnostics;
    this.lastExpression = null;
    return diagnostics;
  }

  close(): void {
    this.#light?.close();
    this.#full?.close();
    this.#light = null;
    this.#full = null;
  }

  #convert(previous: string, source: string): ConvertResult {
    if (!this.#full) {
      const result = this.#quick().convert(previous, source);
      if (result.diagnostics.length === 0) return result;
    }
    return this.#complete().convert(previous, source);
  }

  #quick(): Converter {
    if (this.#full) return this.#full;
    this.#light ??= this.tslab.createConverter("console");
    return this.#light;
  }

  #complete(): Converter {
    if (!this.#full) {
      this.#full = this.tslab.createConverter("node");
      this.#light?.close();
      this.#light = null;
    }
    return this.#full;
  }

  /** The compiler must not be broken off in the middle; after a failure of its own it starts afresh. */
  #compiling<T>(work: () => T): T {
    const before = this.flags.phase;
    this.flags.phase = Phase.Compiling;
    try {
      return work();
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.flags.phase = before;
    }
  }
}

/** Whether code has a `for await` at top level, which tslab overlooks: it then is no body of a plain function. */
function loopsOverPromises(code: string): boolean {
  if (!/\bfor\s+await\b/.test(code)) return false;
  try {
    new Script(`(function () {${code}\n})`);
    return false;
  } catch {
    return true;
  }
}
