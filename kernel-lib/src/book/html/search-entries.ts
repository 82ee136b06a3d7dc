import { type Cell, joinText } from "../../base/notebook.js";
import { plainText, type Terms } from "../myst/terms.js";
import type { Heading } from "./markdown.js";

/** A place that the search can find: a section of a page, or a term of the glossary. */
export interface SearchEntry {
  /** Its address: `01-bridge.html#look-at-it`. */
  readonly id: string;
  readonly title: string;
  /** Where it stands, for the reader: `Chapter 1: One host, one bridge`. */
  readonly place: string;
  readonly text: string;
  readonly code: string;
}

interface Section {
  readonly anchor: string;
  readonly title: string;
  readonly text: string[];
  readonly code: string[];
}

/** The sections of a page by their headings, each with its text and its code. `headings` are those that the page's Markdown made, in order. */
export function sectionEntries(
  cells: readonly Cell[],
  headings: readonly Heading[],
  page: { readonly name: string; readonly title: string; readonly place: string },
): SearchEntry[] {
  const sections: Section[] = [{ anchor: "", title: page.title, text: [], code: [] }];
  let next = 0;
  for (const cell of cells) {
    const source = joinText(cell.source);
    if (cell.cell_type === "code") sections.at(-1)!.code.push(source);
    if (cell.cell_type !== "markdown") continue;
    for (const { heading, body } of splitAtHeadings(source)) {
      if (heading !== null && headings[next]?.text === heading) {
        const { id, number, text } = headings[next++]!;
        sections.push({
          anchor: id,
          title: number === null ? text : `${number} ${text}`,
          text: [],
          code: [],
        });
      }
      const { text, code } = parts(body);
      sections.at(-1)!.text.push(text);
      sections.at(-1)!.code.push(code);
    }
  }
  return sections
    .map(({ anchor, title, text, code }) => ({
      id: `${page.name}.html${anchor === "" ? "" : `#${anchor}`}`,
      title,
      place: page.place,
      text: joined(text),
      code: joined(code),
    }))
    .filter(({ text, code, title }) => text !== "" || code !== "" || title !== "");
}

/** The glossaries of all chapters. */
export function termEntries(terms: Terms): SearchEntry[] {
  return [...terms].map(([slug, { name, summary, chapter }]) => ({
    id: `${chapter}.html#term-${slug}`,
    title: plainText(name),
    place: "Glossary",
    text: summary,
    code: "",
  }));
}

const joined = (pieces: readonly string[]) => pieces.join(" ").replace(/\s+/g, " ").trim();

/** A Markdown text at its headings; what stands in a fence is none. */
function splitAtHeadings(source: string): { heading: string | null; body: string }[] {
  const found: { heading: string | null; lines: string[] }[] = [{ heading: null, lines: [] }];
  let fence: string | null = null;
  for (const line of source.split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) fence = fence === null ? mark : mark.startsWith(fence) ? null : fence;
    const heading = fence === null ? /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1] : undefined;
    if (heading === undefined) found.at(-1)!.lines.push(line);
    else found.push({ heading: plainText(heading), lines: [] });
  }
  return found.map(({ heading, lines }) => ({ heading, body: lines.join("\n") }));
}

const FENCED = /^\s*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^\s*\1[^\S\n]*$/gm;

function parts(body: string): { text: string; code: string } {
  const code = [...body.matchAll(FENCED)].map((match) => match[2]!).join(" ");
  return { text: plainText(body.replace(FENCED, " ")).replace(/[|]|-{3,}/g, " "), code };
}
