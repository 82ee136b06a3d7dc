// Makes the files with which a page's cells run in the browser: what every page loads, what comes with the first run, and the library as a worker's text.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { GENERATED, generatedModule } from "./generated-modules.mjs";

/** Functions of Node that the shell's package asks for and a browser lacks: its gzip says so when it is used. */
const ZLIB = `const refuse = () => { throw new Error("gzip is not supported in a browser") };
export const constants = {}, gzipSync = refuse, gunzipSync = refuse;`;

/**
 * Parts of the library that a first cell does not need, and that a browser takes long to read: each is a script of its own, loaded when the library first asks
 * for it with `import()`. A part imports nothing of the library. By name: how its module is imported.
 */
const PARTS = { shell: /^just-bash$/, node: /\/library\/packages\.js$/ };

/** What `import()` of a part gives instead of the module: a module with a `then`, which the language takes for the promise of it. */
const partModule = (part) =>
  `export const then = (resolve, reject) => globalThis.hopbookPart(${JSON.stringify(part)}).then(resolve, reject);`;

function partsLater(builder) {
  for (const [part, filter] of Object.entries(PARTS))
    builder.onResolve({ filter }, ({ kind }) =>
      kind === "dynamic-import" ? { path: part, namespace: "part" } : null,
    );
  builder.onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({ contents: partModule(path) }));
}

/**
 * Modules that are others in a browser.
 * @param {string} folder
 * @param {string} extension
 */
function inBrowser(folder, extension) {
  return {
    name: "in-browser",
    setup(builder) {
      partsLater(builder);
      builder.onResolve({ filter: /^node:zlib$/ }, () => ({ path: "zlib", namespace: "refused" }));
      builder.onLoad({ filter: /^zlib$/, namespace: "refused" }, () => ({ contents: ZLIB }));
      builder.onResolve({ filter: /^node:util$/ }, () => ({
        path: join(folder, `base/inspect/inspect.${extension}`),
      }));
      builder.onResolve({ filter: /^ip-num$/ }, () => ({
        path: join(folder, `base/ip-num-browser.${extension}`),
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

/** @param {string} folder @param {"ts" | "js"} extension @param {{ entryPoints: string[] } | { stdin: { contents: string, resolveDir: string } }} from */
async function bundle(folder, extension, from) {
  const { outputFiles } = await build({
    ...from,
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
  });
  return outputFiles[0].text;
}

/**
 * A worker's script as a file that a page on a disk can load too: such a page can read no file, but it can run a script. The text stands in a comment of a
 * function, whose text the page asks for: V8 passes a comment of 4 MB in a few milliseconds and takes 150 for a string of that length.
 * @param {string} name
 * @param {string} text
 */
function asComment(name, text) {
  return `(window.hopbookTexts ??= {})[${JSON.stringify(name)}] = function () {/*${text.replaceAll("*/", "*\x01/")}*/};\n`;
}

/** How the library asks for a part, as the entry of the part's own script. */
const PART_ENTRIES = {
  shell: 'import * as made from "just-bash"; globalThis.hopbookMadePart = made;',
  node: 'import * as made from "./apps/node/library/packages.js"; globalThis.hopbookMadePart = made;',
};

/**
 * The files by name. `folder` holds the library: its sources (`ts`) or what was built of them (`js`).
 * @param {string} folder
 * @param {"ts" | "js"} extension
 * @returns {Promise<Map<string, string>>}
 */
export async function liveFiles(folder, extension) {
  const entry = (name) =>
    bundle(folder, extension, { entryPoints: [join(folder, `live/${name}.${extension}`)] });
  const part = (contents) => bundle(folder, extension, { stdin: { contents, resolveDir: folder } });
  const [page, view, editor, library, ...parts] = await Promise.all([
    ...["client/live", "client/view", "client/editor", "worker/worker"].map(entry),
    ...Object.values(PART_ENTRIES).map(part),
  ]);
  return new Map([
    ["live.js", page],
    ["live-view.js", view],
    ["live-editor.js", editor],
    ["live-library.js", asComment("library", library)],
    ...Object.keys(PART_ENTRIES).map((name, i) => [`live-${name}.js`, asComment(name, parts[i])]),
  ]);
}

/** Writes the files to a folder, which holds nothing else. */
export async function writeLiveFiles(folder, extension, out) {
  const files = await liveFiles(folder, extension);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(out, name), text);
}
