/** Where the reply that begins at `at` ends, or null if it is not whole yet. One character is one byte. */
export function replyEnd(text: string, at: number): number | null {
  const lineEnd = text.indexOf("\r\n", at);
  if (lineEnd < 0) return null;
  const kind = text[at]!;
  const size = Number(text.slice(at + 1, lineEnd));
  const next = lineEnd + 2;
  if ("+-:,_#(".includes(kind) || size < 0) return next;
  if ("$=".includes(kind)) return text.length >= next + size + 2 ? next + size + 2 : null;
  let end: number | null = next;
  for (let left = kind === "%" ? size * 2 : size; left > 0 && end !== null; left--) end = replyEnd(text, end);
  return end;
}

/** The parts of a reply in an order that does not depend on that of a hash table. */
export function unordered(reply: string): string {
  return partsOf(reply).sort().join("");
}

function partsOf(reply: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < reply.length; ) {
    const lineEnd = reply.indexOf("\r\n", at) + 2;
    const aggregate = "*%~>".includes(reply[at]!);
    const end = aggregate ? lineEnd : replyEnd(reply, at)!;
    parts.push(reply.slice(at, end));
    at = end;
  }
  return parts;
}
