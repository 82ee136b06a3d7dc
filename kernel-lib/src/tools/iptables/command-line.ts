import type { NameSource } from "../../netfilter/extension.js";
import { GetoptLong, type LongOption } from "../../netfilter/getopt-long.js";
import { byteLength, parseUnsigned } from "../../netfilter/options.js";
import { type Rule, RuleError, STANDARD_TARGETS } from "../../netfilter/rule.js";
import { type ChainTest, type ExtensionOption, RuleReader } from "../../netfilter/rule-reader.js";
import { TARGETS, UNSUPPORTED_TARGETS } from "../../netfilter/targets/index.js";
import { ALLOWED, CHECKED, type CommandLetter, LONG_OPTIONS, SHORT_OPTIONS } from "./command-options.js";

/** An iptables command line, read. */
export interface IptablesCommand {
  /** What to do: one command, or -L or -S with -Z. */
  readonly commands: ReadonlySet<CommandLetter>;
  readonly table: string;
  /** Null for all chains. */
  readonly chain: string | null;
  /** From 1; 0 when none was given. */
  readonly ruleNumber: number;
  /** New name of -E, policy of -P. */
  readonly word: string;
  /** Rules of -A, -I, -D, -C, -R. */
  readonly rules: readonly Rule[];
  readonly counters: readonly [packets: number, bytes: number] | null;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
}

/** A word where none may stand: its message comes without the program's name. */
export class BadArgument extends Error {
  constructor(readonly word: string) {
    super(word);
  }
}

/** `-h` or `-V`: nothing after it is read. */
export class Question extends Error {
  constructor(
    readonly about: "help" | "version" | "no version",
    /** Extensions named before `-h`. */
    readonly matches: readonly string[] = [],
    readonly target: string | null = null,
  ) {
    super(about);
  }
}

/** `-6` in a line of iptables-restore: the line is passed by. */
export class OtherFamily extends Error {}

interface ReadOptions {
  readonly names: NameSource;
  /** Tells whether a name is a chain of a table; throws RuleError where there is no such table. */
  readonly chains: (table: string) => ChainTest;
  /** A line of iptables-restore. */
  readonly restore?: boolean;
  /** Takes remarks for standard error, which do not make the command wrong. */
  readonly remark: (text: string) => void;
}

const COMMANDS = "AIDCRLSFZNXPE";
const TAKES_RULE: readonly CommandLetter[] = ["A", "I", "D", "C", "R"];
type Token = string | ExtensionOption;

/** Throws RuleError in iptables' words, BadArgument or Question. */
export function readCommandLine(argv: readonly string[], options: ReadOptions): IptablesCommand {
  return new CommandLine(argv, options).read();
}

class CommandLine {
  private readonly words: GetoptLong<Token>;
  private readonly reader: RuleReader;
  private readonly commands = new Set<CommandLetter>();
  private table = "filter";
  private tableSet = false;
  private chain: string | null = null;
  private ruleNumber = 0;
  private word: string | null = null;
  private counters: [number, number] | null = null;
  private negated = false;
  private waits = false;
  private waitInterval = false;

  constructor(
    argv: readonly string[],
    private readonly options: ReadOptions,
  ) {
    this.words = new GetoptLong(argv, SHORT_OPTIONS);
    this.reader = new RuleReader(options.names, options.remark);
  }

  read(): IptablesCommand {
    const { words, reader } = this;
    let long: readonly LongOption<Token>[] = LONG_OPTIONS;
    let loaded = reader.longOptions;
    for (;;) {
      if (reader.longOptions !== loaded) {
        loaded = reader.longOptions;
        long = [...LONG_OPTIONS, ...loaded];
      }
      const found = words.next(long);
      if (found === null) break;
      if (found.kind === "word") {
        if (found.word !== "!") throw new BadArgument(found.word);
        if (this.negated) throw new RuleError("multiple consecutive ! not allowed");
        this.negated = true;
        continue;
      }
      if (found.kind === "missing" || found.kind === "unknown") {
        if (!reader.loadProtocol()) throw this.notRead(found.kind === "missing" ? undefined : found.letter);
        words.again();
        continue;
      }
      if (found.kind === "letter") this.readLetter(found.letter, found.value);
      else if (typeof found.option.token === "string") this.readLetter(found.option.token, found.value);
      else reader.give(found.option.token, found.value, this.negated, words);
      this.negated = false;
    }
    return this.finish();
  }

  /** `letter` is undefined for an option without its argument, null for a long one that is not known. */
  private notRead(letter: string | null | undefined): RuleError {
    const { previous } = this.words;
    if (letter === undefined) return new RuleError(`option "${previous}" requires an argument`);
    return new RuleError(`unknown option "${letter === null ? previous : `-${letter}`}"`);
  }

  private readLetter(letter: string, value: string | null): void {
    if (COMMANDS.includes(letter)) this.readCommand(letter as CommandLetter, value);
    else {
      // iptables 1.8.9 takes the word itself for -p: `-ptcp` and `--protocol=tcp` are unknown protocols.
      const text = letter === "p" ? this.words.previous : (value ?? "");
      if (!this.reader.option(letter, text, this.negated)) this.readOther(letter, value);
    }
  }

  private readOther(letter: string, value: string | null): void {
    switch (letter) {
      case "v":
        if (this.reader.seen.has("v")) throw new RuleError("more than one -v is not supported here");
        this.reader.once("v", this.negated);
        return;
      case "n":
      case "x":
      case "0":
        this.reader.once(letter, this.negated);
        return;
      case "t":
        this.readTable(value!);
        return;
      case "w":
      case "W":
        this.readWait(letter, value);
        return;
      case "c":
        this.reader.once("c", this.negated);
        this.readCounters(value!);
        return;
      case "V":
        throw new Question(this.negated ? "no version" : "version");
      case "h": {
        if (this.reader.loadedNames.matches.length === 0) this.reader.loadProtocol();
        const { matches, target } = this.reader.loadedNames;
        throw new Question("help", matches, target);
      }
      case "6":
        if (this.options.restore === true) throw new OtherFamily();
        throw new RuleError("", 2);
    }
  }

  private readTable(name: string): void {
    if (this.negated) throw new RuleError("unexpected ! flag before --table");
    if (this.options.restore === true && this.tableSet)
      throw new RuleError("The -t option cannot be used in iptables-restore.\n");
    this.table = name;
    this.tableSet = true;
  }

  /** The lock is always free here; what is wrong with the words is said all the same. */
  private readWait(letter: "w" | "W", inline: string | null): void {
    if (this.options.restore === true)
      throw new RuleError(`You cannot use \`-${letter}' from iptables-restore`);
    const text = inline ?? this.words.takeArgument();
    if (letter === "w") {
      if (text !== null && !/^\s*[+-]?\d/.test(text)) throw new RuleError("wait seconds not numeric");
      this.waits = text === null || !/^\s*[+-]?(0x)?0*(\D|$)/i.test(text);
      return;
    }
    if (text === null) throw new RuleError("wait interval value required");
    const number = /^\s*\+?(\d+)/.exec(text)?.[1];
    if (number === undefined) throw new RuleError("wait interval not numeric");
    if (Number(number) > 999_999) throw new RuleError(`too long usec wait ${number} > 999999 usec`);
    this.options.remark("Ignoring deprecated --wait-interval option.\n");
    this.waitInterval = true;
  }

  private readCounters(first: string): void {
    const comma = first.indexOf(",", 1);
    const bytesText = comma < 0 ? this.words.takeArgument() : first.slice(comma + 1);
    if (bytesText === null) throw new RuleError("-c requires packet and byte counter");
    const [packets, bytes] = [leadingNumber(first), leadingNumber(bytesText)];
    if (packets === null) throw new RuleError("-c packet counter not numeric");
    if (bytes === null) throw new RuleError("-c byte counter not numeric");
    this.counters = [packets, bytes];
  }

  private readCommand(letter: CommandLetter, value: string | null): void {
    if (letter === "N") checkNewName(value!);
    this.addCommand(letter);
    const { words } = this;
    const chain = "LSFZX".includes(letter) ? (value ?? words.takeArgument()) : value;
    if (chain !== null) this.chain = chain;
    if ("IDRLSZ".includes(letter)) this.readNumber(letter);
    if (letter !== "P" && letter !== "E") return;
    this.word = words.takeArgument();
    if (this.word === null)
      throw new RuleError(
        letter === "P" ? "-P requires a chain and a policy" : "-E requires old-chain-name and new-chain-name",
      );
  }

  /** Only -L or -S and -Z go together; a rule's number makes the command another one, and forgets what was before. */
  private addCommand(letter: CommandLetter): void {
    if (this.negated) throw new RuleError("unexpected '!' flag");
    const beside = letter === "Z" ? "LS" : letter === "L" || letter === "S" ? "Zz" : "";
    const other = [...this.commands].find((one) => !beside.includes(one));
    if (other !== undefined) throw new RuleError(`Cannot use -${letter} with -${other.toUpperCase()}`);
    this.commands.add(letter);
  }

  private readNumber(letter: CommandLetter): void {
    const text = this.words.takeArgument();
    if (text === null) {
      if (letter === "R") throw new RuleError("-R requires a rule number");
      if (letter === "I") this.ruleNumber = 1;
      return;
    }
    const number = parseUnsigned(text, 0x7fffffff);
    if (number === null || number === 0) throw new RuleError(`Invalid rule number \`${text}'`);
    this.ruleNumber = number;
    if (letter !== "D" && letter !== "Z") return;
    this.commands.clear();
    this.commands.add(letter === "D" ? "d" : "z");
  }

  private finish(): IptablesCommand {
    const { reader, commands, chain } = this;
    if (this.table === "nat" && (this.word === "DROP" || reader.targetName === "DROP"))
      throw new RuleError(NAT_DROP);
    if (this.waitInterval && !this.waits)
      throw new RuleError("--wait-interval only makes sense with --wait\n");
    reader.finishExtensions();
    if (this.words.hasOperands) throw new RuleError("unknown arguments found on commandline");
    if (commands.size === 0) throw new RuleError("no command specified");
    if (this.negated) throw new RuleError("nothing appropriate following !");
    reader.finishAddresses();
    if (commands.has("R") && !reader.isSingle)
      throw new RuleError("Replacement rule does not specify a unique address");
    this.checkOptions();
    if (chain !== null && byteLength(chain) > 28) throw tooLong(chain);
    const takesRule = TAKES_RULE.some((letter) => commands.has(letter));
    if (takesRule || commands.has("d")) this.checkDevices();
    const isChain = this.options.chains(this.table);
    const { seen } = reader;
    return {
      commands,
      table: this.table,
      chain,
      ruleNumber: this.ruleNumber,
      word: this.word ?? "",
      rules: takesRule ? reader.rules(isChain, this.options.restore !== true) : [],
      counters: this.counters,
      numeric: seen.has("n"),
      verbose: seen.has("v"),
      exact: seen.has("x"),
      lineNumbers: seen.has("0"),
    };
  }

  /** An option is in order when one of the commands allows it (generic_opt_check). */
  private checkOptions(): void {
    for (const letter of CHECKED)
      if (
        this.reader.seen.has(letter) &&
        ![...this.commands].some((command) => ALLOWED[command].includes(letter))
      )
        throw new RuleError(`Illegal option \`-${letter}' with this command`);
  }

  private checkDevices(): void {
    const { chain } = this;
    if ((chain === "PREROUTING" || chain === "INPUT") && this.reader.seen.has("o"))
      throw new RuleError(`Can't use -o with ${chain}\n`);
    if ((chain === "POSTROUTING" || chain === "OUTPUT") && this.reader.seen.has("i"))
      throw new RuleError(`Can't use -i with ${chain}\n`);
  }
}

/** The message of "DROP" in the nat table. */
const NAT_DROP =
  '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n';

/** sscanf("%llu"). */
function leadingNumber(text: string): number | null {
  const digits = /^\s*\+?(\d+)/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function tooLong(name: string): RuleError {
  return new RuleError(`chain name \`${name}' too long (must be under 29 chars)`);
}

function checkNewName(name: string): void {
  if (byteLength(name) > 28) throw tooLong(name);
  if (name.startsWith("-") || name.startsWith("!"))
    throw new RuleError(`chain name not allowed to start with \`${name[0]}'`);
  const isTarget =
    name === "" ||
    STANDARD_TARGETS.includes(name) ||
    TARGETS.some((target) => target.name === name) ||
    UNSUPPORTED_TARGETS.has(name);
  if (isTarget) throw new RuleError("chain name may not clash with target name");
  if (/\s/.test(name)) throw new RuleError(`Invalid chain name \`${name}'`);
}
