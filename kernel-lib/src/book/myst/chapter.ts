import type { Cell, CellMetadata, CodeCell, Notebook } from "../../base/notebook.js";
import { SourceError } from "../source-error.js";
import { type Block, parseBlocks } from "./blocks.js";
import { keepOutputs, withCellIds } from "./cell-ids.js";
import { readCodeCell } from "./code-cell.js";
import type { Context } from "./context.js";
import { convertBlock } from "./convert.js";
import { glossaryTerms } from "./directives/glossary.js";
import { foldedBlocks, foldedCells } from "./fold.js";
import { Footnotes } from "./footnotes.js";
import { type FrontMatter, splitFrontMatter } from "./front-matter.js";
import type { Options } from "./options.js";
import { Citations, type Sources } from "./sources.js";
import { type Term, type Terms, termSlug } from "./terms.js";

/** One MyST file of a chapter. The path is what messages name. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface ChapterSource {
  /** The chapter's name, e.g. `01-bridge`: its notebook and its page are called so. */
  readonly name: string;
  /** Its folder under `chapters/`, where that is not the name. */
  readonly folder?: string;
  /** `chapter.md`, then `exercises.md` when there is one. */
  readonly files: readonly [SourceFile, ...SourceFile[]];
}

export interface ChapterOptions {
  /** Terms that the glossaries of other chapters explain. */
  readonly terms?: Terms;
  /** The works that {cite} may name. */
  readonly sources?: Sources;
  /** The notebook as it was, whose outputs unchanged cells keep. */
  readonly earlier?: Notebook;
}

export interface Chapter {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string | undefined;
  /** Of an appendix's further page: the page that opens the appendix. */
  readonly part: string | undefined;
  readonly notebook: Notebook;
}

interface ReadFile {
  readonly front: FrontMatter;
  readonly blocks: Block[];
}

function readFile(file: SourceFile): ReadFile {
  const text = file.text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const { front, rest, restLine } = splitFrontMatter(text, file.path);
  return { front, blocks: parseBlocks(rest, { file: file.path, line: restLine }) };
}

/** A chapter has one title: where a further file has its own, its headings go one level down. */
function belowTitle({ front, blocks }: ReadFile): ReadFile {
  const titled = blocks.some((block) => block.kind === "text" && /^# /m.test(block.text));
  if (!titled) return { front, blocks };
  const lower = (block: Block): Block =>
    block.kind === "text" ? { ...block, text: block.text.replace(/^(#{1,5}) /gm, "#$1 ") } : block;
  return { front, blocks: blocks.map(lower) };
}

/** The terms that the chapter's own glossaries explain. Throws {@link SourceError} for one explained twice. */
export function chapterTerms(source: ChapterSource): Map<string, Term> {
  const terms = new Map<string, Term>();
  for (const block of source.files.flatMap((file) => readFile(file).blocks)) {
    if (block.kind !== "directive" || block.name !== "glossary") continue;
    for (const term of glossaryTerms(block, source.name)) {
      const slug = termSlug(term.name);
      if (terms.has(slug))
        throw new SourceError(block.file, block.line, `“${term.name}” is already explained`);
      terms.set(slug, term);
    }
  }
  return terms;
}

/** Makes a chapter's notebook from its MyST text. Throws {@link SourceError} with file and line for what it cannot read. */
export function readChapter(source: ChapterSource, options: ChapterOptions = {}): Chapter {
  const [first, ...more] = source.files.map(readFile);
  const files = [first!, ...more.map(belowTitle)];
  const context: Context = {
    chapter: source.name,
    folderLink: `../chapters/${source.folder ?? source.name}/`,
    terms: new Map([...(options.terms ?? []), ...chapterTerms(source)]),
    footnotes: new Footnotes(),
    citations: new Citations(options.sources ?? new Map()),
  };
  const blocks = files.flatMap((file) => file.blocks).map((block) => withoutFootnotes(block, context));
  const cells = blockCells(blocks, context);
  const notes = context.footnotes.list((text, place) =>
    convertBlock({ kind: "text", text, ...place }, context),
  );
  const works = context.citations.list();
  if (works !== "") cells.push(markdownCell(`## Sources\n\n${works}`, {}));
  if (notes !== "") cells.push(markdownCell(`## Notes\n\n${notes}`, {}));
  const { title, headed } = withTitle(cells, first!.front, source);
  const identified = withCellIds(headed);
  const kept = options.earlier ? keepOutputs(identified, options.earlier.cells) : identified;
  const subtitle = first!.front.subtitle;
  return {
    name: source.name,
    title,
    subtitle,
    part: source.folder === source.name ? undefined : source.folder,
    notebook: chapterNotebook(source.name, title, subtitle, kept, options.earlier),
  };
}

function withoutFootnotes(block: Block, context: Context): Block {
  return block.kind === "text" ? { ...block, text: context.footnotes.extract(block.text, block) } : block;
}

function markdownCell(source: string, metadata: CellMetadata): Cell {
  return { cell_type: "markdown", id: "", metadata, source };
}

/** Markdown between code cells and `+++` marks is one cell. */
function blockCells(blocks: readonly Block[], context: Context): Cell[] {
  const cells: Cell[] = [];
  let run: string[] = [];
  let metadata: Options = {};
  const endRun = () => {
    const source = run.join("\n\n");
    if (source !== "") cells.push(markdownCell(source, metadata as CellMetadata));
    run = [];
    metadata = {};
  };
  let folds = 0;
  for (const block of blocks) {
    const folded = foldedBlocks(block);
    if (folded && block.kind === "directive") {
      endRun();
      cells.push(...foldedCells(block, folded, ++folds, context));
    } else if (block.kind === "break") {
      endRun();
      metadata = block.metadata;
    } else if (block.kind === "directive" && block.name === "code-cell") {
      endRun();
      const code: CodeCell = {
        cell_type: "code",
        id: "",
        ...readCodeCell(block),
        execution_count: null,
        outputs: [],
      };
      cells.push(code);
    } else {
      const text = convertBlock(block, context).replace(/^\n+|\s+$/g, "");
      if (text !== "") run.push(text);
    }
  }
  endRun();
  return cells;
}

/** A chapter has one title: the head's, or the first heading; it stands as heading in the first cell. */
function withTitle(
  cells: readonly Cell[],
  front: FrontMatter,
  source: ChapterSource,
): { title: string; headed: Cell[] } {
  const first = cells[0];
  const heading =
    first?.cell_type === "markdown" ? /^# +(.+)/.exec(first.source as string)?.[1]?.trim() : undefined;
  const title = front.title ?? heading;
  if (title === undefined) throw new SourceError(source.files[0].path, 1, "the chapter has no title");
  if (heading !== undefined) return { title, headed: [...cells] };
  return { title, headed: [markdownCell(`# ${title}`, {}), ...cells] };
}

function chapterNotebook(
  name: string,
  title: string,
  subtitle: string | undefined,
  cells: Cell[],
  earlier?: Notebook,
): Notebook {
  const known = earlier?.metadata.language_info;
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      hopbook: { chapter: name, title, ...(subtitle === undefined ? {} : { subtitle }) },
      kernelspec: { name: "hopbook", display_name: "TypeScript (Hopbook)", language: "typescript" },
      language_info:
        known?.name === "typescript"
          ? known
          : { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript" },
    },
    cells,
  };
}
