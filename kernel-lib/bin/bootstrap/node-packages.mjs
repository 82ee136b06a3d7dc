// Makes the module `apps/node/library/packages.js`: npm packages, unchanged, as functions that a Node process of a lab calls with a world of its own.
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { build } from "esbuild";

/** What the code of a lab's process finds by name, in this order: the functions' arguments after `exports`, `require` and `module`. */
export const SCOPE = [
  "__filename",
  "__dirname",
  "globalThis",
  "global",
  "process",
  "Buffer",
  "console",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "queueMicrotask",
  "Date",
  "Math",
  "performance",
  "Intl",
  "crypto",
  "fetch",
  "WebSocket",
  "AbortSignal",
  "BroadcastChannel",
  "MessageChannel",
  "Worker",
  "XMLHttpRequest",
  "self",
  "window",
  "document",
  "postMessage",
  "importScripts",
];

/** The packages: what Node has in itself and a browser has not, and what a program installs with npm. */
const PACKAGES = [
  { name: "events", kind: "core" },
  { name: "buffer", kind: "core" },
  { name: "string_decoder", kind: "core" },
  { name: "readable-stream", kind: "core" },
  { name: "ioredis", kind: "npm" },
  { name: "ws", kind: "npm" },
];

/** Asked for with a slash at the end, so that npm's package is meant and not Node's own module; and what is there by choice only. */
const OUTSIDE = [
  "process/",
  "buffer/",
  "events/",
  "string_decoder/",
  "bufferutil",
  "utf-8-validate",
  "supports-color",
  "abort-controller",
];

/** The text of the module. */
export async function nodePackages() {
  const require = createRequire(import.meta.url);
  const entries = await Promise.all(PACKAGES.map((one) => packageEntry(require, one)));
  return [
    `export const SCOPE = ${JSON.stringify(SCOPE)};`,
    `export const PACKAGES = {\n${entries.join(",\n")}\n};`,
    "",
  ].join("\n");
}

async function packageEntry(require, { name, kind }) {
  const manifestPath = require.resolve(`${name}/package.json`);
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
  const main = (manifest.main ?? "index.js").replace(/^\.\//, "");
  const folder = manifestPath.slice(0, -"package.json".length);
  const { outputFiles } = await build({
    entryPoints: [`${folder}${name === "readable-stream" ? "lib/ours/browser.js" : main}`],
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "es2022",
    mainFields: ["main"],
    conditions: ["require"],
    external: [...OUTSIDE, ...builtinModules, "node:*"].filter((outside) => outside !== name),
    charset: "ascii",
    logLevel: "warning",
    write: false,
  });
  const { version, description = "", license = "", dependencies = {} } = manifest;
  const about = JSON.stringify({
    kind,
    version,
    main: main.endsWith(".js") ? main : `${main}.js`,
    description,
    license,
    dependencies,
  });
  const code = outputFiles[0].text.replace(/\bimport\(/g, "__import(");
  return `${JSON.stringify(name)}: { ...${about}, factory(exports, require, module, ${SCOPE.join(", ")}) {\n${code}\n} }`;
}
