import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildReason, installReason } from "./freshness.mjs";
import { inOrder, runStep } from "./run-step.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, "");
const node = process.execPath;

const step = (title, args) => runStep(title, node, args, { cwd: root });

/** npm itself, as the script that runs this process or as the program on the path. */
function npm(title, args) {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return runStep(title, node, [script, ...args], { cwd: root });
  return runStep(title, process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd: root });
}

async function install() {
  const reason = installReason(root);
  if (reason === null) return 0;
  return npm(`Installing packages: ${reason}`, ["ci", "--no-audit", "--no-fund"]);
}

async function build() {
  const reason = buildReason(root);
  if (reason === null) return 0;
  const dist = join(root, "kernel-lib/dist");
  const status = await step(`Building the library: ${reason}`, [
    "node_modules/typescript/bin/tsc",
    "-p",
    "kernel-lib",
  ]);
  if (status !== 0) return status;
  const packages = await step("Preparing what Node programs run", [
    "kernel-lib/bin/bootstrap/write-generated-modules.mjs",
  ]);
  if (packages !== 0) return packages;
  const bundled = await step("Bundling the library", ["kernel-lib/bin/bootstrap/bundle.mjs"]);
  if (bundled !== 0) return bundled;
  const { bundleChat } = await import("./chat-bundle.mjs");
  await bundleChat();
  rmSync(join(dist, "assets"), { recursive: true, force: true });
  if (existsSync(join(root, "assets")))
    cpSync(join(root, "assets"), join(dist, "assets"), { recursive: true });
  writeFileSync(join(dist, ".built"), "");
  return 0;
}

const hopbook = (title, args) => step(title, ["kernel-lib/bin/hopbook.mjs", ...args]);

/** The commands by name: the steps after installing and building. */
const AFTER_BUILD = {
  build: () => [],
  start: (rest) => [
    () => hopbook("Making the book", ["book"]),
    () => hopbook("Serving the book", ["serve", ...rest]),
  ],
  test: (rest) => [
    () => step("Format and lint", ["node_modules/@biomejs/biome/bin/biome", "check", "."]),
    () => step("Types", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"]),
    () =>
      step("Tests", ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", ...rest]),
  ],
  chat: (rest) => [() => hopbook("Starting the chat", ["chat", ...rest])],
  bench: (rest) => [() => hopbook("Measuring", ["bench", ...rest])],
};

/**
 * Runs a command of `bootstrap.mjs` and gives its exit status: that of the first step that failed.
 * @param {string} command
 * @param {readonly string[]} rest
 */
export function run(command, rest) {
  return inOrder([install, build, ...AFTER_BUILD[command](rest)]);
}
