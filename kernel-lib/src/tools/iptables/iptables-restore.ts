import type { Process, Program } from "../../host/process.js";
import { GetoptLong } from "../../netfilter/getopt-long.js";
import { byteLength } from "../../netfilter/options.js";
import { RuleError } from "../../netfilter/rule.js";
import type { TableDraft } from "../../netfilter/table-draft.js";
import { type TableName, tableSpec } from "../../netfilter/tables.js";
import { ToolExit, tool } from "../tool-exit.js";
import { complaint, Refusal } from "./apply.js";
import { OtherFamily, readCommandLine } from "./command-line.js";
import { getoptComplaint } from "./getopt-complaint.js";
import { commit, execute, inItsWords, originOf } from "./iptables.js";
import { namesFor } from "./names.js";
import { versionText } from "./release.js";
import { RESTORE_USAGE } from "./usage.js";

const PROGRAM = "iptables-restore";

interface RestoreOptions {
  readonly counters: boolean;
  readonly noFlush: boolean;
  readonly test: boolean;
  readonly verbose: number;
  readonly table: string | null;
  readonly file: string | null;
}

/** `iptables-restore [-n] [-c] [-t] [-v] [-w] [-T TABLE] [FILE]`: each table is taken whole at its COMMIT, or not at all. */
export const iptablesRestore: Program = tool((process) => {
  const options = inItsWords(process, PROGRAM, 0, () => readOptions(process));
  const text = options.file === null ? process.stdin : readFile(process, options.file);
  new Restore(process, options).run(text);
  return 0;
});

const LONG = (
  [
    ["counters", 0, "c"],
    ["verbose", 0, "v"],
    ["version", 0, "V"],
    ["test", 0, "t"],
    ["help", 0, "h"],
    ["noflush", 0, "n"],
    ["modprobe", 1, "M"],
    ["table", 1, "T"],
    ["wait", 2, "w"],
    ["wait-interval", 2, "W"],
  ] as const
).map(([name, value, token]) => ({ name, value, token }));

function readOptions(process: Process): RestoreOptions {
  const words = new GetoptLong<string>(process.argv.slice(1), "bcvVthnwWM:T:");
  const seen: string[] = [];
  const operands: string[] = [];
  let table: string | null = null;
  let waits = false;
  for (;;) {
    const found = words.next(LONG);
    if (found === null) break;
    if (found.kind === "word") operands.push(found.word);
    else if (found.kind === "missing" || found.kind === "unknown")
      throw new ToolExit(
        1,
        `${getoptComplaint(PROGRAM, words.previous, found)}Try \`${PROGRAM} -h' for more information.\n`,
      );
    else {
      const letter = found.kind === "letter" ? found.letter : found.option.token;
      if (letter === "V") throw new ToolExit(0, "", `${PROGRAM} ${versionText(process)}\n`);
      if (letter === "h") throw new ToolExit(0, RESTORE_USAGE);
      if (letter === "T") table = found.value;
      if (letter === "b") process.stderr.write("-b/--binary option is not implemented\n");
      if (letter === "w" || letter === "W") {
        const text = found.value ?? words.takeArgument();
        checkWait(process, letter, text);
        if (letter === "w") waits = text === null || Number.parseInt(text, 10) !== 0;
      }
      seen.push(letter);
    }
  }
  operands.push(...words.words.slice(words.at));
  if (operands.length > 1) throw new ToolExit(1, "Unknown arguments found on commandline\n");
  if (seen.includes("W") && !waits) throw new ToolExit(1, "Option --wait-interval requires option --wait\n");
  return {
    counters: seen.includes("c"),
    noFlush: seen.includes("n"),
    test: seen.includes("t"),
    verbose: seen.filter((letter) => letter === "v").length,
    table,
    file: operands[0] ?? null,
  };
}

function checkWait(process: Process, letter: "w" | "W", text: string | null): void {
  if (letter === "w") {
    if (text !== null && !/^\s*[+-]?\d/.test(text)) throw new RuleError("wait seconds not numeric");
    return;
  }
  if (text === null) throw new RuleError("wait interval value required");
  const number = /^\s*\+?(\d+)/.exec(text)?.[1];
  if (number === undefined) throw new RuleError("wait interval not numeric");
  if (Number(number) > 999_999) throw new RuleError(`too long usec wait ${number} > 999999 usec`);
  process.stderr.write("Ignoring deprecated --wait-interval option.\n");
}

function readFile(process: Process, path: string): string {
  if (!process.files.exists(path)) throw new ToolExit(1, `Can't open ${path}: No such file or directory\n`);
  return process.files.readText(path);
}

class Restore {
  private draft: TableDraft | null = null;
  private table = "";
  private line = 0;

  constructor(
    private readonly process: Process,
    private readonly options: RestoreOptions,
  ) {}

  run(text: string): void {
    const lines = text.split(/(?<=\n)/).filter((line) => line !== "");
    for (const line of lines) {
      this.line++;
      this.readLine(line);
    }
    if (this.draft !== null) throw new ToolExit(1, `${PROGRAM}: COMMIT expected at line ${this.line + 1}\n`);
  }

  private readLine(line: string): void {
    const { draft, options } = this;
    if (line === "\n") return;
    if (line.startsWith("#")) {
      if (options.verbose > 0) this.process.stdout.write(line);
    } else if (line === "COMMIT\n" && draft !== null) this.commit(draft);
    else if (line.startsWith("*") && draft === null) this.begin(line);
    else if (draft !== null && line.startsWith(":")) this.chain(draft, line.slice(1));
    else if (draft !== null) this.rule(draft, line);
    else if (options.table === null || options.table === this.table) throw this.failed();
  }

  private begin(line: string): void {
    const [name] = blankSeparated(line.slice(1));
    if (name === undefined) throw this.wrong(`${PROGRAM}: line ${this.line} table name invalid`);
    this.table = name;
    if (this.options.table !== null && this.options.table !== name) return;
    if (tableSpec(name) === null) throw this.wrong(`${PROGRAM}: unable to initialize table '${name}'`);
    const draft = this.process.netns.netfilter.edit(name as TableName);
    this.draft = draft;
    if (this.options.noFlush) return;
    const said = (verb: string, chain: string) => {
      if (this.options.verbose > 0) this.process.stdout.write(`${verb} chain \`${chain}'\n`);
    };
    for (const chain of draft.chains) {
      said("Flushing", chain.name);
      chain.entries = [];
    }
    for (const chain of draft.chains.filter(({ hook }) => hook === null)) {
      said("Deleting", chain.name);
      draft.removeChain(chain);
    }
  }

  /** `NAME POLICY [PACKETS:BYTES]`. */
  private chain(draft: TableDraft, text: string): void {
    const [name, policy, counts] = blankSeparated(text);
    if (name === undefined) throw this.wrong(`${PROGRAM}: line ${this.line} chain name invalid`);
    if (byteLength(name) > 28) throw this.wrong(`Invalid chain name \`${name}' (28 chars max)`);
    const chain = draft.chain(name);
    if (chain === null && !["ACCEPT", "DROP", "QUEUE", "RETURN"].includes(name)) draft.addChain(name);
    else if (chain?.hook === null && this.options.noFlush) chain.entries = [];
    else if (chain === null || chain.hook === null)
      throw this.wrong(`error creating chain '${name}':File exists`);
    if (policy === undefined) throw this.wrong(`${PROGRAM}: line ${this.line} policy invalid`);
    if (policy !== "-") this.policy(draft, name, policy, counts);
  }

  private policy(draft: TableDraft, name: string, policy: string, counts: string | undefined): void {
    const numbers = /^\[(\d+):(\d+)/.exec(counts ?? "");
    if (this.options.counters && numbers === null)
      throw this.wrong(`invalid policy counters for chain '${name}'`);
    const chain = draft.chain(name)!;
    if (chain.hook === null || (policy !== "ACCEPT" && policy !== "DROP")) {
      const why = chain.hook === null ? "Bad built-in chain name" : "Bad policy name";
      throw this.wrong(`Can't set policy \`${policy}' on \`${name}' line ${this.line}: ${why}`, 1);
    }
    chain.policy = policy;
    chain.origin = originOf(this.process);
    if (this.options.counters && numbers !== null) chain.counters = [Number(numbers[1]), Number(numbers[2])];
  }

  private rule(draft: TableDraft, line: string): void {
    const { process } = this;
    try {
      const command = inItsWords(this.process, PROGRAM, this.line, () =>
        readCommandLine(this.words(line), {
          names: namesFor(process),
          chains: () => (name) => draft.chain(name) !== null,
          restore: true,
          remark: (text) => process.stderr.write(text),
        }),
      );
      process.stdout.write(execute(process, draft, command));
    } catch (error) {
      if (error instanceof OtherFamily) return;
      if (!(error instanceof Refusal)) throw error;
      process.stdout.write(error.output);
      throw this.failed();
    }
  }

  /** The command line that a rule's line stands for. */
  private words(line: string): string[] {
    const argv = ["-t", this.table];
    if (!this.options.noFlush) for (let i = 0; i < this.options.verbose; i++) argv.push("-v");
    let rest = line;
    if (line.startsWith("[")) {
      const end = line.indexOf("]");
      const [packets, bytes] = line
        .slice(1)
        .split(/:|\]/)
        .filter((part) => part !== "");
      const colon = line.indexOf(":");
      if (end < 0 || bytes === undefined || colon < 0 || colon > end)
        throw new RuleError(`Bad line ${this.line}: need ]`);
      if (this.options.counters) argv.push("--set-counters", packets!, bytes);
      rest = line.slice(end + 1);
    }
    const words = splitWords(rest);
    if (words.some((word) => byteLength(word) > 1022)) throw new RuleError("Parameter too long!");
    if (argv.length + 1 + words.length > 254) throw new RuleError("Parser cannot handle more arguments");
    return [...argv, ...words];
  }

  private commit(draft: TableDraft): void {
    this.draft = null;
    if (this.options.test) return;
    try {
      commit(this.process, draft);
    } catch (error) {
      if (error instanceof Refusal) throw this.failed();
      throw error;
    }
  }

  private wrong(message: string, status = 2): ToolExit {
    return complaint(PROGRAM, versionText(this.process), new RuleError(message, status), this.line);
  }

  private failed(): ToolExit {
    return new ToolExit(1, `${PROGRAM}: line ${this.line} failed\n`);
  }
}

/** strtok(" \t\n"). */
function blankSeparated(text: string): string[] {
  return text.split(/[ \t\n]+/).filter((word) => word !== "");
}

/** Words of a line: blanks and closing double quotes part them, a backslash within quotes keeps the next character (add_param_to_argv). */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let quoted = false;
  const end = () => {
    words.push(word);
    word = "";
  };
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (character === '"') {
      if (quoted) end();
      quoted = !quoted;
    } else if (quoted) word += character === "\\" ? (line[++i] ?? "") : character;
    else if (character !== " " && character !== "\t" && character !== "\n") word += character;
    else if (word !== "") end();
  }
  if (word !== "") words.push(word);
  return words;
}
