import { readFileSync } from "node:fs";

export interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly {
    readonly text?: string | readonly string[];
    readonly data?: Readonly<Record<string, string | readonly string[]>>;
  }[];
}

const joined = (text: string | readonly string[] = "") => (typeof text === "string" ? text : text.join(""));

/** The cells of a notebook as it is stored: `03-vxlan`. */
export function notebookCells(name: string): readonly Cell[] {
  const text = readFileSync(new URL(`../../notebooks/${name}.ipynb`, import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cells: readonly Cell[] }).cells;
}

export function sourceOf({ source }: Cell): string {
  return joined(source);
}

/** What a cell printed, its value included. */
export function printedBy({ outputs = [] }: Cell): string {
  return outputs.map(({ text, data }) => joined(text) + joined(data?.["text/plain"])).join("\n");
}
