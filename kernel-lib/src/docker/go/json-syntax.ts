/** Why Go's encoding/json does not read a text. */
class JsonSyntaxError extends Error {}

const LITERALS: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };

/** What Go's json.Decoder says of the first value in a text: null when it is well formed. What follows that value is not looked at. */
export function jsonSyntaxError(text: string): string | null {
  if (text.trim() === "") return "EOF";
  try {
    new Scanner(text).value();
    return null;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return error.message;
  }
}

/** The states of encoding/json's scanner, as a descent. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): void {
    const next = this.peek();
    if (next === "{") this.object();
    else if (next === "[") this.array();
    else if (next === '"') this.string();
    else if (/[-0-9]/.test(next)) this.number();
    else if (Object.hasOwn(LITERALS, next)) this.literal(LITERALS[next]!);
    else throw this.invalid("looking for beginning of value");
  }

  private object(): void {
    this.at++;
    if (this.peek() === "}") {
      this.at++;
      return;
    }
    for (;;) {
      if (this.peek() !== '"') throw this.invalid("looking for beginning of object key string");
      this.string();
      if (this.peek() !== ":") throw this.invalid("after object key");
      this.at++;
      this.value();
      const next = this.peek();
      if (next !== "," && next !== "}") throw this.invalid("after object key:value pair");
      this.at++;
      if (next === "}") return;
    }
  }

  private array(): void {
    this.at++;
    if (this.peek() === "]") {
      this.at++;
      return;
    }
    for (;;) {
      this.value();
      const next = this.peek();
      if (next !== "," && next !== "]") throw this.invalid("after array element");
      this.at++;
      if (next === "]") return;
    }
  }

  private string(): void {
    this.at++;
    for (;;) {
      const next = this.current();
      if (next < " ") throw this.invalid("in string literal");
      this.at++;
      if (next === '"') return;
      if (next !== "\\") continue;
      const escaped = this.current();
      if (!'bfnrt\\/"u'.includes(escaped)) throw this.invalid("in string escape code");
      this.at++;
      for (let i = 0; escaped === "u" && i < 4; i++, this.at++)
        if (!/[0-9a-fA-F]/.test(this.current())) throw this.invalid("in \\u hexadecimal character escape");
    }
  }

  private number(): void {
    if (this.current() === "-") this.at++;
    if (!/[0-9]/.test(this.current())) throw this.invalid("in numeric literal");
    if (this.current() === "0") this.at++;
    else this.digits();
    if (this.text[this.at] === ".") {
      this.at++;
      if (!/[0-9]/.test(this.current())) throw this.invalid("after decimal point in numeric literal");
      this.digits();
    }
    if (/[eE]/.test(this.text[this.at] ?? "")) {
      this.at++;
      if (/[-+]/.test(this.current())) this.at++;
      if (!/[0-9]/.test(this.current())) throw this.invalid("in exponent of numeric literal");
      this.digits();
    }
  }

  private digits(): void {
    while (/[0-9]/.test(this.text[this.at] ?? "")) this.at++;
  }

  private literal(word: string): void {
    for (const letter of word) {
      if (this.current() !== letter) throw this.invalid(`in literal ${word} (expecting ${quoted(letter)})`);
      this.at++;
    }
  }

  private peek(): string {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? "")) this.at++;
    return this.current();
  }

  private current(): string {
    const character = this.text[this.at];
    if (character === undefined) throw new JsonSyntaxError("unexpected EOF");
    return character;
  }

  private invalid(where: string): JsonSyntaxError {
    return new JsonSyntaxError(`invalid character ${quoted(this.text[this.at]!)} ${where}`);
  }
}

function quoted(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
