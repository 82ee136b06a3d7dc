import type { HookName } from "../../kernel-lib/src/netfilter/hook.js";
import { TABLES, type TableName } from "../../kernel-lib/src/netfilter/tables.js";
import type { ChainLines, RuleLine, TableLines } from "./case.js";
import type { Chooser } from "./chooser.js";
import { matchTerm, type Place, type Protocol } from "./generate-matches.js";
import { targetText } from "./generate-targets.js";
import { NETWORKS } from "./vocabulary.js";

const DEVICES = ["enX0", "enX1", "docker0", "enX+", "veth1", "d+", "lo", "+"] as const;

/** How often a table is in a set, in percent. */
const SHARE: Readonly<Record<TableName, number>> = {
  raw: 35,
  mangle: 50,
  nat: 70,
  filter: 85,
  security: 8,
};

/** The tables of a set, each with its built-in chains and perhaps some of a user's. */
export function generateTables(choose: Chooser): readonly TableLines[] {
  return TABLES.filter(({ name }) => choose.percent(SHARE[name])).map(({ name, chains }) =>
    generateTable(
      choose,
      name,
      chains.map(([hook]) => hook),
    ),
  );
}

interface Outline {
  readonly name: string;
  readonly hooks: readonly HookName[];
  readonly builtIn: boolean;
}

function generateTable(choose: Chooser, table: TableName, hooks: readonly HookName[]): TableLines {
  const builtIn = hooks.map((hook) => ({ name: hook, hooks: [hook], builtIn: true }));
  const users: Outline[] = [];
  for (let i = choose.number(0, 3); i > 0; i--)
    users.push({ name: `${table}-${users.length + 1}`, hooks: reach(choose, table, hooks), builtIn: false });
  const chains = [...builtIn, ...users].map((outline): ChainLines => {
    const targets = users.filter(
      (user) =>
        users.indexOf(user) > users.indexOf(outline) &&
        outline.hooks.every((hook) => user.hooks.includes(hook)),
    );
    const count = choose.number(0, outline.builtIn ? 5 : 4);
    return {
      name: outline.name,
      policy: outline.builtIn ? policy(choose, table) : null,
      rules: Array.from({ length: count }, () => generateRule(choose, table, outline, targets)),
    };
  });
  return { name: table, chains };
}

/** From which hooks a user's chain may be reached: in the nat table its targets decide. */
function reach(choose: Chooser, table: TableName, hooks: readonly HookName[]): readonly HookName[] {
  if (table !== "nat") return hooks;
  return choose.percent(60) ? ["PREROUTING", "OUTPUT"] : ["POSTROUTING"];
}

function policy(choose: Chooser, table: TableName): "ACCEPT" | "DROP" {
  return table !== "nat" && choose.percent(table === "filter" ? 15 : 3) ? "DROP" : "ACCEPT";
}

function generateRule(
  choose: Chooser,
  table: TableName,
  { hooks, builtIn }: Outline,
  targets: readonly Outline[],
): RuleLine {
  const protocol = choose.weighted<Protocol | null>([
    [9, null],
    [6, "tcp"],
    [5, "udp"],
    [3, "icmp"],
  ]);
  const place: Place = { table, hooks, builtIn, protocol };
  const terms = addressTerms(choose, place);
  if (protocol !== null) terms.push(`-p ${protocol}`);
  else if (choose.percent(4))
    terms.push(`${choose.percent(50) ? "! " : ""}-p ${choose.one("udp", "89", "tcp")}`);
  else if (choose.percent(3)) terms.push(choose.one("-f", "! -f"));
  const wanted = choose.weighted([
    [5, 0],
    [6, 1],
    [2, 2],
  ]);
  for (let i = 0; i < wanted; i++) {
    const term = matchTerm(choose, place);
    const name = /-m (\S+)/.exec(term)![1]!;
    if (!terms.some((other) => other.includes(`-m ${name} `))) terms.push(term);
  }
  return {
    terms,
    target: targetText(
      choose,
      place,
      targets.map(({ name }) => name),
    ),
  };
}

function addressTerms(choose: Chooser, { hooks, builtIn }: Place): string[] {
  const not = () => (choose.percent(15) ? "! " : "");
  const terms: string[] = [];
  if (choose.percent(22)) terms.push(`${not()}-s ${choose.one(...NETWORKS)}`);
  if (choose.percent(22)) terms.push(`${not()}-d ${choose.one(...NETWORKS)}`);
  const [hook] = hooks;
  const mayIn = !builtIn || (hook !== "OUTPUT" && hook !== "POSTROUTING");
  const mayOut = !builtIn || (hook !== "INPUT" && hook !== "PREROUTING");
  if (mayIn && choose.percent(20)) terms.push(`${not()}-i ${choose.one(...DEVICES)}`);
  if (mayOut && choose.percent(20)) terms.push(`${not()}-o ${choose.one(...DEVICES)}`);
  return terms;
}
