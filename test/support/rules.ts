/** The rules of each table of an iptables-save text, in order, without counters, headings and dates. Tables without rules are left out, unless `all` are asked for. */
export function rulesByTable(text: string, all = false): Readonly<Record<string, readonly string[]>> {
  const tables: Record<string, string[]> = {};
  let table = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) {
      table = line.slice(1).trim();
      if (all) tables[table] = [];
    } else if (/^(\[\d+:\d+\] )?-A /.test(line)) {
      tables[table] ??= [];
      tables[table]!.push(line.replace(/^\[\d+:\d+\] /, "").trimEnd());
    }
  }
  return tables;
}

/** The same with only the rules that `keep` holds. */
export function filterRules(
  tables: Readonly<Record<string, readonly string[]>>,
  keep: (rule: string, table: string) => boolean,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(tables)
      .map(([table, rules]) => [table, rules.filter((rule) => keep(rule, table))] as const)
      .filter(([, rules]) => rules.length > 0),
  );
}

/** Chains by table, as `:NAME` lines of an iptables-save text. */
export function chainsByTable(text: string): Readonly<Record<string, readonly string[]>> {
  const tables: Record<string, string[]> = {};
  let table = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1).trim();
    else if (line.startsWith(":")) {
      tables[table] ??= [];
      tables[table]!.push(line.replace(/^:(\S+) (\S+).*/, "$1 $2"));
    }
  }
  return tables;
}
