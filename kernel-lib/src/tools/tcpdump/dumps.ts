import { type Dissection, hex } from "./dissection.js";
import { dumpsUnknown } from "./print-options.js";

const BYTES_PER_LINE = 16;
/** Eight groups of a space and four digits. */
const HEX_WIDTH = 40;

/** -x: lines of hexadecimal words, each after `indent` (hex_print). */
export function hexDump(d: Dissection, indent: string, at: number, length: number): void {
  eachLine(d, at, length, (offset, words) => d.print(`${indent}0x${hex(offset, 4)}: ${words}`));
}

/** -X: the same with the printable bytes beside (hex_and_ascii_print). */
export function hexAndAsciiDump(d: Dissection, indent: string, at: number, length: number): void {
  eachLine(d, at, length, (offset, words, line) => {
    const text = Array.from(line, (byte) => (isGraphic(byte) ? String.fromCharCode(byte) : ".")).join("");
    d.print(`${indent}0x${hex(offset, 4)}: ${words.padEnd(HEX_WIDTH)}  ${text}`);
  });
}

function eachLine(
  d: Dissection,
  at: number,
  length: number,
  print: (offset: number, words: string, line: Uint8Array) => void,
): void {
  const end = Math.min(at + length, d.end);
  for (let start = at; start < end; start += BYTES_PER_LINE) {
    const line = d.bytes.subarray(start, Math.min(start + BYTES_PER_LINE, end));
    let words = "";
    line.forEach((byte, index) => {
      words += (index % 2 === 0 ? " " : "") + hex(byte, 2);
    });
    print(start - at, words, line);
  }
}

/** -A: the bytes as text; carriage returns at line ends vanish, others are dots (ascii_print). */
export function asciiDump(d: Dissection, at: number, length: number): void {
  d.print("\n");
  const end = Math.min(at + length, d.end);
  let text = "";
  for (let i = at; i < end; i++) {
    const byte = d.u8(i);
    const left = end - i - 1;
    if (byte === 0x0d) text += left > 1 && d.u8(i + 1) !== 0x0a ? "." : "";
    else
      text +=
        isGraphic(byte) || byte === 0x09 || byte === 0x20 || byte === 0x0a ? String.fromCharCode(byte) : ".";
  }
  d.print(text);
}

/** The dump of a payload that no printer knows. */
export function defaultDump(d: Dissection, at: number, length: number): void {
  if (dumpsUnknown(d.options)) hexAndAsciiDump(d, "\n\t", at, length);
}

function isGraphic(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}
