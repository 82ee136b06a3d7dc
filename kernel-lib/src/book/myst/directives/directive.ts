import type { DirectiveBlock } from "../blocks.js";
import type { Context } from "../context.js";
import type { Place } from "../options.js";

export type { DirectiveBlock };

/** What a directive may ask of the conversion that calls it. */
export interface Conversion extends Context {
  /** Turns a body of MyST, directives included, into Markdown. */
  blocks(text: string, place: Place): string;
  /** Turns one run of text into Markdown. */
  inline(text: string, place: Place): string;
}

/** A directive `:::{name}`: how it reads in a notebook's Markdown cell. */
export interface Directive {
  readonly names: readonly string[];
  readonly options: readonly string[];
  convert(block: DirectiveBlock, conversion: Conversion): string;
}

/** Where a directive's body begins. */
export function bodyPlace(block: DirectiveBlock): Place {
  return { file: block.file, line: block.bodyLine };
}

/** A block of HTML around Markdown: the empty lines make Markdown of what stands between (CommonMark 4.6). */
export function around(open: string, body: string, close: string): string {
  return `${open}\n\n${body.trim()}\n\n${close}`;
}
