/** Modules of the library that are made of other files when it is built, by path. */
export declare const GENERATED: Readonly<Record<string, () => string | Promise<string>>>;

/** Which of them a path in the sources means; null for any other file. */
export declare function generatedModule(path: string): string | null;

/** For vite: the modules as they are imported from the sources. */
export declare function generatedModulesPlugin(): {
  readonly name: string;
  readonly enforce: "pre";
  resolveId(id: string, importer: string | undefined): string | null;
  load(id: string): Promise<string | null>;
};
