import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Style sheets in the order in which they stand in `book.css`: later ones change earlier ones. */
const STYLES = [
  "fonts",
  "base",
  "layout",
  "text",
  "terms",
  "code",
  "syntax",
  "live",
  "story",
  "downloads",
  "search",
  "foot",
  "cover",
  "print",
  "paper",
];
const SCRIPTS = ["theme.js", "page.js", "hints.js", "search.js", "plots.js", "story.js"];

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

/** The library of the search, as a script that sets `MiniSearch`, and its licence. */
function minisearchFiles(): [name: string, content: Buffer][] {
  const folder = join(dirname(createRequire(import.meta.url).resolve("minisearch")), "../..");
  const script = readFileSync(join(folder, "dist/umd/index.js"), "utf8").replace(
    /\n\/\/# sourceMappingURL=.*/,
    "",
  );
  return [
    ["minisearch.js", Buffer.from(script)],
    ["minisearch-LICENSE.txt", readFileSync(join(folder, "LICENSE.txt"))],
  ];
}

/** The live cells' files, made when the library was bundled; none where its source runs without one. */
function liveFiles(): [name: string, content: Buffer][] {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [join(here, "../live"), join(here, "../../dist/live")]
    .map((path) => join(path, "page"))
    .find((path) => existsSync(join(path, "live.js")));
  if (folder === undefined) return [];
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
}

/** The files that every page of the book shares, by their name in the book's folder `assets`. */
export function bookAssets(): Map<string, Buffer> {
  const folder = assetsFolder();
  const styles = STYLES.map((name) => readFileSync(join(folder, "styles", `${name}.css`), "utf8"));
  const files = new Map<string, Buffer>([["book.css", Buffer.from(styles.join("\n"))]]);
  for (const name of SCRIPTS) files.set(name, readFileSync(join(folder, "scripts", name)));
  for (const name of readdirSync(join(folder, "fonts")))
    files.set(name, readFileSync(join(folder, "fonts", name)));
  for (const [name, content] of minisearchFiles()) files.set(name, content);
  for (const [name, content] of liveFiles()) files.set(name, content);
  for (const [name, content] of plotlyFiles()) files.set(name, content);
  return files;
}
