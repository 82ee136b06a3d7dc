import type { ScriptNode, StatementNode } from "just-bash";
import type { BashModule } from "./bash-module.js";

export type Parsed = { readonly statements: readonly StatementNode[] } | { readonly error: string };

/** Parses a line or a script. The error is bash's text, without `bash: ` before it. */
export function parseScript(module: BashModule, text: string): Parsed {
  let script: ScriptNode;
  try {
    script = module.parse(text);
  } catch (error) {
    return { error: syntaxError(text, error) };
  }
  for (const { deferredError } of script.statements)
    if (deferredError !== undefined) return { error: unexpected(deferredError.token) };
  return { statements: script.statements };
}

/** Whether more lines are needed: an open quote, `if` without `fi`, a here-document, an operator or backslash at the end. */
export function isIncomplete(module: BashModule, text: string): boolean {
  if (/(^|[^\\])(\\\\)*\\\n?$/.test(text) || /(\||&&)\s*$/.test(text)) return true;
  try {
    return JSON.stringify(module.parse(text)).includes('"terminated":false');
  } catch (error) {
    return endsTooEarly(text, error);
  }
}

function endsTooEarly(text: string, error: unknown): boolean {
  const message = error instanceof Error ? error.message : "";
  if (/unexpected EOF|got EOF/.test(message)) return true;
  const place = /Parse error at (\d+):(\d+)/.exec(message);
  if (place === null) return false;
  const lines = text.replace(/\s+$/, "").split("\n");
  return Number(place[1]) >= lines.length && Number(place[2]) > (lines.at(-1)?.length ?? 0);
}

function unexpected(token: string): string {
  return `syntax error near unexpected token \`${token === "\n" || token === "" ? "newline" : token}'`;
}

function syntaxError(text: string, error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error))
    .replace(/^Parse error at \d+:\d+: /, "")
    .replace(/^line (\d+): /, "");
  if (/unexpected EOF while looking/.test(message)) return message;
  if (endsTooEarly(text, error)) return "syntax error: unexpected end of file";
  return message.startsWith("syntax error") ? message : `syntax error: ${message}`;
}
