// Writes the packages of Node programs beside the compiled library, and their types, which the compiler does not copy.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodePackages } from "./node-packages.mjs";

const folder = fileURLToPath(new URL("../../dist/apps/node/library", import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/packages.js`, await nodePackages());
const types = new URL("../../src/apps/node/library/packages.d.ts", import.meta.url);
copyFileSync(fileURLToPath(types), `${folder}/packages.d.ts`);
