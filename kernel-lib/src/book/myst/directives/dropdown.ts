import { parseInline } from "marked";
import type { Context } from "../context.js";
import { convertInline } from "../inline.js";
import { around, bodyPlace, type Directive, type DirectiveBlock } from "./directive.js";

/** The title as its author wrote it. */
export function dropdownTitle(block: DirectiveBlock): string {
  return block.argument || (block.name === "solution" ? "Solution" : "More");
}

/** The HTML in front of the dropdown's text. */
export function dropdownOpening(block: DirectiveBlock, context: Context): string {
  const summary = parseInline(convertInline(dropdownTitle(block), block, context), { async: false });
  const open = "open" in block.options && block.options.open !== false ? " open" : "";
  return `<details class="${block.name}"${open}>\n<summary>${summary}</summary>`;
}

/** Text that opens when the reader asks for it: hints and solutions. */
export const dropdown: Directive = {
  names: ["dropdown", "solution"],
  options: ["open"],
  convert(block, conversion) {
    const body = conversion.blocks(block.body, bodyPlace(block));
    return around(dropdownOpening(block, conversion), body, "</details>");
  },
};
