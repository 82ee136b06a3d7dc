import { SourceError } from "../source-error.js";
import { type Block, type DirectiveBlock, parseBlocks } from "./blocks.js";
import type { Context } from "./context.js";
import type { Conversion } from "./directives/directive.js";
import { DIRECTIVES } from "./directives/index.js";
import { convertInline } from "./inline.js";
import { onlyOptions, type Place } from "./options.js";

/** The Markdown of one block; only blocks that stand in a Markdown cell. */
export function convertBlock(block: Block, context: Context): string {
  switch (block.kind) {
    case "text":
      return convertInline(block.text, block, context);
    case "code":
      return block.text;
    case "directive":
      return convertDirective(block, context);
    case "break":
      throw new SourceError(block.file, block.line, "“+++” cannot stand inside a directive");
  }
}

function convertDirective(block: DirectiveBlock, context: Context): string {
  if (block.name === "code-cell") {
    const advice = "tag it “hide-cell” to hide it until the reader asks";
    throw new SourceError(block.file, block.line, `a code cell cannot stand inside a directive; ${advice}`);
  }
  const directive = DIRECTIVES.find(({ names }) => names.includes(block.name));
  if (!directive) {
    throw new SourceError(block.file, block.line, `directive “{${block.name}}” is not supported`);
  }
  onlyOptions(block.options, directive.options, `directive “{${block.name}}”`, block);
  const conversion: Conversion = {
    ...context,
    blocks: (text, place) => convertText(text, place, context),
    inline: (text, place) => convertInline(text, place, context),
  };
  return directive.convert(block, conversion);
}

/** Turns MyST into Markdown. `place` is that of the text's first line. */
function convertText(text: string, place: Place, context: Context): string {
  const blocks = parseBlocks(text, place).map((block) =>
    convertBlock(block, context).replace(/^\n+|\s+$/g, ""),
  );
  return blocks.join("\n\n");
}
