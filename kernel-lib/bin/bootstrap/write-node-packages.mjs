// Writes the packages of Node programs beside the compiled library.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodePackages } from "./node-packages.mjs";

const folder = fileURLToPath(new URL("../../dist/apps/node/library", import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/packages.js`, await nodePackages());
