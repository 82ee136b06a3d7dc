import { escapeHtml, type Markup, trusted } from "./markup.js";

/** What a terminal remembers between two SGR sequences (ECMA-48 8.3.117). */
interface Style {
  readonly color: string | null;
  readonly background: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

const PLAIN: Style = {
  color: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
};
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Colour sequences (kept) and every other escape sequence (dropped: cursor movement, titles, links). */
const ESCAPES =
  /\x1b\[([0-9;]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** The colour of the 256-colour palette: 16 named, a 6×6×6 cube, 24 greys. */
function paletteColor(index: number): string {
  if (index < 8) return NAMES[index]!;
  if (index < 16) return `bright-${NAMES[index - 8]}`;
  if (index >= 232) return rgb([0, 0, 0].map(() => 8 + 10 * (index - 232)));
  const cube = index - 16;
  return rgb(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) =>
      level === 0 ? 0 : 55 + 40 * level,
    ),
  );
}

function rgb(channels: readonly number[]): string {
  return `#${channels.map((value) => Math.min(255, value).toString(16).padStart(2, "0")).join("")}`;
}

/** The colour after 38 or 48, and how many parameters it took. */
function extendedColor(codes: readonly number[], at: number): { color: string | null; taken: number } {
  if (codes[at] === 5) return { color: paletteColor(Math.min(255, codes[at + 1] ?? 0)), taken: 2 };
  if (codes[at] === 2) return { color: rgb([0, 1, 2].map((i) => codes[at + 1 + i] ?? 0)), taken: 4 };
  return { color: null, taken: 0 };
}

function applyCodes(style: Style, codes: readonly number[]): Style {
  let now = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 38 || code === 48) {
      const { color, taken } = extendedColor(codes, i + 1);
      now = code === 38 ? { ...now, color } : { ...now, background: color };
      i += taken;
    } else {
      now = applyCode(now, code);
    }
  }
  return now;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code >= 30 && code <= 37) return { ...style, color: paletteColor(code - 30) };
  if (code === 39) return { ...style, color: null };
  if (code >= 40 && code <= 47) return { ...style, background: paletteColor(code - 40) };
  if (code === 49) return { ...style, background: null };
  if (code >= 90 && code <= 97) return { ...style, color: paletteColor(code - 82) };
  if (code >= 100 && code <= 107) return { ...style, background: paletteColor(code - 92) };
  return style;
}

function span(style: Style, text: string): string {
  if (text === "") return "";
  const classes: string[] = [];
  const rules: string[] = [];
  const color = (value: string | null, kind: "color" | "background") => {
    if (value?.startsWith("#")) rules.push(`${kind}:${value}`);
    else if (value) classes.push(kind === "color" ? `ansi-${value}` : `ansi-on-${value}`);
  };
  color(style.color, "color");
  color(style.background, "background");
  for (const name of ["bold", "dim", "italic", "underline"] as const)
    if (style[name]) classes.push(`ansi-${name}`);
  if (classes.length === 0 && rules.length === 0) return escapeHtml(text);
  const attributes = [
    classes.length > 0 ? ` class="${classes.join(" ")}"` : "",
    rules.length > 0 ? ` style="${rules.join(";")}"` : "",
  ];
  return `<span${attributes.join("")}>${escapeHtml(text)}</span>`;
}

/** Terminal text as HTML: colours and styles as classes `ansi-…`, other control characters left out. */
export function ansiToHtml(text: string): Markup {
  let style = PLAIN;
  let last = 0;
  let out = "";
  for (const match of text.matchAll(ESCAPES)) {
    out += span(style, text.slice(last, match.index));
    last = (match.index ?? 0) + match[0].length;
    if (match[1] !== undefined) style = applyCodes(style, match[1].split(";").map(Number));
  }
  return trusted(out + span(style, text.slice(last)));
}
