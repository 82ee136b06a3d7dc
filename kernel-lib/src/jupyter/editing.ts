import type * as ts from "@tslab/typescript-for-tslab";
import type { Executor } from "tslab/dist/executor.js";
import { isShellCell } from "../base/cell-magic.js";
import type { Content } from "./message.js";
import type { Tslab } from "./tslab.js";

/** Jupyter counts a cursor in characters of Unicode, JavaScript in units of UTF-16. */
export function toUtf16(code: string, cursor: number): number {
  let units = 0;
  let left = cursor;
  for (const character of code) {
    if (left-- <= 0) break;
    units += character.length;
  }
  return units;
}

/** The inverse of {@link toUtf16}. */
export function toCodePoints(code: string, units: number): number {
  return [...code.slice(0, units)].length;
}

function cursorOf(request: Content): { code: string; cursor: number } {
  const code = String(request.code ?? "");
  const given = typeof request.cursor_pos === "number" ? request.cursor_pos : Number.POSITIVE_INFINITY;
  return { code, cursor: toUtf16(code, given) };
}

/** The first line `%%trace` as blanks, which TypeScript reads. */
const withoutMagic = (code: string): string => code.replace(/^%%.*/, (line) => " ".repeat(line.length));

/** Bash in a cell is not completed. */
function noMatches(cursor: number): Content {
  return { status: "ok", matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
}

/** Answers a `complete_request`. The kinds of the matches go where JupyterLab looks for them. */
export function complete(executor: Executor, request: Content): Content {
  const { code, cursor } = cursorOf(request);
  if (isShellCell(code)) return noMatches(toCodePoints(code, cursor));
  const info = executor.complete(withoutMagic(code), cursor);
  const start = toCodePoints(code, info.start);
  const end = toCodePoints(code, info.end);
  const kinds = new Map((info.original?.entries ?? []).map((entry) => [entry.name, String(entry.kind)]));
  const types = info.candidates.map((text) => ({ start, end, text, type: kinds.get(text) ?? "" }));
  return {
    status: "ok",
    matches: info.candidates,
    cursor_start: start,
    cursor_end: end,
    metadata: { _jupyter_types_experimental: types },
  };
}

/** Answers an `inspect_request` with the type and the doc comment of what is under the cursor, or of the call around it. */
export function inspectCode(executor: Executor, request: Content): Content {
  const { code, cursor } = cursorOf(request);
  const info = isShellCell(code) ? null : quickInfo(executor, withoutMagic(code), cursor);
  if (!info) return { status: "ok", found: false, data: {}, metadata: {} };
  const data = { "text/plain": plainText(info), "text/markdown": markdown(info) };
  return { status: "ok", found: true, data, metadata: {} };
}

/** Looks at the cursor, just before it (behind a name), and at the name before the parenthesis that is still open. */
function quickInfo(executor: Executor, code: string, cursor: number): ts.QuickInfo | null {
  const places = [cursor, cursor - 1, calledName(code, cursor)];
  for (const place of places) {
    if (place < 0 || place >= code.length || /\s/.test(code[place]!)) continue;
    const info = executor.inspect(code, place) as ts.QuickInfo | undefined;
    if (info) return info;
  }
  return null;
}

/** The last letter of the function whose argument list holds the cursor; -1 when there is none. */
function calledName(code: string, cursor: number): number {
  let depth = 0;
  for (let i = cursor - 1; i >= 0; i--) {
    if (code[i] === ")") depth += 1;
    else if (code[i] === "(" && depth-- === 0) return i - 1;
  }
  return -1;
}

const join = (parts: readonly { text: string }[] | undefined): string =>
  (parts ?? []).map((part) => part.text).join("");

function plainText(info: ts.QuickInfo): string {
  const tags = (info.tags ?? []).map((tag) => `@${tag.name} ${join(tag.text)}`.trimEnd());
  const parts = [join(info.displayParts), join(info.documentation), tags.join("\n")];
  return parts.filter((part) => part !== "").join("\n\n");
}

function markdown(info: ts.QuickInfo): string {
  const tags = (info.tags ?? []).map(markdownTag);
  const parts = [
    `\`\`\`typescript\n${join(info.displayParts)}\n\`\`\``,
    join(info.documentation),
    tags.join("\n\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function markdownTag(tag: ts.JSDocTagInfo): string {
  const text = join(tag.text);
  if (tag.name === "example") return `*@example*\n\`\`\`typescript\n${text}\n\`\`\``;
  const [name, ...rest] = text.split(" ");
  if (tag.name === "param") return `*@param* \`${name}\` ${rest.join(" ")}`.trimEnd();
  return `*@${tag.name}* ${text}`.trimEnd();
}

/** Answers an `is_complete_request`: whether Enter should run the code or open another line. */
export function isComplete(tslab: Tslab, request: Content): Content {
  const code = String(request.code ?? "");
  // As IPython does with its cells of this kind: an empty line at the end runs them.
  if (code.startsWith("%%"))
    return /\n[ \t]*$/.test(code) ? { status: "complete" } : { status: "incomplete", indent: "" };
  const { completed, indent } = tslab.isCompleteCode(code);
  return completed ? { status: "complete" } : { status: "incomplete", indent: indent ?? "" };
}
