import type { Library } from "./loader.js";

let library: Promise<Library> | null = null;

/** The code that every Node process runs: loaded when the first one starts, once. */
export function loadLibrary(): Promise<Library> {
  library ??= Promise.all([import("sucrase"), import("./library/packages.js")]).then(
    ([sucrase, { PACKAGES, SCOPE }]) => ({
      sucrase,
      packages: PACKAGES,
      scopeNames: SCOPE,
    }),
  );
  return library;
}
