import type { RuleError } from "../../netfilter/rule.js";
import { sameRule } from "../../netfilter/rule.js";
import { RuleEntry } from "../../netfilter/rule-entry.js";
import type { DraftChain, TableDraft } from "../../netfilter/table-draft.js";
import type { RuleOrigin } from "../../trace/events.js";
import { ToolExit } from "../tool-exit.js";
import type { IptablesCommand } from "./command-line.js";
import { editLine } from "./listing.js";

/** Why the kernel (or libiptc for it) refuses: iptc_strerror, printed after `iptables: `. */
export const REFUSALS = {
  noName: "No chain/target/match by that name.",
  exists: "Chain already exists.",
  badRule: "Bad rule (does a matching rule exist in that chain?).",
  tooManyLinks: "Too many links.",
  notEmpty: "Directory not empty.",
  invalid: "Invalid argument. Run `dmesg' for more information.",
  loop: "Too many levels of symbolic links.",
  builtIn: "Bad built-in chain name.",
  policy: "Bad policy name. Run `dmesg' for more information.",
  insertion: "Index of insertion too big.",
  replacement: "Index of replacement too big.",
  deletion: "Index of deletion too big.",
} as const;

export function refuse(program: string, reason: keyof typeof REFUSALS): ToolExit {
  return new ToolExit(1, `${program}: ${REFUSALS[reason]}\n`);
}

/** What a RuleError says on standard error. */
export function complaint(program: string, error: RuleError): ToolExit {
  const name = `${program} v1.8.9 (legacy): `;
  const front = error.message === "" ? "" : `${name}${error.message}\n`;
  if (error.status === 3)
    return new ToolExit(3, `${front}Perhaps ${program} or your kernel needs to be upgraded.\n`);
  return new ToolExit(
    error.status,
    `${front}Try \`${program} -h' or '${program} --help' for more information.\n`,
  );
}

/** The message of "DROP" in the nat table. */
export const NAT_DROP =
  '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n';

/** Carries out a command that changes the draft; new rules remember `origin`. Gives what is printed. Throws ToolExit when it is refused. */
export function applyCommand(
  draft: TableDraft,
  command: IptablesCommand,
  program = "iptables",
  origin: RuleOrigin | null = null,
): string {
  const chainOf = (name: string): DraftChain => {
    const chain = draft.chain(name);
    if (chain === null) throw refuse(program, "noName");
    return chain;
  };
  switch (command.command) {
    case "A":
    case "I":
    case "R":
      return put(chainOf(command.chain), command, program, origin);
    case "D":
    case "C":
      return take(chainOf(command.chain), command, program);
    case "F":
      return eachChain(draft, command, chainOf, (chain) => {
        chain.entries = [];
        return command.verbose ? `Flushing chain \`${chain.name}'\n` : "";
      });
    case "Z":
      return zero(draft, command, chainOf);
    case "N":
      if (draft.chain(command.chain) !== null) throw refuse(program, "exists");
      draft.addChain(command.chain);
      return "";
    case "X":
      return removeChains(draft, command, chainOf, program);
    case "P":
      return setPolicy(draft, command, program, origin);
    case "E":
      return rename(draft, command, chainOf, program);
    default:
      return "";
  }
}

function eachChain(
  draft: TableDraft,
  command: IptablesCommand,
  chainOf: (name: string) => DraftChain,
  run: (chain: DraftChain) => string,
): string {
  const chains = command.chain === "" ? draft.chains : [chainOf(command.chain)];
  return chains.map(run).join("");
}

function put(
  chain: DraftChain,
  command: IptablesCommand,
  program: string,
  origin: RuleOrigin | null,
): string {
  const { ruleNumber, rules, counters, verbose } = command;
  const entries = rules.map((rule) => {
    const entry = new RuleEntry(rule, origin);
    [entry.packets, entry.bytes] = counters ?? [0, 0];
    return entry;
  });
  if (command.command === "A") chain.entries.push(...entries);
  else if (command.command === "I") {
    if (ruleNumber > chain.entries.length + 1) throw refuse(program, "insertion");
    chain.entries.splice(Math.max(ruleNumber, 1) - 1, 0, ...entries);
  } else {
    if (ruleNumber > chain.entries.length) throw refuse(program, "replacement");
    chain.entries.splice(ruleNumber - 1, 1, ...entries);
  }
  return verbose ? rules.map(editLine).join("") : "";
}

function take(chain: DraftChain, command: IptablesCommand, program: string): string {
  const { ruleNumber, rules, verbose } = command;
  if (ruleNumber > 0) {
    if (ruleNumber > chain.entries.length) throw refuse(program, "deletion");
    chain.entries.splice(ruleNumber - 1, 1);
    return "";
  }
  for (const rule of rules) {
    const at = chain.entries.findIndex((entry) => sameRule(entry.rule, rule));
    if (at < 0) throw refuse(program, "badRule");
    if (command.command === "D") chain.entries.splice(at, 1);
  }
  return verbose ? rules.map(editLine).join("") : "";
}

function zero(draft: TableDraft, command: IptablesCommand, chainOf: (name: string) => DraftChain): string {
  return eachChain(draft, command, chainOf, (chain) => {
    const one = command.ruleNumber > 0;
    draft.zero(one ? chain.entries.slice(command.ruleNumber - 1, command.ruleNumber) : chain.entries);
    if (!one) {
      chain.packets = 0;
      chain.bytes = 0;
    }
    return "";
  });
}

function removeChains(
  draft: TableDraft,
  command: IptablesCommand,
  chainOf: (name: string) => DraftChain,
  program: string,
): string {
  const chains =
    command.chain === "" ? draft.chains.filter(({ hook }) => hook === null) : [chainOf(command.chain)];
  let text = "";
  for (const chain of chains) {
    if (chain.hook !== null) throw refuse(program, "invalid");
    if (draft.references(chain.name) > 0) throw refuse(program, "tooManyLinks");
    if (chain.entries.length > 0) throw refuse(program, "notEmpty");
    if (command.verbose) text += `Deleting chain \`${chain.name}'\n`;
    draft.removeChain(chain);
  }
  return text;
}

function setPolicy(
  draft: TableDraft,
  { chain: name, word }: IptablesCommand,
  program: string,
  origin: RuleOrigin | null,
): string {
  const chain = draft.chain(name);
  if (chain === null || chain.hook === null) throw refuse(program, "builtIn");
  if (word !== "ACCEPT" && word !== "DROP") throw refuse(program, "policy");
  chain.policy = word;
  chain.origin = origin;
  chain.packets = 0;
  chain.bytes = 0;
  return "";
}

function rename(
  draft: TableDraft,
  { chain: name, word }: IptablesCommand,
  chainOf: (name: string) => DraftChain,
  program: string,
): string {
  const chain = chainOf(name);
  if (chain.hook !== null) throw refuse(program, "noName");
  if (draft.chain(word) !== null) throw refuse(program, "exists");
  for (const other of draft.chains) {
    other.entries = other.entries.map((entry) => {
      const { target } = entry.rule;
      if (target === null || !("chain" in target) || target.chain !== name) return entry;
      const renamed = new RuleEntry(
        Object.freeze({ ...entry.rule, target: Object.freeze({ ...target, chain: word }) }),
        entry.origin,
      );
      renamed.packets = entry.packets;
      renamed.bytes = entry.bytes;
      return renamed;
    });
  }
  chain.name = word;
  draft.sort();
  return "";
}
