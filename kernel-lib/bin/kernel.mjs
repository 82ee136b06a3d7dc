#!/usr/bin/env node
// Started by Jupyter: `node kernel.mjs CONNECTION_FILE`.
import { existsSync } from "node:fs";

const built = new URL("../dist/jupyter/kernel.js", import.meta.url);
const [connectionFile] = process.argv.slice(2);
if (!connectionFile) {
  console.error("usage: node kernel.mjs CONNECTION_FILE");
  process.exit(2);
}
if (!existsSync(built)) {
  console.error("The kernel is not built yet: run `npm run build` in the folder of Hopbook first.");
  process.exit(1);
}
const { kernelRun } = await import(built.href);
kernelRun(connectionFile);
