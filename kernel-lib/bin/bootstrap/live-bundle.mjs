// Makes the files with which a page's cells run in the browser: what every page loads, what comes with the first run, and the library as a worker's text.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { GENERATED, generatedModule } from "./generated-modules.mjs";

/** Functions of Node that the shell's package asks for and a browser lacks: its gzip says so when it is used. */
const ZLIB = `const refuse = () => { throw new Error("gzip is not supported in a browser") };
export const constants = {}, gzipSync = refuse, gunzipSync = refuse;`;

/**
 * Modules that are others in a browser.
 * @param {string} folder
 * @param {string} extension
 */
function inBrowser(folder, extension) {
  return {
    name: "in-browser",
    setup(builder) {
      builder.onResolve({ filter: /^node:zlib$/ }, () => ({ path: "zlib", namespace: "refused" }));
      builder.onLoad({ filter: /^zlib$/, namespace: "refused" }, () => ({ contents: ZLIB }));
      builder.onResolve({ filter: /^node:util$/ }, () => ({
        path: join(folder, `base/inspect/inspect.${extension}`),
      }));
      builder.onResolve({ filter: /^just-bash$/ }, () => ({
        path: join(folder, `tools/shell/bash-browser.${extension}`),
      }));
      if (extension === "ts") {
        builder.onResolve({ filter: /\.js$/ }, ({ path, resolveDir }) => {
          const made = generatedModule(join(resolveDir, path));
          return made === null ? null : { path: made, namespace: "made" };
        });
        builder.onLoad({ filter: /./, namespace: "made" }, async ({ path }) => ({
          contents: await GENERATED[path](),
        }));
      }
      builder.onResolve({ filter: /\/svg-node\.js$/ }, ({ importer }) => ({
        path: join(dirname(importer), `svg-browser.${extension}`),
      }));
    },
  };
}

/** @param {string} folder @param {"ts" | "js"} extension @param {string} entry */
async function bundle(folder, extension, entry, options = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `live/${entry}.${extension}`)],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    // What only Node does stands behind a question for its place.
    logOverride: { "empty-import-meta": "silent" },
    write: false,
    plugins: [inBrowser(folder, extension)],
    ...options,
  });
  return outputFiles[0].text;
}

/**
 * The files by name. `folder` holds the library: its sources (`ts`) or what was built of them (`js`).
 * @param {string} folder
 * @param {"ts" | "js"} extension
 * @returns {Promise<Map<string, string>>}
 */
export async function liveFiles(folder, extension) {
  const [page, view, worker] = await Promise.all(
    ["client/live", "client/view", "worker/worker"].map((entry) => bundle(folder, extension, entry)),
  );
  return new Map([
    ["live.js", page],
    ["live-view.js", view],
    // A page on a disk cannot read a file, but it can load a script: the worker's text is a string in one.
    ["live-library.js", `window.hopbookLibrary = ${JSON.stringify(worker)};\n`],
  ]);
}

/** Writes the files to a folder, which holds nothing else. */
export async function writeLiveFiles(folder, extension, out) {
  const files = await liveFiles(folder, extension);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(out, name), text);
}
