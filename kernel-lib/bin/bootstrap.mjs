#!/usr/bin/env node
// What `npm start`, `npm test`, `npm run build` and `npm run bench` run: plain Node with no package, since on a fresh clone
// there is none yet. It installs what is missing, builds what has changed, and hands over.
import { checkNode } from "./bootstrap/node-version.mjs";

const COMMANDS = ["start", "test", "build", "bench", "chat"];

const problem = checkNode(process.versions.node);
const [command, ...rest] = process.argv.slice(2);
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
} else if (!COMMANDS.includes(command)) {
  process.stderr.write(`usage: node kernel-lib/bin/bootstrap.mjs ${COMMANDS.join(" | ")} [argument...]\n`);
  process.exitCode = 2;
} else {
  const { run } = await import("./bootstrap/commands.mjs");
  process.exitCode = await run(command, rest);
}
