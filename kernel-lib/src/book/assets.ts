import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Style sheets in the order in which they stand in `book.css`: later ones change earlier ones. */
const STYLES = ["fonts", "base", "layout", "text", "terms", "code", "syntax", "foot", "cover", "print"];
const SCRIPTS = ["theme.js", "page.js", "plots.js"];

/** The folder `assets/book`: beside the built library, or at the root of the repository when its source runs. */
function assetsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [join(here, "../assets/book"), join(here, "../../../assets/book")].find((folder) =>
    existsSync(folder),
  );
  if (found === undefined) throw new Error("the book's assets are missing; build the library again");
  return found;
}

/** The licence that must stand beside a copy of Plotly's bundle, and the bundle itself. */
function plotlyFiles(): [name: string, content: Buffer][] {
  const bundle = createRequire(import.meta.url).resolve("plotly.js/plotly-basic.min.js");
  return [
    ["plotly-basic.min.js", readFileSync(bundle)],
    ["plotly-LICENSE.txt", readFileSync(join(dirname(bundle), "LICENSE"))],
  ];
}

/** The files that every page of the book shares, by their name in the book's folder `assets`. */
export function bookAssets(options: { readonly plots: boolean }): Map<string, Buffer> {
  const folder = assetsFolder();
  const styles = STYLES.map((name) => readFileSync(join(folder, "styles", `${name}.css`), "utf8"));
  const files = new Map<string, Buffer>([["book.css", Buffer.from(styles.join("\n"))]]);
  for (const name of SCRIPTS) files.set(name, readFileSync(join(folder, "scripts", name)));
  for (const name of readdirSync(join(folder, "fonts")))
    files.set(name, readFileSync(join(folder, "fonts", name)));
  if (options.plots) for (const [name, content] of plotlyFiles()) files.set(name, content);
  return files;
}
