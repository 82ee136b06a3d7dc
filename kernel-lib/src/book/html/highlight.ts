import highlighter from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import shell from "highlight.js/lib/languages/shell";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml, type Markup, trusted } from "./markup.js";

highlighter.registerLanguage("typescript", typescript);
highlighter.registerLanguage("bash", bash);
highlighter.registerLanguage("shell", shell);
highlighter.registerLanguage("json", json);

/** Names that authors write, to names that the highlighter has; `console` is a session with prompts. */
const ALIASES: Readonly<Record<string, string>> = {
  ts: "typescript",
  javascript: "typescript",
  js: "typescript",
  sh: "bash",
  console: "shell",
};

/** The language as the highlighter calls it; null for one that it shows without colours. */
export function languageName(written: string): string | null {
  const word = written.trim().split(/\s/)[0]!.toLowerCase();
  const name = ALIASES[word] ?? word;
  return highlighter.getLanguage(name) ? name : null;
}

/** Code with spans of class `hljs-…`. */
export function highlightCode(code: string, language: string): Markup {
  const name = languageName(language);
  if (name === null) return trusted(escapeHtml(code));
  return trusted(highlighter.highlight(code, { language: name, ignoreIllegals: true }).value);
}
