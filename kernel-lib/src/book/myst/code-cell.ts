import type { CellMetadata } from "../../base/notebook.js";
import { SourceError } from "../source-error.js";
import type { DirectiveBlock } from "./blocks.js";
import { listOption, onlyOptions } from "./options.js";

const LANGUAGES = ["typescript", "ts"];

/** What a cell's tags may be; a tag with a spelling mistake would do nothing and say nothing. */
const TAGS = [
  "hide-input",
  "hide-output",
  "hide-cell",
  "remove-input",
  "remove-output",
  "remove-cell",
  "raises-exception",
  "scroll-output",
];

/** Reads ```` ```{code-cell} typescript ````: the code, and the metadata that its tags make. */
export function readCodeCell(block: DirectiveBlock): { source: string; metadata: CellMetadata } {
  if (!LANGUAGES.includes(block.argument)) {
    throw new SourceError(
      block.file,
      block.line,
      `a code cell's language is “typescript”, not “${block.argument}”`,
    );
  }
  onlyOptions(block.options, ["tags"], "a code cell", block);
  const tags = listOption(block.options, "tags", block);
  const unknown = tags.find((tag) => !TAGS.includes(tag));
  if (unknown !== undefined) {
    throw new SourceError(
      block.file,
      block.line,
      `tag “${unknown}” is not known; known are ${TAGS.join(", ")}`,
    );
  }
  return { source: block.body.replace(/^(\s*\n)+|\s+$/g, ""), metadata: codeMetadata(tags) };
}

/** Tags, and JupyterLab's own words for what they ask (`metadata.jupyter`), so that it folds the same parts. */
export function codeMetadata(tags: readonly string[]): CellMetadata {
  if (tags.length === 0) return {};
  const hides = (part: string) => tags.includes(`hide-${part}`) || tags.includes("hide-cell");
  const jupyter = {
    ...(hides("input") ? { source_hidden: true } : {}),
    ...(hides("output") ? { outputs_hidden: true } : {}),
  };
  return { ...(Object.keys(jupyter).length > 0 ? { jupyter } : {}), tags: [...tags] };
}
