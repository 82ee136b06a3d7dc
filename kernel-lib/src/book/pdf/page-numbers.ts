/**
 * On which page each named destination of a PDF lies, 1 for the first. Reads what Chromium's writer (Skia) makes: objects outside streams stand as plain
 * text, `/Dests` lists a place for each anchor that a link leads to (ISO 32000-1, 12.3.2.3), `/Kids` the pages in their order.
 */
export function pageNumbers(pdf: Buffer): ReadonlyMap<string, number> {
  const objects = new Map<string, string>();
  for (const match of pdf.toString("latin1").matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    objects.set(match[1]!, match[2]!);
  const root = [...objects].find(
    ([, text]) => /\/Type \/Pages\b/.test(text) && !/\/Parent\b/.test(text),
  )?.[0];
  if (root === undefined) throw new Error("the PDF has no list of its pages that can be read");
  const pages = leaves(root, objects);
  const numbers = new Map<string, number>();
  for (const text of objects.values()) {
    if (/\/Title\b/.test(text)) continue; // An entry of the outline: it has a place, and no name for it.
    for (const [, name, page] of text.matchAll(/\/([^\s/[\]()<>]+) \[(\d+) 0 R \/XYZ/g))
      numbers.set(readName(name!), pages.indexOf(page!) + 1);
  }
  return numbers;
}

/** The pages under a node of the page tree, as numbers of their objects. */
function leaves(node: string, objects: ReadonlyMap<string, string>): string[] {
  const kids = /\/Kids \[([^\]]*)\]/.exec(objects.get(node) ?? "")?.[1];
  if (kids === undefined) return [node];
  return [...kids.matchAll(/(\d+) 0 R/g)].flatMap((match) => leaves(match[1]!, objects));
}

/** A name of PDF: `#` and two digits stand for a byte, and the bytes are UTF-8. */
function readName(name: string): string {
  const bytes = name.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
