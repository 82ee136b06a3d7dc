import { type OptionError, optionComplaint } from "../options.js";

/** The options of a tool that reads them with getopt_long(3). */
export interface OptionTable {
  /** Long names; true for those with a value. */
  readonly long: Readonly<Record<string, boolean>>;
  /** Letters and the long names that they stand for. */
  readonly letters: Readonly<Record<string, string>>;
}

export interface FoundOptions {
  /** In the order in which they stand: long name, value. */
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly operands: readonly string[];
}

/** What getopt_long complains about, in its words without the tool's name. */
export interface OptionRefusal {
  readonly refusal: string;
}

/** Reads short and long options, the long ones also by a beginning that only one of them has. */
export function readLongOptions(
  argv: readonly string[],
  table: OptionTable,
  tool: string,
): FoundOptions | OptionRefusal {
  const options: [string, string][] = [];
  const operands: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === "--") return { options, operands: [...operands, ...argv.slice(at + 1)] };
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const used = word.startsWith("--")
      ? readLong(word, argv[at + 1], table, options, tool)
      : readLetters(word, argv[at + 1], table, options, tool);
    if (typeof used !== "number") return used;
    at += used;
  }
  return { options, operands };
}

type Used = number | OptionRefusal;

function readLong(
  word: string,
  next: string | undefined,
  { long }: OptionTable,
  options: [string, string][],
  tool: string,
): Used {
  const equals = word.indexOf("=");
  const given = word.slice(2, equals < 0 ? undefined : equals);
  const name = Object.hasOwn(long, given) ? given : onlyOne(long, given);
  if (name === null) return refuse(tool, { error: "unknown", option: `-${word.split("=")[0]}` });
  if (typeof name !== "string") return { refusal: ambiguous(tool, given, name) };
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  if (!long[name]) {
    if (value !== undefined) return { refusal: `${tool}: option '--${name}' doesn't allow an argument\n` };
    options.push([name, ""]);
    return 0;
  }
  if (value === undefined && next === undefined)
    return { refusal: `${tool}: option '--${name}' requires an argument\n` };
  options.push([name, value ?? next!]);
  return value === undefined ? 1 : 0;
}

function onlyOne(long: Readonly<Record<string, boolean>>, given: string): string | readonly string[] | null {
  const fitting = Object.keys(long).filter((name) => name.startsWith(given));
  return fitting.length === 0 ? null : fitting.length === 1 ? fitting[0]! : fitting;
}

function ambiguous(tool: string, given: string, names: readonly string[]): string {
  return `${tool}: option '--${given}' is ambiguous; possibilities:${names.map((name) => ` '--${name}'`).join("")}\n`;
}

function readLetters(
  word: string,
  next: string | undefined,
  { long, letters }: OptionTable,
  options: [string, string][],
  tool: string,
): Used {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!;
    const name = Object.hasOwn(letters, letter) ? letters[letter]! : null;
    if (name === null) return refuse(tool, { error: "unknown", option: letter });
    if (!long[name]) {
      options.push([name, ""]);
      continue;
    }
    const rest = word.slice(i + 1);
    if (rest === "" && next === undefined) return refuse(tool, { error: "missing", option: letter });
    options.push([name, rest === "" ? next! : rest]);
    return rest === "" ? 1 : 0;
  }
  return 0;
}

function refuse(tool: string, error: OptionError): OptionRefusal {
  return { refusal: optionComplaint(tool, error) };
}
