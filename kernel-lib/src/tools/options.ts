/** What getopt finds in a command line. */
export interface ReadOptions {
  /** Letters in the order in which they stand, with their values. */
  readonly options: readonly (readonly [letter: string, value: string])[];
  readonly operands: readonly string[];
}

/** The first thing that getopt complains about. */
export interface OptionError {
  readonly error: "unknown" | "missing";
  readonly option: string;
}

/**
 * Short options as getopt(3) reads them, operands mixed in between. `letters` as for getopt: a colon marks an option with a value. A leading `+` ends
 * the options at the first operand (POSIXLY_CORRECT). Long options are for `long`, which names the letter that each stands for.
 */
export function getopt(
  argv: readonly string[],
  letters: string,
  long: Readonly<Record<string, string>> = {},
): ReadOptions | OptionError {
  const options: [string, string][] = [];
  const operands: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === "--") return { options, operands: [...operands, ...argv.slice(at + 1)] };
    if (!word.startsWith("-") || word === "-") {
      if (letters.startsWith("+")) return { options, operands: argv.slice(at) };
      operands.push(word);
    } else if (word.startsWith("--")) {
      const [name = "", value] = splitOnce(word.slice(2));
      const letter = Object.hasOwn(long, name) ? long[name] : undefined;
      if (letter === undefined) return { error: "unknown", option: `-${word}` };
      options.push([letter, value ?? (takesValue(letters, letter) ? (argv[++at] ?? "") : "")]);
    } else {
      const used = readCluster(word, argv[at + 1], letters, options);
      if (typeof used !== "number") return used;
      at += used;
    }
  }
  return { options, operands };
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function takesValue(letters: string, letter: string): boolean {
  const at = letters.indexOf(letter);
  return at >= 0 && letters[at + 1] === ":";
}

/** Reads `-abVALUE`; gives how many further words it took. */
function readCluster(
  word: string,
  next: string | undefined,
  letters: string,
  options: [string, string][],
): number | OptionError {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!;
    if (letter === ":" || letter === "+" || !letters.includes(letter))
      return { error: "unknown", option: letter };
    if (!takesValue(letters, letter)) {
      options.push([letter, ""]);
      continue;
    }
    const rest = word.slice(i + 1);
    if (rest !== "") {
      options.push([letter, rest]);
      return 0;
    }
    if (next === undefined) return { error: "missing", option: letter };
    options.push([letter, next]);
    return 1;
  }
  return 0;
}

/** getopt's own words on standard error. */
export function optionComplaint(tool: string, { error, option }: OptionError): string {
  if (option.startsWith("-")) return `${tool}: unrecognized option '${option.slice(1)}'\n`;
  return error === "unknown"
    ? `${tool}: invalid option -- '${option}'\n`
    : `${tool}: option requires an argument -- '${option}'\n`;
}
