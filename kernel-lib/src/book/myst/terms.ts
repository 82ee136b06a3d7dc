/** A term of a glossary. */
export interface Term {
  readonly name: string;
  /** The explanation as plain text: the first paragraph, without Markdown's marks. */
  readonly summary: string;
  /** The chapter whose glossary explains it, e.g. `01-bridge`. */
  readonly chapter: string;
}

/** Terms by {@link termSlug}: names differ in more than case and punctuation. */
export type Terms = ReadonlyMap<string, Term>;

/** The part of a term's anchor that names it: “veth pair” becomes `veth-pair`. */
export function termSlug(name: string): string {
  return slug(name);
}

/** Lower case, words joined by hyphens; what GitHub and JupyterLab make of a heading, near enough. */
export function slug(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.join("-");
}

/** Markdown without its marks: for tooltips and anchors. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\{[a-z]+\}(?=`)/g, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|\*|`+)(.+?)\1/g, "$2")
    .replace(/(?<!\w)_(\S.*?)_(?!\w)/g, "$1")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
