// Makes dist/bundle: the library as one file beside its modules, which a notebook loads three times as fast and which runs faster; and dist/live/page, the files of
// a page whose cells run; and dist/grade/programs, what runs in the sandbox of the grader.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { writeGradePrograms } from "./grade-bundle.mjs";
import { writeLiveFiles } from "./live-bundle.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const folder = `${dist}/bundle`;

const { outputFiles } = await build({
  entryPoints: [`${dist}/index.js`, `${dist}/plot/svg-worker.js`, `${dist}/lab/benches.js`],
  outdir: folder,
  entryNames: "[name]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  packages: "external",
  logLevel: "warning",
  write: false,
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const { path, text } of outputFiles) writeFileSync(path, await withConstants(text));
await writeLiveFiles(dist, "js", `${dist}/live/page`);
await writeGradePrograms(dist, "js", `${dist}/grade/programs`);

/**
 * esbuild turns every `const` of a module's top level into `var`. V8 folds what a `const` holds into the code that it compiles, a header field's offset for instance,
 * so what is never assigned again becomes `const` once more: about a tenth of the time of a packet.
 */
async function withConstants(code) {
  const declaration = /^var ([\w$]+) = /gm;
  const constant = code.replace(declaration, "const $1 = ");
  const { warnings } = await transform(constant, { format: "esm", logLevel: "silent" });
  const assigned = new Set(
    warnings.filter(({ id }) => id === "assign-to-constant").map(({ text }) => /"(.+)"/.exec(text)[1]),
  );
  return code.replace(declaration, (line, name) => (assigned.has(name) ? line : `const ${name} = `));
}
