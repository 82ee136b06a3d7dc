/** The text of `apps/node/library/packages.js`. */
export declare function nodePackages(): Promise<string>;

/** For vite: that module as it is imported from the sources. */
export declare function nodePackagesPlugin(): {
  readonly name: string;
  readonly enforce: "pre";
  resolveId(id: string): string | null;
  load(id: string): Promise<string> | null;
};

/** What the code of a lab's process finds by name. */
export declare const SCOPE: readonly string[];
