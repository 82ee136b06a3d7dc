/** Reading a command line as spf13/pflag does, with the flags that a command's help text lists. */
export interface Flag {
  readonly name: string;
  readonly short: string | null;
  /** As the help text names it: `string`, `list`, `map`, `int`, `duration`, `bytes`; "bool" where it names none. */
  readonly type: string;
}

export interface ParsedFlags {
  readonly words: readonly string[];
  has(name: string): boolean;
  /** The last value given, or null. */
  value(name: string): string | null;
  /** Every value given, in order. */
  values(name: string): readonly string[];
  bool(name: string): boolean;
}

/** A command line that pflag refuses. */
export class FlagError extends Error {}

const LINE = /^ {2}(?:-(\w), | {4})--([\w-]+)(?: (\S+))?(?: {2,}|$)/;

/** Reads the flags out of a help text. */
export function flagsOf(help: string): readonly Flag[] {
  return help.split("\n").flatMap((line): Flag[] => {
    const match = LINE.exec(line);
    if (match === null) return [];
    return [{ short: match[1] ?? null, name: match[2]!, type: match[3] ?? "bool" }];
  });
}

class Parsed implements ParsedFlags {
  readonly words: string[] = [];
  private readonly given = new Map<string, string[]>();

  add(name: string, value: string): void {
    const values = this.given.get(name);
    if (values === undefined) this.given.set(name, [value]);
    else values.push(value);
  }
  has(name: string): boolean {
    return this.given.has(name);
  }
  value(name: string): string | null {
    return this.given.get(name)?.at(-1) ?? null;
  }
  values(name: string): readonly string[] {
    return this.given.get(name) ?? [];
  }
  bool(name: string): boolean {
    return TRUE.has(this.value(name) ?? "false");
  }
}

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/**
 * Parses words. With `interspersed` false the first word that is no flag ends them (`docker run IMAGE -x` gives -x to the container).
 * Throws FlagError in pflag's words.
 */
export function parseFlags(
  args: readonly string[],
  flags: readonly Flag[],
  { interspersed = true } = {},
): ParsedFlags {
  const parsed = new Parsed();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      parsed.words.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (!interspersed) {
        parsed.words.push(...args.slice(i));
        break;
      }
      parsed.words.push(arg);
    } else if (arg.startsWith("--")) i += parseLong(parsed, arg, args[i + 1], flags);
    else i += parseShorts(parsed, arg, args[i + 1], flags);
  }
  return parsed;
}

/** Parses `--name`, `--name=value`; gives how many further words it took. */
function parseLong(parsed: Parsed, arg: string, next: string | undefined, flags: readonly Flag[]): number {
  const [name, given] = splitOnce(arg.slice(2), "=");
  if (name === "" || name.startsWith("-")) throw new FlagError(`bad flag syntax: ${arg}`);
  const flag = flags.find((candidate) => candidate.name === name || ALIASES[name] === candidate.name);
  if (flag === undefined) throw new FlagError(`unknown flag: --${name}`);
  if (given !== null) set(parsed, flag, given);
  else if (flag.type === "bool") set(parsed, flag, "true");
  else if (next === undefined) throw new FlagError(`flag needs an argument: ${arg}`);
  else {
    set(parsed, flag, next);
    return 1;
  }
  return 0;
}

/** Older names that the client still takes (`--net` for `--network`). */
const ALIASES: Readonly<Record<string, string>> = {
  net: "network",
  "net-alias": "network-alias",
  time: "timeout",
};

/** Parses `-it`, `-p80:80`, `-p 80:80`, `-n=2`. */
function parseShorts(parsed: Parsed, arg: string, next: string | undefined, flags: readonly Flag[]): number {
  for (let at = 1; at < arg.length; at++) {
    const flag = flags.find((candidate) => candidate.short === arg[at]);
    if (flag === undefined)
      throw new FlagError(`unknown shorthand flag: '${arg[at]}' in ${at === 1 ? arg : `-${arg.slice(at)}`}`);
    const rest = arg.slice(at + 1);
    if (rest.startsWith("=")) set(parsed, flag, rest.slice(1));
    else if (flag.type === "bool") {
      set(parsed, flag, "true");
      continue;
    } else if (rest !== "") set(parsed, flag, rest);
    else if (next === undefined)
      throw new FlagError(`flag needs an argument: '${arg[at]}' in ${at === 1 ? arg : `-${arg.slice(at)}`}`);
    else {
      set(parsed, flag, next);
      return 1;
    }
    return 0;
  }
  return 0;
}

function set(parsed: Parsed, flag: Flag, value: string): void {
  const shown = flag.short === null ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  if (flag.type === "bool" && !TRUE.has(value) && !FALSE.has(value))
    throw new FlagError(
      `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
    );
  if (flag.type === "int" && !/^[+-]?\d+$/.test(value))
    throw new FlagError(
      `invalid argument "${value}" for "${shown}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`,
    );
  parsed.add(flag.name, value);
}

/** Cuts at the first separator; null for the second part when there is none. */
export function splitOnce(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
}
