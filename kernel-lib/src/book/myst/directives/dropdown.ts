import { parseInline } from "marked";
import { around, bodyPlace, type Directive } from "./directive.js";

/** Text that opens when the reader asks for it: hints and solutions. */
export const dropdown: Directive = {
  names: ["dropdown", "solution"],
  options: ["open"],
  convert(block, conversion) {
    const title = block.argument || (block.name === "solution" ? "Solution" : "More");
    const summary = parseInline(conversion.inline(title, block), { async: false });
    const open = "open" in block.options && block.options.open !== false ? " open" : "";
    const body = conversion.blocks(block.body, bodyPlace(block));
    return around(
      `<details class="${block.name}"${open}>\n<summary>${summary}</summary>`,
      body,
      "</details>",
    );
  },
};
