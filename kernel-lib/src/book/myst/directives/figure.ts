import { parseInline } from "marked";
import { SourceError } from "../../source-error.js";
import { imageLink } from "../inline.js";
import { textOption } from "../options.js";
import { slug } from "../terms.js";
import { bodyPlace, type Directive } from "./directive.js";

const escapeAttribute = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** `:::{figure} path` with `:alt:`, `:name:`, `:width:` in pixels; the body is the caption. */
export const figure: Directive = {
  names: ["figure", "image"],
  options: ["alt", "name", "width"],
  convert(block, conversion) {
    const alt = textOption(block.options, "alt", block);
    if (alt === undefined) {
      throw new SourceError(
        block.file,
        block.line,
        "a figure needs “:alt:”, the text for readers who do not see it",
      );
    }
    const width = textOption(block.options, "width", block)?.replace(/px$/, "");
    if (width !== undefined && !/^\d+$/.test(width)) {
      throw new SourceError(block.file, block.line, "“:width:” must be a number of pixels");
    }
    const name = textOption(block.options, "name", block);
    const source = escapeAttribute(imageLink(block.argument, block, conversion));
    const size = width === undefined ? "" : ` width="${width}"`;
    const image = `<img src="${source}" alt="${escapeAttribute(alt)}"${size}>`;
    const open = `<figure${name === undefined ? "" : ` id="${slug(name)}"`}>\n${image}`;
    const caption = conversion.inline(block.body.trim(), bodyPlace(block));
    if (caption === "") return `${open}\n</figure>`;
    return `${open}\n<figcaption>${parseInline(caption, { async: false })}</figcaption>\n</figure>`;
  },
};
