import { dirname, join } from "node:path";
import { chatFiles } from "./chat-files.mjs";
import { nodePackages } from "./node-packages.mjs";

/** Modules of the library that are made of other files when it is built, by path; in the sources there are only their types. */
export const GENERATED = {
  "apps/node/library/packages.js": nodePackages,
  "apps/chat/files.js": chatFiles,
};

/** Which of them a path in the sources means; null for any other file. */
export function generatedModule(path) {
  return Object.keys(GENERATED).find((one) => path.endsWith(`/src/${one}`)) ?? null;
}

/** For vite: the modules as they are imported from the sources. */
export function generatedModulesPlugin() {
  const texts = new Map();
  return {
    name: "hopbook-generated-modules",
    enforce: "pre",
    resolveId(id, importer) {
      if (importer === undefined || !id.startsWith(".")) return null;
      const made = generatedModule(join(dirname(importer), id));
      return made === null ? null : `\0hopbook/${made}`;
    },
    async load(id) {
      const make = id.startsWith("\0hopbook/") ? GENERATED[id.slice("\0hopbook/".length)] : undefined;
      if (make === undefined) return null;
      if (!texts.has(id)) texts.set(id, make());
      return texts.get(id);
    },
  };
}
