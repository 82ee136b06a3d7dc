/// <reference lib="dom.iterable" />
import createDOMPurify, { type DOMPurify } from "dompurify";

interface Dom {
  readonly document: Document;
  readonly purify: DOMPurify;
}

let dom: Dom | undefined;

/**
 * A document with its sanitiser: the page's own in a browser, elsewhere one of jsdom's, made on first use since loading that takes half a second.
 */
export function useDom(): Dom {
  if (dom) return dom;
  if (typeof document !== "undefined") {
    dom = { document, purify: createDOMPurify(globalThis.window) };
    return dom;
  }
  const { createRequire } = process.getBuiltinModule("node:module");
  const { JSDOM } = createRequire(import.meta.url)("jsdom") as typeof import("jsdom");
  const made = new JSDOM("<!doctype html><body></body>").window;
  dom = { document: made.document, purify: createDOMPurify(made) };
  return dom;
}
