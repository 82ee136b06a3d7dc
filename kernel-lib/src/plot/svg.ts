/** About the width of a page's column: a wider picture is drawn smaller where there is no room for it. */
const COLUMN = 700;

/** Small pieces of SVG text: attributes are numbers and fixed words, texts are escaped. */
export type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ""): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : value}"`)
    .join("");
  return content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeText(content));
}

export function escapeText(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

export function svg(width: number, height: number, content: string): string {
  const w = Math.ceil(width);
  const h = Math.ceil(height);
  const fit = w > COLUMN ? ' style="max-width:100%;height:auto"' : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"${fit}>${content}</svg>`;
}

/** Two decimals are enough for a pixel, and keep the bytes the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
