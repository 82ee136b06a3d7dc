import { joinText, type Output } from "../../base/notebook.js";

/**
 * What a terminal shows at the end: a carriage return goes back to the line's start and what follows overwrites what
 * stands there, a backspace takes a character away
 * (as Jupyter shows it; a terminal would only step back). Progress bars become their last state.
 */
export function settleText(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.split("\n").map(settleLine).join("\n");
}

/** Escape sequences take no place on the line. Overwriting by colour is exact only where a new text covers the old. */
function settleLine(line: string): string {
  if (!/[\r\b]/.test(line)) return line;
  const parts = line.replace(/\r+$/, "").split("\r");
  let shown = "";
  for (const part of parts) {
    const text = applyBackspaces(part);
    const rest = visibleLength(text) >= visibleLength(shown) ? "" : dropVisible(shown, visibleLength(text));
    shown = text + rest;
  }
  return shown;
}

function applyBackspaces(text: string): string {
  let now = text;
  while (/[^\b]\x08/.test(now)) now = now.replace(/[^\b]\x08/, "");
  return now.replace(/\x08/g, "");
}

const SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]/g;

function visibleLength(text: string): number {
  return text.replace(SEQUENCE, "").length;
}

/** The text without its first `count` visible characters. */
function dropVisible(text: string, count: number): string {
  return text.replace(SEQUENCE, "").slice(count);
}

/** Neighbouring streams of one name as one: a kernel may have cut a text anywhere. */
export function mergeStreams(outputs: readonly Output[]): Output[] {
  const merged: Output[] = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      merged[merged.length - 1] = { ...last, text: joinText(last.text) + joinText(output.text) };
    } else {
      merged.push(output);
    }
  }
  return merged;
}
