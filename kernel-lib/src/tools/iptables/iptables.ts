import { commandLine } from "../../base/command-line.js";
import { ERRNO_TEXT, KernelError } from "../../base/errno.js";
import type { Process, Program } from "../../host/process.js";
import type { Netfilter } from "../../netfilter/netfilter.js";
import { RuleError } from "../../netfilter/rule.js";
import type { ChainTest } from "../../netfilter/rule-reader.js";
import { RuleRefused } from "../../netfilter/rule-refused.js";
import type { DraftChain, TableDraft } from "../../netfilter/table-draft.js";
import { type TableName, tableSpec } from "../../netfilter/tables.js";
import type { RuleOrigin } from "../../trace/events.js";
import { ToolExit, tool } from "../tool-exit.js";
import { applyCommand, complaint, Refusal, refused, tryHelp } from "./apply.js";
import { BadArgument, type IptablesCommand, Question, readCommandLine } from "./command-line.js";
import { EXTENSION_HELP, STANDARD_HELP } from "./extension-help.js";
import { chainHeader, type ListFormat, ruleLine } from "./listing.js";
import { namesFor } from "./names.js";
import { numbersProtocols, versionText } from "./release.js";
import { appendLine } from "./save.js";
import { usage } from "./usage.js";

/** `iptables` 1.8.9, the legacy form (ip_tables, not nf_tables). */
export const iptables: Program = tool((process) => {
  const command = inItsWords(process, "iptables", null, () => read(process, process.argv.slice(1)));
  const draft = process.netns.netfilter.edit(command.table as TableName);
  try {
    process.stdout.write(execute(process, draft, command));
    if ([...command.commands].some((letter) => !"LSC".includes(letter))) commit(process, draft);
  } catch (error) {
    if (error instanceof Refusal) throw refused("iptables", error);
    throw error;
  }
  return 0;
});

/** Carries out a command on a draft; gives what it prints. Throws Refusal. */
export function execute(process: Process, draft: TableDraft, command: IptablesCommand): string {
  const { commands } = command;
  const origin = originOf(process);
  const listed = commands.has("L") || commands.has("S") ? list(process, draft, command) : "";
  return listed + [...commands].map((letter) => applyCommand(draft, letter, command, origin)).join("");
}

/** What new rules remember of the command that makes them. */
export function originOf({ argv, cause }: Process): RuleOrigin {
  return { command: commandLine(argv), cause };
}

/** Reads a command line against a namespace's tables. Throws RuleError, BadArgument or Question. */
function read(process: Process, argv: readonly string[]): IptablesCommand {
  return readCommandLine(argv, {
    names: namesFor(process),
    remark: (text) => process.stderr.write(text),
    chains: (table) => {
      if (tableSpec(table) === null)
        throw new RuleError(
          `can't initialize iptables table \`${table}': Table does not exist (do you need to insmod?)`,
          3,
        );
      return chainTest(process.netns.netfilter, table);
    },
  });
}

/** Whether a name is a chain; asks only tables that are there, so that a bad line makes none. */
function chainTest(netfilter: Netfilter, name: string): ChainTest {
  const table = netfilter.tables.find((one) => one.name === name);
  const builtIn = new Set<string>(tableSpec(name)?.chains.map(([hook]) => hook) ?? []);
  return (chain) => (table === undefined ? builtIn.has(chain) : table.chain(chain) !== null);
}

/** Runs the parser and turns what it throws into iptables' own words. `line` is the line of iptables-restore. */
export function inItsWords<T>(process: Process, program: string, line: number | null, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RuleError) throw complaint(program, versionText(process), error, line);
    if (error instanceof BadArgument)
      throw new ToolExit(2, `Bad argument \`${error.word}'\n${tryHelp(program, line)}`);
    if (error instanceof Question) throw new ToolExit(0, "", answer(program, versionText(process), error));
    throw error;
  }
}

function answer(program: string, version: string, { about, matches, target }: Question): string {
  if (about === "version") return `${program} ${version}\n`;
  if (about === "no version") return `Not ${version.slice(1)} ;-)\n`;
  const names = [...(target === null ? [] : [target]), ...matches];
  return usage(program, version) + names.map((name) => `\n${EXTENSION_HELP[name] ?? STANDARD_HELP}`).join("");
}

/** Makes the draft the table; the kernel tells its log why it refuses a rule. Throws Refusal. */
export function commit(process: Process, draft: TableDraft): void {
  try {
    draft.commit();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error instanceof RuleRefused && error.log !== null) process.host.kernelLog.write(error.log);
    throw new Refusal(error.errno, ERRNO_TEXT[error.errno]);
  }
}

function list(process: Process, draft: TableDraft, command: IptablesCommand): string {
  const chains =
    command.chain === null ? draft.chains : draft.chains.filter(({ name }) => name === command.chain);
  if (chains.length === 0) throw new Refusal("ENOENT", "No chain/target/match by that name");
  if (command.commands.has("S")) return specifications(chains, command);
  const format = { ...command, names: namesFor(process), numbersProtocols: numbersProtocols(process) };
  return listing(draft, chains, command.ruleNumber, format);
}

function listing(
  draft: TableDraft,
  chains: readonly DraftChain[],
  number: number,
  format: ListFormat,
): string {
  const lines = (chain: DraftChain) =>
    chain.entries
      .map((entry, i) => (number === 0 || number === i + 1 ? ruleLine(entry, i + 1, format) : ""))
      .join("");
  if (number > 0) return chains.map(lines).join("\n");
  return chains.map((chain) => chainHeader(draft, chain, format) + lines(chain)).join("\n");
}

/** `iptables -S`: policies and chains first, then the rules. */
function specifications(chains: readonly DraftChain[], { ruleNumber, verbose }: IptablesCommand): string {
  let text = "";
  if (ruleNumber === 0) {
    for (const { name, hook, policy, packets, bytes } of chains)
      text +=
        hook === null ? `-N ${name}\n` : `-P ${name} ${policy}${verbose ? ` -c ${packets} ${bytes}` : ""}\n`;
  }
  for (const chain of chains) {
    for (const [i, entry] of chain.entries.entries())
      if (ruleNumber === 0 || ruleNumber === i + 1) text += appendLine(chain.name, entry, verbose);
  }
  return text;
}
