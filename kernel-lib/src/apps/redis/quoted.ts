const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x07": "\\a",
  "\b": "\\b",
};

/** Bytes in double quotes, those that do not print escaped. Source: Redis 7.0, sds.c sdscatrepr. */
export function quoted(text: string): string {
  let out = '"';
  for (const sign of text) {
    const code = sign.charCodeAt(0);
    out += ESCAPES[sign] ?? (code < 0x20 || code > 0x7e ? `\\x${code.toString(16).padStart(2, "0")}` : sign);
  }
  return `${out}"`;
}
