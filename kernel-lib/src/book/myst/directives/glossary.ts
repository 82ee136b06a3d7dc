import { parseInline } from "marked";
import { SourceError } from "../../source-error.js";
import type { DirectiveBlock } from "../blocks.js";
import type { Place } from "../options.js";
import { plainText, type Term, termSlug } from "../terms.js";
import { bodyPlace, type Directive } from "./directive.js";

interface Entry extends Place {
  readonly names: readonly string[];
  readonly text: string;
  readonly textLine: number;
}

/** Terms at the left margin, one a line; their explanation indented under them, or after a colon as in MyST. */
function readEntries(block: DirectiveBlock): Entry[] {
  const start = bodyPlace(block);
  const lines = block.body.split("\n");
  const entries: Entry[] = [];
  for (let i = 0; i < lines.length; ) {
    if (lines[i]!.trim() === "") {
      i++;
      continue;
    }
    const at = i;
    const names: string[] = [];
    while (/^[^\s:]/.test(lines[i] ?? "")) names.push(lines[i++]!.trim());
    const textAt = i;
    const text: string[] = [];
    while (i < lines.length && !/^[^\s:]/.test(lines[i]!))
      text.push(lines[i++]!.replace(/^(:\s+|\s{1,4})/, ""));
    if (names.length === 0 || text.join("").trim() === "") {
      throw new SourceError(
        block.file,
        start.line + at,
        "a glossary has terms, each with an indented explanation",
      );
    }
    const joined = text.join("\n").trimEnd();
    entries.push({
      file: block.file,
      line: start.line + at,
      names,
      text: joined,
      textLine: start.line + textAt,
    });
  }
  return entries;
}

/** The terms that a glossary explains, for the links from the text. */
export function glossaryTerms(block: DirectiveBlock, chapter: string): Term[] {
  return readEntries(block).flatMap((entry) => {
    const summary = plainText(entry.text.split(/\n\s*\n/)[0]!);
    return entry.names.map((name) => ({ name, summary, chapter }));
  });
}

/** `:::{glossary}`: a list of terms with their explanations, the places that `{term}` links to. */
export const glossary: Directive = {
  names: ["glossary"],
  options: [],
  convert(block, conversion) {
    const items = readEntries(block).map((entry) => {
      const terms = entry.names.map(
        (name) => `<dt id="term-${termSlug(name)}">${parseInline(name, { async: false })}</dt>`,
      );
      const text = conversion.blocks(entry.text, { file: entry.file, line: entry.textLine });
      return `${terms.join("\n")}\n<dd>\n\n${text.trim()}\n\n</dd>`;
    });
    return `<dl class="glossary">\n${items.join("\n")}\n</dl>`;
  },
};
