/** A piece of HTML that is safe to put in a page: written here, or made safe by `sanitize.ts`. */
export class Markup {
  constructor(readonly text: string) {}
}

type Piece = Markup | string | number | null | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The text with the characters that HTML gives a meaning replaced; right in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function pieceText(piece: Piece): string {
  if (piece === null) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "object") return piece.map((each) => each.text).join("");
  return escapeHtml(String(piece));
}

/** A template of HTML: strings in it are escaped, {@link Markup} is not, null is nothing. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  let text = strings[0]!;
  pieces.forEach((piece, i) => {
    text += pieceText(piece) + strings[i + 1]!;
  });
  return new Markup(text);
}

/** Takes text that is HTML already. Only for what a sanitiser or an escaping function returned. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

export const NOTHING: Markup = new Markup("");

/** Data as a script element that no browser runs: a script of the page reads it. */
export function jsonScript(
  data: unknown,
  attributes: Readonly<Partial<Record<"id" | "class", string>>>,
): Markup {
  const json = JSON.stringify(data)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
  const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return trusted(`<script type="application/json"${list.join("")}>${json}</script>`);
}
