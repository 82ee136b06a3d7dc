import { usageError } from "./usage.js";

export type Command = "L" | "G" | "D" | "I" | "U" | "E" | "F" | "C" | "S" | "h" | "V" | "A";

/** The command line as read: the command with its table, and options in the order in which they stand. */
export interface CommandLine {
  readonly command: Command | null;
  readonly table: string;
  readonly options: readonly GivenOption[];
}

export interface GivenOption {
  /** The letter, or the long name of an option of a protocol. */
  readonly key: string;
  /** Null for an option that came without its value. */
  readonly value: string | null;
}

const COMMANDS = "LGDIUEFCShVA";
const TABLES: readonly string[] = ["conntrack", "expect", "dying", "unconfirmed"];

/** Long options; several may be one. */
const LONG: Readonly<Record<string, string>> = {
  dump: "L",
  create: "I",
  add: "A",
  delete: "D",
  update: "U",
  get: "G",
  flush: "F",
  event: "E",
  counter: "C",
  stats: "S",
  version: "V",
  help: "h",
  "orig-src": "s",
  src: "s",
  "orig-dst": "d",
  dst: "d",
  "reply-src": "r",
  "reply-dst": "q",
  protonum: "p",
  timeout: "t",
  status: "u",
  zero: "z",
  "event-mask": "e",
  mark: "m",
  secmark: "c",
  family: "f",
  "src-nat": "n",
  "dst-nat": "g",
  "any-nat": "j",
  output: "o",
  "buffer-size": "b",
  zone: "w",
  label: "l",
};

/** The long name by which a complaint calls an option. */
const CALLED: Readonly<Record<string, string>> = {
  s: "--src",
  d: "--dst",
  ...Object.fromEntries(
    Object.entries(LONG).flatMap(([name, letter]) => ("sd".includes(letter) ? [] : [[letter, `--${name}`]])),
  ),
};

/** Options with a value; `n`, `g` and `j` take the next word when it is none of the options. */
const VALUED = "sdrqptuemcfobwl";
const MAYBE = "ngj";

const PORTS: readonly string[] = [
  "orig-port-src",
  "sport",
  "orig-port-dst",
  "dport",
  "reply-port-src",
  "reply-port-dst",
];
/** The long options that come with `-p`. */
const OF_PROTOCOL: Readonly<Record<string, readonly string[]>> = {
  tcp: [...PORTS, "state"],
  udp: PORTS,
  udplite: PORTS,
  sctp: PORTS,
  dccp: PORTS,
  icmp: ["icmp-type", "icmp-code", "icmp-id"],
};

/** What each command may be given besides (commands_v_options). */
const ALLOWED: Readonly<Record<Command, string>> = {
  L: "sdrqpfumoztngjwlc",
  G: "sdrqpfuomwc",
  D: "sdrqpfutmongjwlc",
  I: "sdrqpftumongjwlc",
  A: "sdrqpftumongjwlc",
  U: "sdrqpftumongjwlc",
  E: "sdrqpfuemongjbwlc",
  F: "fo",
  C: "",
  S: "",
  h: "p",
  V: "",
};

/** Reads a command line as conntrack 1.4.7 does. Throws ToolExit with its words. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const reader = new Reader(words);
  while (reader.more) reader.next();
  const { command, options } = reader;
  if (command !== null) {
    for (const { key } of options) {
      const forbidden =
        key.length === 1 && (!ALLOWED[command].includes(key) || (command === "L" && key === "t"));
      if (forbidden) throw usageError(`Illegal option \`${CALLED[key]}' with this command`);
    }
  }
  return { command, table: reader.table, options };
}

class Reader {
  command: Command | null = null;
  table = "conntrack";
  readonly options: GivenOption[] = [];
  private at = 0;
  private extra: readonly string[] = [];

  constructor(private readonly words: readonly string[]) {}

  get more(): boolean {
    return this.at < this.words.length;
  }

  next(): void {
    const word = this.words[this.at++]!;
    if (word.startsWith("--") && word.length > 2) this.readLong(word);
    else if (word.startsWith("-") && word.length > 1) this.readShort(word);
    // Words that belong to nothing are passed over, as getopt_long leaves them.
  }

  private readLong(word: string): void {
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const attached = equals < 0 ? null : word.slice(equals + 1);
    const letter = Object.hasOwn(LONG, name) ? LONG[name]! : null;
    if (letter !== null) this.take(letter, attached, word);
    else if (this.extra.includes(name)) this.options.push({ key: name, value: this.valueOf(attached, word) });
    else throw usageError(`unknown option \`${word}'`);
  }

  private readShort(word: string): void {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const rest = word.slice(i + 1);
      const known = COMMANDS.includes(letter) || VALUED.includes(letter) || MAYBE.includes(letter);
      if (!known && letter !== "z") throw usageError(`unknown option \`${word}'`);
      if (letter !== "z" && !"ShV".includes(letter)) {
        this.take(letter, rest === "" ? null : rest, word);
        return;
      }
      this.take(letter, null, word);
    }
  }

  private take(letter: string, attached: string | null, word: string): void {
    if (COMMANDS.includes(letter)) this.setCommand(letter as Command, attached);
    else if (VALUED.includes(letter)) {
      const value = this.valueOf(attached, word);
      if (letter === "p") this.extra = OF_PROTOCOL[value] ?? [];
      this.options.push({ key: letter, value });
    } else if (MAYBE.includes(letter)) {
      const next = this.words[this.at];
      const follows = attached === null && next !== undefined && !next.startsWith("-");
      if (follows) this.at++;
      this.options.push({ key: letter, value: follows ? next : null });
    } else this.options.push({ key: letter, value: null });
  }

  private setCommand(command: Command, attached: string | null): void {
    if (this.command !== null) throw usageError("Invalid commands combination");
    this.command = command;
    if ("hV".includes(command) || attached !== null) return;
    const next = this.words[this.at];
    if (next === undefined || next.startsWith("-")) return;
    const table = TABLES.find((name) => next.startsWith(name));
    if (table === undefined || (command === "S" && table !== "conntrack"))
      throw usageError(`unknown type \`${next}'`);
    this.at++;
    this.table = table;
  }

  private valueOf(attached: string | null, word: string): string {
    const value = attached ?? this.words[this.at++];
    if (value === undefined) throw usageError(`option \`${word}' requires an argument`);
    return value;
  }
}
