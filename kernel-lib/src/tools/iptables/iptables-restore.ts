import { KernelError } from "../../base/errno.js";
import type { Process, Program } from "../../host/process.js";
import { RuleError } from "../../netfilter/rule.js";
import type { TableDraft } from "../../netfilter/table-draft.js";
import { type TableName, tableSpec } from "../../netfilter/tables.js";
import { getopt, optionComplaint } from "../options.js";
import { ToolExit, tool } from "../tool-exit.js";
import { applyCommand } from "./apply.js";
import { BadArgument, readCommandLine } from "./command-line.js";
import { checkTable, originOf } from "./iptables.js";
import { namesFor } from "./names.js";

interface RestoreOptions {
  readonly counters: boolean;
  readonly noFlush: boolean;
  readonly test: boolean;
  readonly table: string | null;
}

/** `iptables-restore [-c] [-n] [-t] [-T TABLE]`: each table is taken whole at its COMMIT, or not at all. */
export const iptablesRestore: Program = tool((process) => {
  const { options, file } = readOptions(process);
  const text = file === null ? process.stdin : readFile(process, file);
  new Restore(process, options).run(text);
  return 0;
});

function readOptions(process: Process): { options: RestoreOptions; file: string | null } {
  const long = {
    counters: "c",
    noflush: "n",
    test: "t",
    table: "T",
    wait: "w",
    verbose: "v",
    version: "V",
    help: "h",
  };
  const read = getopt(process.argv.slice(1), "bcvVthnwW:M:T:", long);
  if ("error" in read) throw new ToolExit(1, optionComplaint("iptables-restore", read));
  const value = (letter: string) => read.options.find(([name]) => name === letter)?.[1] ?? null;
  if (value("h") !== null || value("V") !== null)
    throw new ToolExit(0, "", "iptables-restore v1.8.9 (legacy)\n");
  const options = {
    counters: value("c") !== null,
    noFlush: value("n") !== null,
    test: value("t") !== null,
    table: value("T"),
  };
  return { options, file: read.operands[0] ?? null };
}

function readFile(process: Process, path: string): string {
  if (!process.files.exists(path)) throw new ToolExit(1, `Can't open ${path}: No such file or directory\n`);
  return process.files.readText(path);
}

class Restore {
  private draft: TableDraft | null = null;
  private line = 0;

  constructor(
    private readonly process: Process,
    private readonly options: RestoreOptions,
  ) {}

  run(text: string): void {
    for (const line of text.split("\n")) {
      this.line++;
      if (line === "" || line.startsWith("#")) continue;
      this.readLine(line);
    }
    if (this.draft !== null) {
      throw new ToolExit(1, `iptables-restore: COMMIT expected at line ${this.line}\n`);
    }
  }

  private readLine(line: string): void {
    if (line.startsWith("*")) this.begin(line.slice(1).trim());
    else if (this.draft === null) throw this.failed();
    else if (line.trim() === "COMMIT") this.commit();
    else if (this.options.table !== null && this.options.table !== this.draft.name) return;
    else if (line.startsWith(":")) this.chain(line.slice(1));
    else this.rule(line);
  }

  private begin(name: string): void {
    if (tableSpec(name) === null) {
      const text = `iptables-restore v1.8.9 (legacy): iptables-restore: unable to initialize table '${name}'\n\n`;
      throw new ToolExit(
        2,
        `${text}Error occurred at line: ${this.line}\nTry \`iptables-restore -h' or 'iptables-restore --help' for more information.\n`,
      );
    }
    this.draft = this.process.netns.netfilter.edit(name as TableName);
    if (this.options.noFlush) return;
    for (const chain of this.draft.chains) chain.entries = [];
    for (const chain of [...this.draft.chains]) if (chain.hook === null) this.draft.removeChain(chain);
  }

  /** `NAME POLICY [PACKETS:BYTES]`. */
  private chain(text: string): void {
    const [name = "", policy, counts] = text.trim().split(/\s+/);
    const draft = this.draft!;
    let chain = draft.chain(name);
    if (policy === undefined) throw this.parameter("Policy invalid\n");
    if (chain === null) chain = draft.addChain(name);
    else if (chain.hook === null) chain.entries = [];
    if (policy === "-") return;
    if (chain.hook === null || (policy !== "ACCEPT" && policy !== "DROP"))
      throw this.other(
        `Can't set policy \`${policy}' on \`${name}' line ${this.line}: Bad built-in chain name\n`,
      );
    chain.policy = policy;
    chain.origin = originOf(this.process);
    const numbers = /^\[(\d+):(\d+)\]$/.exec(counts ?? "");
    [chain.packets, chain.bytes] =
      this.options.counters && numbers !== null ? [Number(numbers[1]), Number(numbers[2])] : [0, 0];
  }

  private rule(line: string): void {
    const counted = /^\[(\d+):(\d+)\]\s*(.*)$/.exec(line);
    const words = splitWords(counted?.[3] ?? line);
    const counters = counted !== null && this.options.counters ? ["-c", counted[1]!, counted[2]!] : [];
    const draft = this.draft!;
    try {
      const argv = ["-t", draft.name, ...words, ...counters];
      if (words.some((word) => word === "-t" || word.startsWith("--table")))
        throw new RuleError(
          "The -t option (seen in line %u) cannot be used in iptables-restore.\n".replace(
            "%u",
            String(this.line),
          ),
        );
      const command = readCommandLine(
        argv,
        namesFor(this.process),
        () => (name) => draft.chain(name) !== null,
      );
      checkTable(command);
      applyCommand(draft, command, "iptables-restore", originOf(this.process));
    } catch (error) {
      throw this.inItsWords(error);
    }
  }

  private commit(): void {
    const draft = this.draft!;
    this.draft = null;
    if (this.options.test || (this.options.table !== null && this.options.table !== draft.name)) return;
    try {
      draft.commit();
    } catch (error) {
      if (error instanceof KernelError) throw this.failed();
      throw error;
    }
  }

  private inItsWords(error: unknown): unknown {
    if (error instanceof RuleError) return this.parameter(error.message);
    if (error instanceof BadArgument) return this.parameter(`Bad argument \`${error.word}'`, false);
    if (error instanceof ToolExit) return this.failed();
    return error;
  }

  private parameter(message: string, named = true): ToolExit {
    const name = named ? "iptables-restore v1.8.9 (legacy): " : "";
    return new ToolExit(
      2,
      `${name}${message}\nError occurred at line: ${this.line}\nTry \`iptables-restore -h' or 'iptables-restore --help' for more information.\n`,
    );
  }

  private other(message: string): ToolExit {
    return new ToolExit(1, `iptables-restore v1.8.9 (legacy): ${message}`);
  }

  private failed(): ToolExit {
    return new ToolExit(1, `iptables-restore: line ${this.line} failed\n`);
  }
}

/** Words of a line: blanks part them, double quotes hold them together, a backslash keeps the next character. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let open = false;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (quoted && character === "\\") word += line[++i] ?? "";
    else if (character === '"') {
      quoted = !quoted;
      open = true;
    } else if (!quoted && /\s/.test(character)) {
      if (open) words.push(word);
      word = "";
      open = false;
    } else {
      word += character;
      open = true;
    }
  }
  if (open) words.push(word);
  return words;
}
