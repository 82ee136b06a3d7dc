/// <reference lib="dom.iterable" />
import { createRequire } from "node:module";
import createDOMPurify, { type DOMPurify } from "dompurify";

interface Dom {
  readonly document: Document;
  readonly purify: DOMPurify;
}

let dom: Dom | undefined;

/** A document without a browser, with its sanitiser; made on first use since loading jsdom takes half a second. */
export function useDom(): Dom {
  if (dom) return dom;
  const { JSDOM } = createRequire(import.meta.url)("jsdom") as typeof import("jsdom");
  const { window } = new JSDOM("<!doctype html><body></body>");
  dom = { document: window.document, purify: createDOMPurify(window) };
  return dom;
}
