import { SourceError } from "../source-error.js";
import type { Context } from "./context.js";
import type { Place } from "./options.js";
import { termSlug } from "./terms.js";

/** A code span with or without a role, a footnote mark, an image. Code spans match first, so nothing in them changes. */
const INLINE =
  /(?:\{([A-Za-z][\w:+-]*)\})?(?<!`)(`+)(?!`)([\s\S]*?[^`])\2(?!`)|\[\^([^\]\s]+)\]|!\[([^\]]*)\]\(\s*<?([^)\s>]+)/g;

/** Syntax of MyST that a line may begin with and that this book does not use. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^\([\w:.-]+\)=\s*$/, "targets “(name)=” are not supported; link to a heading's anchor"],
  [/^%/, "comment lines “%” are not supported"],
  [/^:\s+\S/, "definition lists are not supported outside a glossary"],
  [/^\{[.#]/, "attributes “{.class}” are not supported"],
  [/^\s*\$\$/, "math blocks “$$” are not supported"],
];

/** Turns the inline MyST of a text into Markdown: roles, footnote marks, paths of images. */
export function convertInline(text: string, place: Place, context: Context): string {
  refuseLines(text, place);
  let line = place.line;
  const parts: string[] = [];
  for (const paragraph of text.split(/(\n\s*\n)/)) {
    parts.push(convertParagraph(paragraph, { file: place.file, line }, context));
    line += paragraph.split("\n").length - 1;
  }
  return parts.join("");
}

function refuseLines(text: string, place: Place): void {
  text.split("\n").forEach((line, i) => {
    const refused = REFUSED.find(([pattern]) => pattern.test(line));
    if (refused) throw new SourceError(place.file, place.line + i, refused[1]);
  });
}

function convertParagraph(text: string, place: Place, context: Context): string {
  return text.replace(INLINE, (match: string, ...found: (string | undefined)[]) => {
    const [role, , body, footnote, alt, image] = found;
    const offset = found[6] as unknown as number;
    const at = { file: place.file, line: place.line + text.slice(0, offset).split("\n").length - 1 };
    if (footnote !== undefined) return context.footnotes.refer(footnote, at);
    if (image !== undefined) return `![${alt}](${imageLink(image, at, context)}`;
    if (role === undefined) return match;
    if (role === "cite") return context.citations.refer(body!.trim(), at);
    if (role === "term") return termLink(body!, at, context);
    throw new SourceError(at.file, at.line, `role “{${role}}” is not supported`);
  });
}

/** `text` or `text <term>`: a link to the glossary that carries the explanation as its title. */
function termLink(body: string, place: Place, context: Context): string {
  const explicit = /^(.*?)\s*<([^>]+)>$/s.exec(body);
  const shown = (explicit?.[1] ?? body).replace(/\s+/g, " ");
  const slug = termSlug(explicit?.[2] ?? body);
  const term = context.terms.get(slug);
  if (!term) throw new SourceError(place.file, place.line, `no glossary explains “${explicit?.[2] ?? body}”`);
  const page = term.chapter === context.chapter ? "" : `${term.chapter}.ipynb`;
  const title = term.summary.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/</g, "&lt;");
  return `[${shown}](${page}#term-${slug} "${title}")`;
}

/** A path as seen from the notebook's folder. Pages load nothing from another host. */
export function imageLink(path: string, place: Place, context: Context): string {
  if (path.startsWith("data:image/")) return path;
  if (/^[a-z][a-z+.-]*:|^\//i.test(path) || path.split("/").includes("..")) {
    throw new SourceError(place.file, place.line, `image “${path}” must be a file in the chapter's folder`);
  }
  return context.folderLink + path;
}
