import type { StoryData } from "./story-data.js";
import { escapeText } from "./svg.js";

/** The figure's script and style, the same that the book's pages have. */
interface StoryAssets {
  readonly script: string;
  readonly style: string;
}

let assets: StoryAssets | null | undefined;

/** Null where there are no files: in a browser, whose page has both already. */
function storyAssets(): StoryAssets | null {
  if (assets !== undefined) return assets;
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (fs === undefined) return null;
  const folder = ["./assets/book/", "../assets/book/", "../../../assets/book/"]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => fs.existsSync(new URL("scripts/story.js", url)));
  if (folder === undefined) throw new Error("the book's assets are missing; build the library again");
  assets = {
    script: fs.readFileSync(new URL("scripts/story.js", folder), "utf8"),
    style: fs.readFileSync(new URL("styles/story.css", folder), "utf8"),
  };
  return assets;
}

/**
 * The figure for a notebook: the still picture, the story's data, and the script that makes the figure of them. A notebook that is not trusted shows what is left
 * when the script is taken away: the description and the picture, which is an image because drawings within the text are taken away too, all but their words.
 * Null in a browser.
 */
export function storyHtml(data: StoryData, picture: string): string | null {
  const found = storyAssets();
  if (found === null) return null;
  const json = JSON.stringify(data).replace(/</g, "\\u003c");
  return [
    `<div class="story"><style>${found.style}</style>`,
    `<p class="story-words">${escapeText(data.description)}</p>`,
    `<div class="story-still"><img alt="${escapeText(data.description).replaceAll('"', "&quot;")}" src="${imageAddress(picture)}"></div>`,
    `<script type="application/json" class="story-data">${json}</script>`,
    `<script>${found.script}</script></div>`,
  ].join("\n");
}

/** A picture as an image's address. */
const imageAddress = (svg: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(svg, "utf8").toString("base64")}`;
