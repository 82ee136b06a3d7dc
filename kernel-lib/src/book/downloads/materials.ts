import { joinText, type Notebook } from "../../base/notebook.js";
import type { JournalEntry } from "../../lab/journal.js";
import { machineScript } from "../../lab/journal-script.js";
import { parseJournal } from "../../lab/parse-journal.js";

/** What the labs of a chapter leave after a run, beside the outputs of its cells. */
export interface Materials {
  /** Journals as JSON, by the name of the variable that holds the lab. */
  readonly journals: Readonly<Record<string, unknown>>;
  /** Captures (pcapng) of the traces in base64, by the name of the variable that holds the trace. */
  readonly captures: Readonly<Record<string, string>>;
}

/** A file that a reader may take away from a chapter's page. */
export interface Download {
  /** Its name beside the page: `01-bridge-lab.journal.json`. */
  readonly file: string;
  /** What it is, for the reader. */
  readonly what: string;
}

/** A capture larger than this stays out of the book, in bytes. */
const LARGEST_CAPTURE = 1_000_000;

const LAB = /^(?:const|let)\s+(\w+)\s*=\s*(?:await\s+)?Lab\.(?:preset|build|named|replay)\(/gm;
const TRACE = /^(?:const|let)\s+(\w+)\s*=\s*(?:await\s+)?\w+\.trace\(/gm;

/**
 * An expression of TypeScript for the kernel after the last cell: its value displays itself as the {@link Materials} of the variables that the notebook's
 * cells declare at their left margin. Null where there is no lab.
 */
export function materialsExpression(notebook: Notebook): string | null {
  const sources = notebook.cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => joinText(source));
  const names = (pattern: RegExp) => [
    ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1]!))),
  ];
  const labs = names(LAB);
  if (labs.length === 0) return null;
  const entries = (list: readonly string[]) =>
    `[${list.map((name) => `["${name}", ${name}]`).join(", ")}] as [string, any][]`;
  return `({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": {
  journals: Object.fromEntries((${entries(labs)}).map(([name, lab]) => [name, lab.journal.toJSON()])),
  captures: Object.fromEntries((${entries(names(TRACE))}).flatMap(([name, trace]) => {
    const bytes = trace?.pcap;
    return bytes instanceof Uint8Array && bytes.length <= ${LARGEST_CAPTURE} ? [[name, Buffer.from(bytes).toString("base64")]] : [];
  })),
} }) })`;
}

/** Reads what the kernel answered to {@link materialsExpression}. */
export function readMaterials(answer: Readonly<Record<string, unknown>> | null): Materials {
  const data = answer?.["application/json"] as Partial<Materials> | undefined;
  return { journals: data?.journals ?? {}, captures: data?.captures ?? {} };
}

/** The files of a chapter's downloads, with their contents. `title` is the chapter's. */
export function downloadFiles(
  chapter: string,
  title: string,
  { journals, captures }: Materials,
): Map<Download, string | Buffer> {
  const files = new Map<Download, string | Buffer>();
  for (const [name, value] of Object.entries(journals)) {
    const text = `${JSON.stringify(value, null, 1)}\n`;
    const entries: readonly JournalEntry[] = parseJournal(text).entries;
    const of = `of the lab “${name}”`;
    files.set(
      { file: `${chapter}-${name}.journal.json`, what: `Journal ${of}: hopbook replay rebuilds it` },
      text,
    );
    files.set(
      { file: `${chapter}-${name}.sh`, what: `Shell script ${of}, for real Linux machines` },
      machineScript(entries, `Hopbook, ${title}: lab “${name}”`),
    );
  }
  for (const [name, base64] of Object.entries(captures)) {
    const download = {
      file: `${chapter}-${name}.pcapng`,
      what: `Packets of the trace “${name}”, for Wireshark`,
    };
    files.set(download, Buffer.from(base64, "base64"));
  }
  return files;
}
