import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { htmlTable, textTable } from "../base/html.js";
import type { Netfilter } from "../netfilter/netfilter.js";
import { ruleText } from "../netfilter/print-rule.js";
import type { Table } from "../netfilter/table.js";
import { type TableName, tableSpec } from "../netfilter/tables.js";
import { behind, shortened } from "../trace/deciding.js";
import type { RuleOrigin } from "../trace/events.js";

const HEAD = ["table", "chain", "#", "rule", "packets", "bytes", "came from"];

/** Which rules of a machine are wanted: all that is given must hold. */
export interface RulesOptions {
  readonly table?: TableName;
  readonly chain?: string;
}

/** One rule, or a built-in chain's policy, with its counters at the time of asking. */
export interface ListedRule {
  readonly table: TableName;
  readonly chain: string;
  /** From 1; 0 for the policy. */
  readonly number: number;
  /** As `iptables -S` prints it after the chain's name; `policy DROP`. */
  readonly rule: string;
  readonly packets: number;
  readonly bytes: number;
  /** The command that made it; null when nobody did. */
  readonly origin: RuleOrigin | null;
}

/** The rules of a namespace with the commands that they came from, as a table that displays itself. */
export class RuleListing implements Displayable {
  constructor(
    readonly caption: string,
    readonly list: readonly ListedRule[],
  ) {}

  get rows(): readonly (readonly string[])[] {
    return this.list.map(({ table, chain, number, rule, packets, bytes, origin }) => [
      table,
      chain,
      number === 0 ? "" : String(number),
      rule,
      String(packets),
      String(bytes),
      shortened(behind(origin)),
    ]);
  }

  toString(): string {
    return `${this.caption}\n${textTable(HEAD, this.rows, [2, 4, 5])}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": htmlTable(this.caption, HEAD, this.rows) };
  }
}

/** The rules of a namespace now, table by table in the order in which packets meet them. Tables that nobody has used are left out. */
export function listRules(name: string, netfilter: Netfilter, options: RulesOptions): RuleListing {
  if (options.table !== undefined && tableSpec(options.table) === null)
    throw new RangeError(`no table "${options.table}": raw, mangle, nat, filter or security`);
  const list = ORDER.flatMap((table) => netfilter.tables.filter((one) => one.name === table))
    .filter((table) => (options.table ?? table.name) === table.name)
    .flatMap(rulesOf)
    .filter(({ chain }) => (options.chain ?? chain) === chain);
  const which = [options.table, options.chain].filter((part) => part !== undefined).join(" ");
  return new RuleListing(`Rules of ${name}${which === "" ? "" : `: ${which}`}`, list);
}

const ORDER: readonly TableName[] = ["raw", "mangle", "nat", "filter", "security"];

function rulesOf({ name: table, chains }: Table): ListedRule[] {
  return chains.flatMap(({ name: chain, hook, policy, packets, bytes, origin, entries }) => [
    ...(hook === null ? [] : [{ table, chain, number: 0, rule: `policy ${policy}`, packets, bytes, origin }]),
    ...entries.map((entry, i) => ({
      table,
      chain,
      number: i + 1,
      rule: ruleText(entry.rule),
      packets: entry.packets,
      bytes: entry.bytes,
      origin: entry.origin,
    })),
  ]);
}
