import type { Footnotes } from "./footnotes.js";
import type { Citations } from "./sources.js";
import type { Terms } from "./terms.js";

/** What the conversion of one chapter knows and collects. */
export interface Context {
  /** The chapter's name, e.g. `01-bridge`. */
  readonly chapter: string;
  /** The chapter's folder as a link from its notebook's folder, with a slash at the end. */
  readonly folderLink: string;
  readonly terms: Terms;
  readonly footnotes: Footnotes;
  readonly citations: Citations;
}
