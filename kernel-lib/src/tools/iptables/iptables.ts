import { commandLine } from "../../base/command-line.js";
import { KernelError } from "../../base/errno.js";
import type { Process, Program } from "../../host/process.js";
import type { Netfilter } from "../../netfilter/netfilter.js";
import { RuleError } from "../../netfilter/rule.js";
import type { ChainTest } from "../../netfilter/rule-reader.js";
import type { DraftChain, TableDraft } from "../../netfilter/table-draft.js";
import { type TableName, tableSpec } from "../../netfilter/tables.js";
import type { RuleOrigin } from "../../trace/events.js";
import { ToolExit, tool } from "../tool-exit.js";
import { applyCommand, complaint, NAT_DROP, refuse } from "./apply.js";
import { BadArgument, type IptablesCommand, readCommandLine } from "./command-line.js";
import { chainHeader, type ListFormat, ruleLine } from "./listing.js";
import { namesFor } from "./names.js";
import { appendLine } from "./save.js";
import { USAGE } from "./usage.js";

/** `iptables` 1.8.9, the legacy form (ip_tables, not nf_tables). */
export const iptables: Program = tool((process) => {
  const command = inItsWords(() => read(process, process.argv.slice(1)));
  if (command.command === "V" || command.command === "h") {
    process.stdout.write(command.command === "V" ? "iptables v1.8.9 (legacy)\n" : USAGE);
    return 0;
  }
  const draft = process.netns.netfilter.edit(command.table as TableName);
  if (command.command === "L" || command.command === "S") list(process, draft, command);
  else {
    const said = applyCommand(draft, command, "iptables", originOf(process));
    if (command.command !== "C") commit(draft);
    process.stdout.write(said);
  }
  return 0;
});

/** What new rules remember of the command that makes them. */
export function originOf({ argv, cause }: Process): RuleOrigin {
  return { command: commandLine(argv), cause };
}

/** Reads a command line against a namespace's tables. Throws RuleError or BadArgument. */
function read(process: Process, argv: readonly string[]): IptablesCommand {
  const command = readCommandLine(argv, namesFor(process), (table) =>
    chainTest(process.netns.netfilter, table),
  );
  if (command.command !== "V" && command.command !== "h") checkTable(command);
  return command;
}

/** What a command line may not say of its table. */
export function checkTable({ table, command, rules, word }: IptablesCommand): void {
  if (tableSpec(table) === null)
    throw new RuleError(
      `can't initialize iptables table \`${table}': Table does not exist (do you need to insmod?)`,
      3,
    );
  const drops = rules.some((rule) => rule.target?.target === "DROP") || (command === "P" && word === "DROP");
  if (table === "nat" && drops) throw new RuleError(NAT_DROP);
}

/** Whether a name is a chain; asks only tables that are there, so that a bad line makes none. */
export function chainTest(netfilter: Netfilter, name: string): ChainTest {
  const table = netfilter.tables.find((one) => one.name === name);
  const builtIn = new Set<string>(tableSpec(name)?.chains.map(([hook]) => hook) ?? []);
  return (chain) => (table === undefined ? builtIn.has(chain) : table.chain(chain) !== null);
}

/** Runs the parser and turns what it throws into iptables' own words. */
export function inItsWords<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RuleError) throw complaint("iptables", error);
    if (error instanceof BadArgument)
      throw new ToolExit(
        2,
        `Bad argument \`${error.word}'\nTry \`iptables -h' or 'iptables --help' for more information.\n`,
      );
    throw error;
  }
}

export function commit(draft: TableDraft): void {
  try {
    draft.commit();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw refuse("iptables", error.errno === "ELOOP" ? "loop" : "invalid");
  }
}

function list(process: Process, draft: TableDraft, command: IptablesCommand): void {
  const chains =
    command.chain === "" ? draft.chains : draft.chains.filter(({ name }) => name === command.chain);
  if (chains.length === 0) throw refuse("iptables", "noName");
  const format: ListFormat = { ...command, names: namesFor(process) };
  process.stdout.write(
    command.command === "L"
      ? listing(draft, chains, command.ruleNumber, format)
      : specifications(chains, command),
  );
  if (!command.zero) return;
  applyCommand(draft, { ...command, command: "Z" });
  commit(draft);
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
  if (number > 0) return chains.map(lines).join("");
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
