import { BuildError } from "./build-error.js";

/** Puts variables into a word of an instruction and takes its quotes off (moby/buildkit's shell lexer). */
export function expandWord(text: string, variables: ReadonlyMap<string, string>): string {
  return expand(text, variables).join(" ");
}

/** The same for a list of words between blanks; a quoted blank parts nothing. */
export function expandWords(text: string, variables: ReadonlyMap<string, string>): string[] {
  return splitWords(text).map((word) => expandWord(word, variables));
}

/** Cuts at blanks outside quotes; the quotes stay. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s"'\\]|["'])+/g);
  return words ?? [];
}

function expand(text: string, variables: ReadonlyMap<string, string>): string[] {
  let out = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote === "'") {
      if (char === "'") quote = "";
      else out += char;
    } else if (char === "'" && quote === "") quote = char;
    else if (char === '"') quote = quote === "" ? char : "";
    else if (char === "\\" && at + 1 < text.length) {
      const next = text[++at]!;
      out += quote === "" || '"$\\'.includes(next) ? next : `\\${next}`;
    } else if (char === "$") {
      const { value, end } = variable(text, at, variables);
      out += value;
      at = end;
    } else out += char;
  }
  if (quote !== "")
    throw new BuildError(
      `unexpected end of statement while looking for matching ${quote === "'" ? "single" : "double"}-quote`,
    );
  return [out];
}

/** `$name`, `${name}`, `${name:-word}`, `${name:+word}`; `end` is the index of its last character. */
function variable(
  text: string,
  at: number,
  variables: ReadonlyMap<string, string>,
): { value: string; end: number } {
  const plain = /^\$(\w+)/.exec(text.slice(at));
  if (plain !== null) return { value: variables.get(plain[1]!) ?? "", end: at + plain[0].length - 1 };
  if (text[at + 1] !== "{") return { value: "$", end: at };
  const close = closing(text, at + 1);
  const inner = text.slice(at + 2, close);
  const [, name = "", operator = "", word = ""] = /^(\w+)(?::?([-+?])([\s\S]*))?$/.exec(inner) ?? [];
  if (name === "") throw new BuildError("syntax error: bad substitution");
  const held = variables.get(name) ?? "";
  if (operator === "?" && held === "")
    throw new BuildError(`${name}: ${word || "is not allowed to be unset"}`);
  const other = operator === "" || operator === "?" ? "" : expandWord(word, variables);
  const value = operator === "+" ? (held === "" ? "" : other) : held === "" ? other : held;
  return { value, end: close };
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  throw new BuildError("syntax error: missing '}'");
}

/** `A=1 B="x y"`, or the older `A the rest`, as pairs of which the values still have their variables. Throws BuildError. */
export function readPairs(name: string, rest: string): [string, string][] {
  const words = splitWords(rest);
  const first = words[0] ?? "";
  if (!first.includes("=")) {
    const [, key = "", value = ""] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? [];
    if (key === "") throw new BuildError(`${name} must have two arguments`, null, "syntax");
    return [[key, value]];
  }
  return words.map((word) => {
    const at = word.indexOf("=");
    if (at < 0)
      throw new BuildError(
        `Syntax error - can't find = in ${JSON.stringify(word)}. Must be of the form: name=value`,
        null,
        "syntax",
      );
    return [word.slice(0, at), word.slice(at + 1)];
  });
}
