import type { Errno } from "../../base/errno.js";
import { byteLength } from "../../netfilter/options.js";
import { type RuleError, sameRule } from "../../netfilter/rule.js";
import { chainNamedBy, RuleEntry } from "../../netfilter/rule-entry.js";
import type { DraftChain, TableDraft } from "../../netfilter/table-draft.js";
import type { RuleOrigin } from "../../trace/events.js";
import { ToolExit } from "../tool-exit.js";
import type { IptablesCommand } from "./command-line.js";
import type { CommandLetter } from "./command-options.js";
import { editLine } from "./listing.js";

/** Why libiptc or the kernel refuses: its errno, and what iptc_strerror says where that is no plain strerror text. */
export class Refusal extends Error {
  constructor(
    readonly errno: Errno | "E2BIG" | "EMLINK",
    readonly text: string,
    /** Printed before. */
    readonly output = "",
  ) {
    super(text);
  }
}

const NO_NAME = new Refusal("ENOENT", "No chain/target/match by that name");
const BAD_RULE = new Refusal("ENOENT", "Bad rule (does a matching rule exist in that chain?)");
const INVALID = new Refusal("EINVAL", "Invalid argument");

/** The end of a refused command. */
export function refused(program: string, { errno, text, output }: Refusal): ToolExit {
  const hint = errno === "EINVAL" ? " Run `dmesg' for more information." : "";
  return new ToolExit(1, `${program}: ${text}.${hint}\n`, output);
}

/** What a RuleError says on standard error (xtables_exit_error). `line` is the line of iptables-restore. */
export function complaint(
  program: string,
  version: string,
  error: RuleError,
  line: number | null = null,
): ToolExit {
  const front = error.message === "" ? "" : `${program} ${version}: ${error.message}\n`;
  const tail = error.status === 2 ? tryHelp(program, line) : "";
  if (error.status === 3)
    return new ToolExit(3, `${front}Perhaps ${program} or your kernel needs to be upgraded.\n`);
  return new ToolExit(error.status, front + tail);
}

/** exit_tryhelp. */
export function tryHelp(program: string, line: number | null): string {
  const where = line === null ? "" : `Error occurred at line: ${line}\n`;
  return `${where}Try \`${program} -h' or '${program} --help' for more information.\n`;
}

/** Carries out one command on the draft; new rules remember `origin`. Gives what is printed. Throws Refusal. */
export function applyCommand(
  draft: TableDraft,
  letter: CommandLetter,
  command: IptablesCommand,
  origin: RuleOrigin | null = null,
): string {
  switch (letter) {
    case "A":
    case "I":
    case "R":
      return put(draft, letter, command, origin);
    case "D":
    case "C":
      return take(draft, letter, command);
    case "d":
      return takeNumber(chainOf(draft, command), command);
    case "F":
      return eachChain(draft, command, (chain) => {
        chain.entries = [];
        return command.verbose ? `Flushing chain \`${chain.name}'\n` : "";
      });
    case "Z":
      return eachChain(draft, command, (chain) => {
        draft.zero(chain.entries);
        return command.verbose ? `Zeroing chain \`${chain.name}'\n` : "";
      });
    case "z":
      return zeroNumber(draft, chainOf(draft, command), command);
    case "N":
      if (draft.chain(command.chain!) !== null) throw new Refusal("EEXIST", "Chain already exists");
      draft.addChain(command.chain!);
      return "";
    case "X":
      return removeChains(draft, command);
    case "P":
      return setPolicy(draft, command, origin);
    case "E":
      return rename(draft, command);
    default:
      return "";
  }
}

function chainOf(draft: TableDraft, { chain: name }: IptablesCommand): DraftChain {
  const chain = draft.chain(name!);
  if (chain === null) throw NO_NAME;
  return chain;
}

function eachChain(draft: TableDraft, command: IptablesCommand, run: (chain: DraftChain) => string): string {
  const chains = command.chain === null ? draft.chains : [chainOf(draft, command)];
  return chains.map(run).join("");
}

/** libiptc knows no jump into a built-in chain. */
function checkJumps(draft: TableDraft, { rules }: IptablesCommand, output: string): void {
  for (const rule of rules) {
    const name = chainNamedBy(rule);
    if (name !== null && draft.chain(name)?.hook !== null) throw new Refusal("EINVAL", INVALID.text, output);
  }
}

function put(
  draft: TableDraft,
  letter: "A" | "I" | "R",
  command: IptablesCommand,
  origin: RuleOrigin | null,
): string {
  const { ruleNumber, rules, counters, verbose } = command;
  const said = verbose ? rules.map(editLine).join("") : "";
  const fail = ({ errno, text }: Refusal) => new Refusal(errno, text, said);
  const chain = draft.chain(command.chain!);
  if (chain === null) throw fail(NO_NAME);
  if (letter === "I" && ruleNumber > chain.entries.length + 1)
    throw fail(new Refusal("E2BIG", "Index of insertion too big"));
  if (letter === "R" && ruleNumber > chain.entries.length)
    throw fail(new Refusal("E2BIG", "Index of replacement too big"));
  checkJumps(draft, command, said);
  const entries = rules.map((rule) => {
    const entry = new RuleEntry(rule, origin);
    [entry.packets, entry.bytes] = counters ?? [0, 0];
    return entry;
  });
  if (letter === "A") chain.entries.push(...entries);
  else if (letter === "R") chain.entries.splice(ruleNumber - 1, 1, ...entries);
  else for (const entry of entries) chain.entries.splice(ruleNumber - 1, 0, entry);
  return said;
}

function take(draft: TableDraft, letter: "C" | "D", command: IptablesCommand): string {
  const { rules, verbose } = command;
  const said = verbose ? rules.map(editLine).join("") : "";
  const chain = draft.chain(command.chain!);
  if (chain !== null) checkJumps(draft, command, said);
  let missing = false;
  for (const rule of rules) {
    const at = chain?.entries.findIndex((entry) => sameRule(entry.rule, rule)) ?? -1;
    if (at < 0) missing = true;
    else if (letter === "D") chain!.entries.splice(at, 1);
  }
  if (missing) throw new Refusal("ENOENT", BAD_RULE.text, said);
  return said;
}

function takeNumber(chain: DraftChain, { ruleNumber }: IptablesCommand): string {
  if (ruleNumber > chain.entries.length) throw new Refusal("E2BIG", "Index of deletion too big");
  chain.entries.splice(ruleNumber - 1, 1);
  return "";
}

function zeroNumber(draft: TableDraft, chain: DraftChain, { ruleNumber }: IptablesCommand): string {
  const entry = chain.entries[ruleNumber - 1];
  if (entry === undefined) throw new Refusal("E2BIG", "Index of counter too big");
  draft.zero([entry]);
  return "";
}

/** -X without a name tries every chain, and then says what the last failure was. */
function removeChains(draft: TableDraft, command: IptablesCommand): string {
  const chains =
    command.chain === null ? draft.chains.filter(({ hook }) => hook === null) : [chainOf(draft, command)];
  let said = "";
  let failure: Refusal | null = null;
  for (const chain of chains) {
    if (command.verbose) said += `Deleting chain \`${chain.name}'\n`;
    const why = keeps(draft, chain);
    if (why === null) draft.removeChain(chain);
    else failure = why;
  }
  if (failure !== null) throw new Refusal(failure.errno, failure.text, said);
  return said;
}

/** Why a chain cannot go. */
function keeps(draft: TableDraft, chain: DraftChain): Refusal | null {
  if (chain.hook !== null) return INVALID;
  if (draft.references(chain.name) > 0) return new Refusal("EMLINK", "Too many links");
  return chain.entries.length > 0 ? new Refusal("ENOTEMPTY", "Directory not empty") : null;
}

function setPolicy(draft: TableDraft, command: IptablesCommand, origin: RuleOrigin | null): string {
  const chain = draft.chain(command.chain!);
  if (chain === null || chain.hook === null) throw new Refusal("ENOENT", "Bad built-in chain name");
  if (command.word !== "ACCEPT" && command.word !== "DROP") throw new Refusal("EINVAL", "Bad policy name");
  chain.policy = command.word;
  chain.origin = origin;
  chain.counters = command.counters;
  return "";
}

function rename(draft: TableDraft, command: IptablesCommand): string {
  const { word } = command;
  if (draft.chain(word) !== null || ["ACCEPT", "DROP", "QUEUE", "RETURN"].includes(word))
    throw new Refusal("EEXIST", "File exists");
  const chain = chainOf(draft, command);
  if (chain.hook !== null) throw NO_NAME;
  if (byteLength(word) > 28) throw INVALID;
  const old = chain.name;
  for (const other of draft.chains) {
    other.entries = other.entries.map((entry) => {
      const { target } = entry.rule;
      if (target === null || chainNamedBy(entry.rule) !== old) return entry;
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
