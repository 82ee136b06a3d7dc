/** A long option as getopt_long(3) knows it. */
export interface LongOption<T> {
  readonly name: string;
  /** Whether a value follows: 0 no, 1 always, 2 only as `--name=value`. */
  readonly value: 0 | 1 | 2;
  /** What {@link GetoptLong.next} answers for it. */
  readonly token: T;
}

/** What getopt_long found: an option, a word that is none, an option without its value, or something unknown. */
export type Found<T> =
  | { readonly kind: "letter"; readonly letter: string; readonly value: string | null }
  | { readonly kind: "long"; readonly option: LongOption<T>; readonly value: string | null }
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "missing" }
  /** `letter` when one of several short options in a word is meant, or a long one with a value that takes none. */
  | { readonly kind: "unknown"; readonly letter: string | null };

/**
 * getopt_long(3) in the form `-:`: words are answered in the order in which they stand. A long option may be cut short while its beginning fits one only.
 * The long options are given at each step, because an extension that has just been loaded adds its own.
 */
export class GetoptLong<T> {
  /** The next word to be looked at (optind). */
  at = 0;
  /** What is left of a word of short options. */
  private rest = "";

  constructor(
    readonly words: readonly string[],
    /** Short options: one colon for a value, two for an optional one in the same word. */
    private readonly letters: string,
  ) {}

  /** The word before the next (argv[optind - 1]), for complaints. */
  get previous(): string {
    return this.words[this.at - 1] ?? "";
  }

  /** Words are left over after `--`. */
  get hasOperands(): boolean {
    return this.at < this.words.length;
  }

  /** Looks at the same word once more. */
  again(): void {
    this.at--;
    this.rest = "";
  }

  /** The next word, if it is no option and no `!`. */
  takeArgument(): string | null {
    const next = this.words[this.at];
    if (next === undefined || next.startsWith("-") || next.startsWith("!")) return null;
    this.at++;
    return next;
  }

  next(long: readonly LongOption<T>[]): Found<T> | null {
    if (this.rest !== "") return this.nextLetter();
    const word = this.words[this.at];
    if (word === undefined) return null;
    this.at++;
    if (word === "--") return null;
    if (!word.startsWith("-") || word === "-") return { kind: "word", word };
    if (word.startsWith("--")) return this.nextLong(word.slice(2), long);
    this.rest = word.slice(1);
    return this.nextLetter();
  }

  private nextLetter(): Found<T> {
    const letter = this.rest[0]!;
    this.rest = this.rest.slice(1);
    const place = letter === ":" || letter === "-" ? -1 : this.letters.indexOf(letter);
    if (place < 0) return { kind: "unknown", letter };
    if (this.letters[place + 1] !== ":") return { kind: "letter", letter, value: null };
    const inline = this.rest === "" ? null : this.rest;
    this.rest = "";
    if (inline !== null || this.letters[place + 2] === ":") return { kind: "letter", letter, value: inline };
    if (!this.hasOperands) return { kind: "missing" };
    return { kind: "letter", letter, value: this.words[this.at++]! };
  }

  private nextLong(text: string, long: readonly LongOption<T>[]): Found<T> {
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? null : text.slice(equals + 1);
    const option = find(name, long);
    if (option === null) return { kind: "unknown", letter: null };
    if (value !== null && option.value === 0)
      return { kind: "unknown", letter: typeof option.token === "string" ? option.token : null };
    if (value !== null || option.value !== 1) return { kind: "long", option, value };
    if (!this.hasOperands) return { kind: "missing" };
    return { kind: "long", option, value: this.words[this.at++]! };
  }
}

/** The option of that name, else the only one that begins so; several that mean the same count as one. */
function find<T>(name: string, long: readonly LongOption<T>[]): LongOption<T> | null {
  const exact = long.find((option) => option.name === name);
  if (exact !== undefined) return exact;
  const [first, ...others] = long.filter((option) => option.name.startsWith(name));
  if (first === undefined) return null;
  return others.every(({ value, token }) => value === first.value && token === first.token) ? first : null;
}
