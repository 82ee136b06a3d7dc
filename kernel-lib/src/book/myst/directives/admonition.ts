import { SourceError } from "../../source-error.js";
import { around, bodyPlace, type Directive } from "./directive.js";

/** The kinds of MyST, each with its title and the look that Jupyter has for it. */
const KINDS: Readonly<Record<string, readonly [title: string, look: string]>> = {
  note: ["Note", "info"],
  hint: ["Hint", "success"],
  tip: ["Tip", "success"],
  important: ["Important", "info"],
  seealso: ["See also", "info"],
  attention: ["Attention", "warning"],
  caution: ["Caution", "warning"],
  warning: ["Warning", "warning"],
  danger: ["Danger", "danger"],
  error: ["Error", "danger"],
  admonition: ["", "info"],
};

/** A remark beside the text: `:::{note}`, `:::{warning} Title` and the like. */
export const admonition: Directive = {
  names: Object.keys(KINDS),
  options: [],
  convert(block, conversion) {
    const [usual, look] = KINDS[block.name]!;
    const title = block.argument || usual;
    if (title === "") throw new SourceError(block.file, block.line, "an admonition needs a title");
    const body = conversion.blocks(block.body, bodyPlace(block));
    const open = `<div class="admonition ${block.name} alert alert-block alert-${look}">`;
    return around(open, `**${conversion.inline(title, block)}**\n\n${body}`, "</div>");
  },
};
