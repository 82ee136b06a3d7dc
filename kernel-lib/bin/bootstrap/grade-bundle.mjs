// Makes the two programs that run in the grader's sandbox, each one file with all that it needs: there is no folder of packages in there.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { GENERATED, generatedModule } from "./generated-modules.mjs";

/** Packages ask for Node's modules in the old way too. */
const REQUIRE =
  'import { createRequire as hopbookRequire } from "node:module"; const require = hopbookRequire("file:///");';

/**
 * The shell's build for browsers, which is one file, and no thread that draws pictures.
 * @param {string} folder
 * @param {string} extension
 */
function inSandbox(folder, extension) {
  return {
    name: "in-sandbox",
    setup(builder) {
      builder.onResolve({ filter: /^just-bash$/ }, () => ({
        path: join(folder, `tools/shell/bash-browser.${extension}`),
      }));
      builder.onResolve({ filter: /\/svg-node\.js$/ }, ({ importer }) => ({
        path: join(dirname(importer), `svg-browser.${extension}`),
      }));
      if (extension !== "ts") return;
      builder.onResolve({ filter: /\.js$/ }, ({ path, resolveDir }) => {
        const made = generatedModule(join(resolveDir, path));
        return made === null ? null : { path: made, namespace: "made" };
      });
      builder.onLoad({ filter: /./, namespace: "made" }, async ({ path }) => ({
        contents: await GENERATED[path](),
      }));
    },
  };
}

/**
 * The programs by name. `folder` holds the library: its sources (`ts`) or what was built of them (`js`).
 * @param {string} folder
 * @param {"ts" | "js"} extension
 * @returns {Promise<Map<string, string>>}
 */
export async function gradePrograms(folder, extension) {
  const entries = { "runner.mjs": "grade/run/runner", "replayer.mjs": "grade/replay/replayer" };
  const texts = Object.entries(entries).map(async ([name, entry]) => {
    const { outputFiles } = await build({
      entryPoints: [join(folder, `${entry}.${extension}`)],
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      banner: { js: REQUIRE },
      legalComments: "none",
      logLevel: "warning",
      write: false,
      plugins: [inSandbox(folder, extension)],
    });
    return [name, outputFiles[0].text];
  });
  return new Map(await Promise.all(texts));
}

/** Writes the programs to a folder, which holds nothing else. */
export async function writeGradePrograms(folder, extension, out) {
  const programs = await gradePrograms(folder, extension);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [name, text] of programs) writeFileSync(join(out, name), text);
}
