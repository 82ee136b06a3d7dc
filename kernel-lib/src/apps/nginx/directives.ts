import type { FileView } from "../../host/files.js";

/** A mistake in the configuration, in nginx's words behind `[emerg] `. */
export class ConfigError extends Error {}

/** One directive with where it stands; `block` is null when it ends with a semicolon. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[] | null;
  readonly file: string;
  readonly line: number;
}

/** Reads a file's directives (ngx_conf_parse), the included ones in place. Throws ConfigError. */
export function readDirectives(files: FileView, path: string): Directive[] {
  if (!files.exists(path)) throw new ConfigError(`open() "${path}" failed (2: No such file or directory)`);
  const reader = new Reader(files, path, files.readText(path));
  const list = reader.list(false);
  return list;
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
}

class Reader {
  private at = 0;
  private line = 1;

  constructor(
    private readonly files: FileView,
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** The directives up to the end of the file, or of the block. */
  list(inBlock: boolean): Directive[] {
    const found: Directive[] = [];
    for (;;) {
      const words: Token[] = [];
      let token = this.next();
      for (; token !== null && !isMark(token); token = this.next()) words.push(token);
      if (token === null) {
        if (words.length > 0) this.fail('unexpected end of file, expecting ";" or "}"');
        if (inBlock) this.fail('unexpected end of file, expecting "}"');
        return found;
      }
      if (token.text === "}") {
        if (words.length > 0 || !inBlock) this.fail('unexpected "}"');
        return found;
      }
      if (words.length === 0) this.fail(`unexpected "${token.text}"`);
      found.push(...this.directive(words, token.text === "{"));
    }
  }

  private directive([first, ...rest]: readonly Token[], opens: boolean): Directive[] {
    const name = first!.text;
    const args = rest.map(({ text }) => text);
    const { file } = this;
    const { line } = this;
    if (name === "include" && !opens && args.length === 1) return this.include(args[0]!);
    return [{ name, args, block: opens ? this.list(true) : null, file, line }];
  }

  /** A pattern may match nothing; a plain name must be there. */
  private include(pattern: string): Directive[] {
    const full = pattern.startsWith("/") ? pattern : `/etc/nginx/${pattern}`;
    const [, folder = "", before = "", after = ""] = /^(.*)\/([^/*]*)\*([^/*]*)$/.exec(full) ?? [];
    if (!full.includes("*")) return readDirectives(this.files, full);
    if (!this.files.exists(folder)) return [];
    return this.files
      .readdir(folder)
      .filter((name) => name.startsWith(before) && name.endsWith(after) && !name.startsWith("."))
      .sort()
      .flatMap((name) => readDirectives(this.files, `${folder}/${name}`));
  }

  private next(): Token | null {
    this.skip();
    if (this.at >= this.text.length) return null;
    const { line } = this;
    const quote = this.text[this.at]!;
    if (quote === '"' || quote === "'") return { text: this.quoted(quote), quoted: true, line };
    if (";{}".includes(quote)) {
      this.at++;
      return { text: quote, quoted: false, line };
    }
    const start = this.at;
    while (this.at < this.text.length && !/[\s;{]/.test(this.text[this.at]!)) {
      // `${name}` is one word with braces in it.
      if (this.text.startsWith("${", this.at)) this.at = Math.max(this.at, this.text.indexOf("}", this.at));
      this.at++;
    }
    return { text: this.text.slice(start, this.at), quoted: false, line };
  }

  private quoted(quote: string): string {
    let text = "";
    for (this.at++; this.at < this.text.length && this.text[this.at] !== quote; this.at++) {
      if (this.text[this.at] === "\\" && [quote, "\\"].includes(this.text[this.at + 1] ?? "")) this.at++;
      if (this.text[this.at] === "\n") this.line++;
      text += this.text[this.at];
    }
    if (this.at >= this.text.length) this.fail('unexpected end of file, expecting ";" or "}"');
    this.at++;
    return text;
  }

  /** Blanks and comments. */
  private skip(): void {
    for (; this.at < this.text.length; this.at++) {
      const letter = this.text[this.at]!;
      if (letter === "#") this.at = (this.text.indexOf("\n", this.at) + 1 || this.text.length + 1) - 1;
      else if (!/\s/.test(letter)) return;
      if (this.text[this.at] === "\n") this.line++;
    }
  }

  private fail(text: string): never {
    throw new ConfigError(`${text} in ${this.file}:${this.line}`);
  }
}

function isMark({ text, quoted }: Token): boolean {
  return !quoted && (text === ";" || text === "{" || text === "}");
}
