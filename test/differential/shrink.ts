import type { Case, RuleLine, TableLines } from "./case.js";

/** Whether a case still shows what is looked for. */
type Fails = (smaller: Case) => Promise<boolean>;

/** The least case that still fails which taking parts away finds: steps, tables, chains, rules, then terms of rules. */
export async function shrink(failing: Case, fails: Fails): Promise<Case> {
  let best = failing;
  for (let before = -1; size(best) !== before; ) {
    before = size(best);
    best = await fewerSteps(best, fails);
    best = await without(best, fails, smallerTables);
    best = await without(best, fails, fewerRules);
    best = await without(best, fails, fewerChains);
    best = await without(best, fails, fewerTerms);
    best = await without(best, fails, plainerSettings);
  }
  return best;
}

function size({ settings, tables, steps }: Case): number {
  return JSON.stringify([settings, tables, steps]).length;
}

/** Halves, quarters, … of the steps are left out as long as it still fails. */
async function fewerSteps(start: Case, fails: Fails): Promise<Case> {
  let best = start;
  for (let chunk = Math.ceil(best.steps.length / 2); chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let at = best.steps.length - chunk; at > -chunk; at -= chunk) {
      const from = Math.max(0, at);
      const steps = [...best.steps.slice(0, from), ...best.steps.slice(from + chunk)];
      if (steps.length === best.steps.length) continue;
      const smaller = { ...best, steps };
      if (await fails(smaller)) best = smaller;
    }
  }
  return best;
}

/** Tries each variation of a case; one that still fails is varied further. */
async function without(start: Case, fails: Fails, variations: (of: Case) => Iterable<Case>): Promise<Case> {
  let best = start;
  for (let again = true; again; ) {
    again = false;
    for (const smaller of variations(best)) {
      if (!(await fails(smaller))) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return best;
}

function* smallerTables(of: Case): Iterable<Case> {
  for (const table of of.tables) yield { ...of, tables: of.tables.filter((other) => other !== table) };
}

/** Whole chains emptied, then rules one by one. */
function* fewerRules(of: Case): Iterable<Case> {
  for (const [table, chain] of allChains(of)) {
    if (chain.rules.length > 1) yield withRules(of, table, chain.name, []);
  }
  for (const [table, chain] of allChains(of)) {
    for (const rule of chain.rules)
      yield withRules(
        of,
        table,
        chain.name,
        chain.rules.filter((other) => other !== rule),
      );
  }
}

function* fewerChains(of: Case): Iterable<Case> {
  for (const [table, chain] of allChains(of)) {
    const changed = (chains: TableLines["chains"]): Case => ({
      ...of,
      tables: of.tables.map((other) => (other === table ? { ...table, chains } : other)),
    });
    if (chain.policy === null) yield changed(table.chains.filter((other) => other !== chain));
    else if (chain.policy === "DROP")
      yield changed(table.chains.map((other) => (other === chain ? { ...chain, policy: "ACCEPT" } : other)));
  }
}

function* fewerTerms(of: Case): Iterable<Case> {
  for (const [table, chain] of allChains(of)) {
    for (const [i, rule] of chain.rules.entries()) {
      const put = (changed: RuleLine) => withRules(of, table, chain.name, chain.rules.with(i, changed));
      for (let j = 0; j < rule.terms.length; j++) yield put({ ...rule, terms: rule.terms.toSpliced(j, 1) });
      if (rule.target !== "" && rule.terms.length > 0) yield put({ ...rule, target: "" });
    }
  }
}

function* plainerSettings(of: Case): Iterable<Case> {
  const plain = {
    hairpin: false,
    bridgeCalls: true,
    reversePath: false,
    routeLocalnet: false,
    ignoreBroadcastEcho: true,
  };
  for (const key of Object.keys(plain) as (keyof typeof plain)[])
    if (of.settings[key] !== plain[key]) yield { ...of, settings: { ...of.settings, [key]: plain[key] } };
}

function allChains(of: Case): readonly (readonly [TableLines, TableLines["chains"][number]])[] {
  return of.tables.flatMap((table) => table.chains.map((chain) => [table, chain] as const));
}

function withRules(of: Case, table: TableLines, name: string, rules: readonly RuleLine[]): Case {
  const chains = table.chains.map((chain) => (chain.name === name ? { ...chain, rules } : chain));
  return { ...of, tables: of.tables.map((other) => (other === table ? { ...table, chains } : other)) };
}
