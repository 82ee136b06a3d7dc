/** Made at build time by `bin/bootstrap/node-packages.mjs`: npm packages as functions. */

/** The names that code of a process finds, in the order of the arguments after `exports`, `require` and `module`. */
export declare const SCOPE: readonly string[];

export interface PackageSource {
  /** "core" stands for a module of Node itself. */
  readonly kind: "core" | "npm";
  readonly version: string;
  /** Path of its main file within the package. */
  readonly main: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly factory: (exports: unknown, require: unknown, module: unknown, ...scope: unknown[]) => void;
}

export declare const PACKAGES: Readonly<Record<string, PackageSource>>;
