import { TemplateError } from "./template-error.js";

/** The kinds of text/template/parse's items that the parser tells apart. */
export type ItemKind =
  | "text"
  | "leftDelim"
  | "rightDelim"
  | "space"
  | "identifier"
  | "keyword"
  | "field"
  | "variable"
  | "dot"
  | "nil"
  | "bool"
  | "number"
  | "string"
  | "rawString"
  | "charConstant"
  | "assign"
  | "declare"
  | "pipe"
  | "leftParen"
  | "rightParen"
  | "char"
  | "eof";

export interface Item {
  readonly kind: ItemKind;
  readonly text: string;
  /** Offset in the template. */
  readonly at: number;
  readonly line: number;
}

const KEYWORDS = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);
const SPACE = /[ \t\r\n]/;
const TRIM_RIGHT = /[ \t\r\n]+$/;
const TRIM_LEFT = /^[ \t\r\n]+/;

/** Items up to the first malformed one, and the error that stands there: Go's parser reports what it finds before that place first. */
export interface Items {
  readonly items: readonly Item[];
  readonly error: TemplateError | null;
}

/** Cuts a template into items (text/template/parse/lex.go). */
export function lex(name: string, input: string): Items {
  return new Lexer(name, input).run();
}

class Lexer {
  private readonly items: Item[] = [];
  private at = 0;
  private line = 1;
  private parens = 0;

  constructor(
    private readonly name: string,
    private readonly input: string,
  ) {}

  run(): Items {
    try {
      while (this.at < this.input.length) this.text();
      this.push("eof", "");
      return { items: this.items, error: null };
    } catch (error) {
      if (error instanceof TemplateError) return { items: this.items, error };
      throw error;
    }
  }

  private push(kind: ItemKind, text: string): void {
    this.items.push({ kind, text, at: this.at, line: this.line });
    this.skip(text);
  }

  private skip(text: string): void {
    this.at += text.length;
    for (const character of text) if (character === "\n") this.line++;
  }

  private fail(message: string, line = this.line): never {
    throw new TemplateError(`template: ${this.name}:${line}: ${message}`);
  }

  /** Text up to the next action, then the action. */
  private text(): void {
    const open = this.input.indexOf("{{", this.at);
    const raw = open < 0 ? this.input.slice(this.at) : this.input.slice(this.at, open);
    const trims = open >= 0 && this.input[open + 2] === "-" && SPACE.test(this.input[open + 3] ?? "");
    const text = trims ? raw.replace(TRIM_RIGHT, "") : raw;
    if (text !== "") this.push("text", text);
    this.skip(raw.slice(text.length));
    if (open < 0) return;
    const marker = trims ? "{{- " : "{{";
    if (this.input.startsWith("/*", open + marker.length)) this.comment(marker);
    else this.action(marker);
  }

  private comment(marker: string): void {
    const start = this.at + marker.length;
    const end = this.input.indexOf("*/", start + 2);
    if (end < 0) this.fail("unclosed comment");
    const after = this.input.slice(end + 2);
    const closing = /^([ \t\r\n]-)?}}/.exec(after);
    if (closing === null) this.fail("comment ends before closing delimiter");
    this.skip(this.input.slice(this.at, end + 2 + closing[0].length));
    if (closing[1] !== undefined) this.trimLeft();
  }

  private trimLeft(): void {
    this.skip(TRIM_LEFT.exec(this.input.slice(this.at))?.[0] ?? "");
  }

  private action(marker: string): void {
    this.push("leftDelim", "{{");
    this.skip(marker.slice(2));
    this.parens = 0;
    const start = this.line;
    for (;;) {
      const rest = this.input.slice(this.at);
      const close = /^([ \t\r\n]-)?}}/.exec(rest);
      if (close !== null) {
        if (this.parens > 0) this.fail("unclosed left paren");
        this.skip(close[1] ?? "");
        this.push("rightDelim", "}}");
        if (close[1] !== undefined) this.trimLeft();
        return;
      }
      if (rest === "") this.fail("unclosed action", start);
      this.inside(rest);
    }
  }

  private inside(rest: string): unknown {
    const space = TRIM_LEFT.exec(rest);
    if (space !== null) {
      // A space that belongs to a trim marker is the marker's.
      const text =
        / -}}/.test(rest.slice(space[0].length - 1, space[0].length + 3)) && space[0].length > 1
          ? space[0].slice(0, -1)
          : space[0];
      return this.push("space", text);
    }
    const character = rest[0]!;
    if (character === '"')
      return this.quoted(rest, /^"(?:[^"\\\n]|\\.)*"/, "string", "unterminated quoted string");
    if (character === "`")
      return this.quoted(rest, /^`[^`]*`/, "rawString", "unterminated raw quoted string");
    if (character === "'")
      return this.quoted(rest, /^'(?:[^'\\\n]|\\.)*'/, "charConstant", "unterminated character constant");
    if (rest.startsWith(":=")) return this.push("declare", ":=");
    if (character === "=") return this.push("assign", "=");
    if (character === "|") return this.push("pipe", "|");
    if (character === "(") {
      this.parens++;
      return this.push("leftParen", "(");
    }
    if (character === ")") {
      if (--this.parens < 0) this.fail("unexpected right paren");
      return this.push("rightParen", ")");
    }
    return this.word(rest, character);
  }

  private quoted(rest: string, pattern: RegExp, kind: ItemKind, message: string): void {
    const match = pattern.exec(rest);
    if (match === null) this.fail(message);
    this.push(kind, match[0]);
  }

  private word(rest: string, character: string): unknown {
    const name = /^[.$]?[\p{L}\p{Nd}_]*/u.exec(rest)![0];
    if (character === "." && !/^\.[0-9]/.test(rest))
      return this.endWord(name, name === "." ? "dot" : "field");
    if (character === "$") return this.endWord(name, "variable");
    if (/^[+\-0-9.]/.test(character)) return this.number(rest);
    if (/[\p{L}_]/u.test(character)) return this.endWord(name, wordKind(name));
    if (character === ":") this.fail("expected :=");
    if (/[\x21-\x7e]/.test(character)) return this.push("char", character);
    return this.fail(`unrecognized character in action: ${unicodeName(character)}`);
  }

  private endWord(name: string, kind: ItemKind): void {
    const next = this.input.slice(this.at + name.length, this.at + name.length + 2);
    if (
      next !== "" &&
      !/^[ \t\r\n.,|:()]/.test(next) &&
      !next.startsWith("}}") &&
      !(kind === "variable" && next.startsWith("="))
    )
      this.fail(`bad character ${unicodeName(String.fromCodePoint(next.codePointAt(0)!))}`);
    this.push(kind, name);
  }

  private number(rest: string): void {
    const match =
      /^[+-]?(0[xX][0-9a-fA-F_]+|[0-9_]+(\.[0-9_]*)?([eE][+-]?[0-9_]+)?|\.[0-9_]+([eE][+-]?[0-9_]+)?)/.exec(
        rest,
      );
    const text = match?.[0] ?? rest[0]!;
    const next = rest[text.length] ?? "";
    if (match === null || /[\p{L}\p{Nd}_]/u.test(next)) this.fail(`bad number syntax: "${text}${next}"`);
    this.push("number", text);
  }
}

function wordKind(name: string): ItemKind {
  if (KEYWORDS.has(name)) return "keyword";
  if (name === "true" || name === "false") return "bool";
  return name === "nil" ? "nil" : "identifier";
}

/** `%#U`: `U+0022 '"'`. */
function unicodeName(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}
