import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { GENERATED, generatedModule } from "../../kernel-lib/bin/bootstrap/generated-modules.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Programs of tests as files that Node runs, made from the sources: in a folder from which packages are found. */
export async function bundledPrograms(
  entries: readonly string[],
): Promise<{ readonly path: (name: string) => string; remove(): void }> {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "hopbook-test-"));
  await build({
    entryPoints: entries.map((entry) => join(root, entry)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    entryNames: "[name]",
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
    plugins: [
      {
        name: "as-in-the-sources",
        setup(builder) {
          builder.onResolve({ filter: /\.js$/ }, ({ path, resolveDir }) => {
            const made = generatedModule(join(resolveDir, path));
            return made === null ? null : { path: made, namespace: "made" };
          });
          builder.onLoad({ filter: /./, namespace: "made" }, async ({ path }) => ({
            contents: await GENERATED[path]!(),
          }));
          // A file looks for what lies beside the library from where it stands.
          builder.onLoad({ filter: /kernel-lib\/src\/.*\.ts$/ }, ({ path }) => ({
            contents: readFileSync(path, "utf8").replaceAll(
              "import.meta.url",
              JSON.stringify(pathToFileURL(path).href),
            ),
            loader: "ts",
          }));
        },
      },
    ],
  });
  return {
    path: (name) => join(folder, `${name}.mjs`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
