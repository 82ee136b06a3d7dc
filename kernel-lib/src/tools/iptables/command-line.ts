import type { NameSource } from "../../netfilter/extension.js";
import { parseUnsigned } from "../../netfilter/options.js";
import { type Rule, RuleError } from "../../netfilter/rule.js";
import { type ChainTest, RuleReader, Words } from "../../netfilter/rule-reader.js";
import { STANDARD_TARGETS, TARGETS, UNSUPPORTED_TARGETS } from "../../netfilter/targets/index.js";

export type CommandLetter =
  | "A"
  | "I"
  | "D"
  | "C"
  | "R"
  | "L"
  | "S"
  | "F"
  | "Z"
  | "N"
  | "X"
  | "P"
  | "E"
  | "V"
  | "h";

/** An iptables command line, read. */
export interface IptablesCommand {
  readonly command: CommandLetter;
  readonly table: string;
  /** Empty for all chains. */
  readonly chain: string;
  /** From 1; 0 when none was given. */
  readonly ruleNumber: number;
  /** New name of -E, policy of -P. */
  readonly word: string;
  /** Rules of -A, -I, -D, -C, -R. */
  readonly rules: readonly Rule[];
  readonly counters: readonly [packets: number, bytes: number] | null;
  /** `-L -Z`. */
  readonly zero: boolean;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
}

const COMMANDS = "AIDCRLSFZNXPE";
const LONG: Readonly<Record<string, string>> = {
  append: "A",
  insert: "I",
  delete: "D",
  check: "C",
  replace: "R",
  list: "L",
  "list-rules": "S",
  flush: "F",
  zero: "Z",
  "new-chain": "N",
  "delete-chain": "X",
  policy: "P",
  "rename-chain": "E",
  version: "V",
  help: "h",
  table: "t",
  numeric: "n",
  verbose: "v",
  exact: "x",
  "line-numbers": "0",
  wait: "w",
  "wait-interval": "W",
  "set-counters": "c",
  ipv4: "4",
  ipv6: "6",
  protocol: "p",
  proto: "p",
  source: "s",
  src: "s",
  destination: "d",
  dst: "d",
  "in-interface": "i",
  "out-interface": "o",
  jump: "j",
  goto: "g",
  match: "m",
  fragments: "f",
  fragment: "f",
};
/** Commands that take no rule: options besides -v that they do not refuse. */
const ALLOWED: Readonly<Record<string, string>> = {
  A: "sdpjviocf",
  I: "sdpjviocf",
  R: "sdpjviocf",
  D: "sdpjviof",
  C: "sdpjviof",
  L: "nvx0",
  S: "v",
  F: "v",
  Z: "v",
  N: "v",
  X: "v",
  P: "vc",
  E: "v",
  num: "v",
};
/** Short options whose value may follow without a blank. */
const WITH_VALUE = "ptsdiojgmAIDCRLSFZNXPEcw";
const OPTION_ORDER = "nsdpjvxio0cf";

/** Throws RuleError in iptables' words. `chains` tells whether a name is a chain of a table. */
export function readCommandLine(
  argv: readonly string[],
  names: NameSource,
  chains: (table: string) => ChainTest,
): IptablesCommand {
  return new CommandLine(argv, names, chains).read();
}

/** A word where none may stand: its message comes without the program's name. */
export class BadArgument extends Error {
  constructor(readonly word: string) {
    super(word);
  }
}

class CommandLine {
  private readonly words: Words;
  private readonly reader: RuleReader;
  private table = "filter";
  private command: CommandLetter | null = null;
  private chain = "";
  private ruleNumber = 0;
  private word = "";
  private zero = false;
  private counters: [number, number] | null = null;
  private negated = false;

  constructor(argv: readonly string[], names: NameSource, chains: (table: string) => ChainTest) {
    this.words = new Words(argv);
    const table = tableOf(argv);
    this.reader = new RuleReader(names, chains(table));
  }

  read(): IptablesCommand {
    while (!this.words.done) this.readWord(this.words.take());
    if (this.negated) throw new RuleError("nothing appropriate following !");
    if (this.command === null) throw new RuleError("no command specified");
    const takesRule = "AIDCR".includes(this.command) && !(this.command === "D" && this.ruleNumber > 0);
    this.checkOptions(this.command === "D" && this.ruleNumber > 0 ? "num" : this.command);
    const rules = takesRule ? this.reader.finish() : [];
    if (takesRule) this.checkChainDevices(rules);
    const { seen } = this.reader;
    return {
      command: this.command,
      table: this.table,
      chain: this.chain,
      ruleNumber: this.ruleNumber,
      word: this.word,
      rules,
      counters: this.counters,
      zero: this.zero,
      numeric: seen.has("n"),
      verbose: seen.has("v"),
      exact: seen.has("x"),
      lineNumbers: seen.has("0"),
    };
  }

  private readWord(word: string): void {
    if (word === "!") {
      if (this.negated) throw new RuleError("multiple consecutive ! not allowed");
      this.negated = true;
      return;
    }
    const { negated } = this;
    if (word.startsWith("--") && word.length > 2) this.readLong(word.slice(2), negated);
    else if (word.startsWith("-") && word.length > 1) this.readCluster(word, negated);
    else throw new BadArgument(word);
    this.negated = false;
  }

  private readLong(text: string, negated: boolean): void {
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? null : text.slice(equals + 1);
    const letter = Object.hasOwn(LONG, name) ? LONG[name]! : null;
    if (letter === null) {
      if (!this.reader.longOption(name, this.words, negated, value))
        throw new RuleError(`unknown option "--${name}"`);
    } else this.readLetter(letter, `--${name}`, negated, value);
  }

  /** `-nvL`, `-pTCP`: what follows a letter that takes a value is its value. */
  private readCluster(word: string, negated: boolean): void {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const rest = word.slice(i + 1);
      if (rest !== "" && WITH_VALUE.includes(letter)) {
        this.readLetter(letter, `-${letter}`, negated, rest);
        return;
      }
      this.readLetter(letter, `-${letter}`, negated, null);
    }
  }

  private readLetter(letter: string, option: string, negated: boolean, value: string | null): void {
    if (COMMANDS.includes(letter)) {
      this.readCommand(letter as CommandLetter, option, negated, value);
      return;
    }
    if (this.reader.option(letter, this.words, option, negated, value)) return;
    switch (letter) {
      case "t":
        if (negated) throw new RuleError("unexpected ! flag before --table");
        this.table = value ?? this.words.argument(option);
        return;
      case "n":
      case "v":
      case "x":
      case "0":
        this.reader.seen.add(letter);
        return;
      case "w":
      case "W":
        if (value === null && /^\d/.test(this.words.words[this.words.at] ?? "")) this.words.take();
        return;
      case "c":
        this.readCounters(value ?? this.words.argument(option));
        return;
      case "V":
      case "h":
        this.command = letter;
        return;
      case "4":
        return;
      case "6":
        throw new RuleError("", 2);
      default:
        throw new RuleError(`unknown option "${option}"`);
    }
  }

  private readCounters(first: string): void {
    const [packetsText = "", inline] = first.split(",");
    const bytesText = inline ?? this.words.takeArgument();
    if (bytesText === null) throw new RuleError("-c requires packet and byte counter");
    const [packets, bytes] = [Number(packetsText), Number(bytesText)];
    if (!Number.isSafeInteger(packets)) throw new RuleError(`-c packet counter not numeric`);
    if (!Number.isSafeInteger(bytes)) throw new RuleError(`-c byte counter not numeric`);
    this.reader.seen.add("c");
    this.counters = [packets, bytes];
  }

  private readCommand(letter: CommandLetter, option: string, negated: boolean, value: string | null): void {
    if (negated) throw new RuleError("unexpected ! flag before command");
    const listing = (this.command === "L" || this.command === "S") && letter === "Z";
    if (this.command === "Z" && (letter === "L" || letter === "S")) this.zero = true;
    else if (this.command !== null && !listing)
      throw new RuleError(`Cannot use -${letter} with -${this.command}`);
    const optional = "LSFZX".includes(letter);
    const chain = optional ? (value ?? this.words.takeArgument()) : (value ?? this.words.argument(option));
    if (listing) this.zero = true;
    else this.command = letter;
    if (chain !== null) this.chain = chain;
    if (letter === "N") checkNewName(this.chain);
    if ("IDRLSZ".includes(letter) && chain !== null) this.readNumber(letter);
    if (letter === "P" || letter === "E") this.readSecond(letter);
  }

  private readNumber(letter: string): void {
    const text = this.words.takeArgument();
    if (text === null) {
      if (letter === "R") throw new RuleError("-R requires a rule number");
      if (letter === "I") this.ruleNumber = 1;
      return;
    }
    const number = parseUnsigned(text, 0x7fffffff);
    if (number === null || number === 0) throw new RuleError(`Invalid rule number \`${text}'`);
    this.ruleNumber = number;
  }

  private readSecond(letter: string): void {
    const word = this.words.takeArgument();
    if (word === null)
      throw new RuleError(
        letter === "P" ? "-P requires a chain and a policy" : "-E requires old-chain-name and new-chain-name",
      );
    if (letter === "E") checkNewName(word);
    this.word = word;
  }

  private checkOptions(command: string): void {
    const allowed = ALLOWED[command] ?? OPTION_ORDER;
    for (const letter of OPTION_ORDER)
      if (this.reader.seen.has(letter) && !allowed.includes(letter))
        throw new RuleError(`Illegal option \`-${letter}' with this command`);
  }

  private checkChainDevices(rules: readonly Rule[]): void {
    const { chain } = this;
    const [rule] = rules;
    if (rule === undefined) return;
    if ((chain === "POSTROUTING" || chain === "OUTPUT") && this.reader.seen.has("i"))
      throw new RuleError(`Can't use -i with ${chain}\n`);
    if ((chain === "PREROUTING" || chain === "INPUT") && this.reader.seen.has("o"))
      throw new RuleError(`Can't use -o with ${chain}\n`);
  }
}

/** The table is needed before the words are read: whether a target is a chain depends on it. */
function tableOf(argv: readonly string[]): string {
  for (const [i, word] of argv.entries()) {
    if (word === "-t" || word === "--table") return argv[i + 1] ?? "filter";
    if (word.startsWith("--table=")) return word.slice(8);
    if (/^-t./.test(word)) return word.slice(2);
  }
  return "filter";
}

function checkNewName(name: string): void {
  if (name.startsWith("-") || name.startsWith("!"))
    throw new RuleError(`chain name not allowed to start with \`${name[0]}'`);
  if (name.length > 28) throw new RuleError(`chain name \`${name}' too long (must be under 29 chars)`);
  const isTarget =
    STANDARD_TARGETS.includes(name) ||
    TARGETS.some((target) => target.name === name) ||
    UNSUPPORTED_TARGETS.has(name);
  if (isTarget) throw new RuleError("chain name may not clash with target name");
  if (/\s/.test(name)) throw new RuleError(`Invalid chain name \`${name}'`);
}
