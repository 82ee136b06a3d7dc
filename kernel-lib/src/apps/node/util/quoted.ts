const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  "\\": "\\\\",
};

/** A string as `util.inspect` quotes it: single quotes, or others where that saves escapes. */
export function quoted(text: string): string {
  const quote = !text.includes("'")
    ? "'"
    : !text.includes('"')
      ? '"'
      : !text.includes("`") && !text.includes("${")
        ? "`"
        : "'";
  const body = text.replace(
    /[\x00-\x1f\x7f-\x9f\\']|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (sign) => {
      if (sign === "'") return quote === "'" ? "\\'" : sign;
      const code = sign.charCodeAt(0);
      return (
        ESCAPES[sign] ??
        (code > 0xff
          ? `\\u${code.toString(16).toUpperCase()}`
          : `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`)
      );
    },
  );
  return `${quote}${body}${quote}`;
}
