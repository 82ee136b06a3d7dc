import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { describeWith } from "../support/requirement.js";
import { type RuleLine, ruleLine } from "./rule-lines.js";

const RULES = 2000;
const SEED = 20_230_117;
/** Which tables there are, in the order in which a file makes them. */
const TABLES = ["raw", "mangle", "nat", "filter", "security"];

/** A shell command in a network namespace of its own, which ends with it. */
function inNamespace(command: string, input: string) {
  const folder = mkdtempSync(join(tmpdir(), "restore-"));
  const env = { ...process.env, XTABLES_LOCKFILE: join(folder, "lock") };
  const result = spawnSync("unshare", ["--net", "sh", "-c", command], { input, env, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return result;
}

const version = inNamespace("iptables-legacy-restore --version && iptables-legacy -S", "");
const requirement = {
  met: version.status === 0 && version.stdout.includes("v1.8.9"),
  reason: "it needs root, network namespaces and iptables 1.8.9 (legacy)",
};

function restoreFile(rules: readonly RuleLine[]): string {
  const table = (name: string) =>
    rules.filter((rule) => rule.table === name).map(({ text }) => `-A T ${text}`.trimEnd());
  return TABLES.map((name) =>
    [`*${name}`, ":T - [0:0]", ":U - [0:0]", ...table(name), "COMMIT", ""].join("\n"),
  ).join("");
}

/** The rules of iptables-save, the tables in {@link TABLES}' order. */
function savedRules(text: string): string[] {
  const byTable = new Map<string, string[]>();
  let rules: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) {
      rules = [];
      byTable.set(line.slice(1), rules);
    } else if (line.startsWith("-A")) rules.push(line);
  }
  return TABLES.flatMap((name) => byTable.get(name) ?? []);
}

describeWith("iptables-restore and iptables-save beside the real ones", requirement, () => {
  test(`${RULES} generated rules (seed ${SEED}) are saved word for word as the kernel's`, () => {
    const sample = fc.sample(ruleLine, { numRuns: RULES, seed: SEED });
    const rules = TABLES.flatMap((table) => sample.filter((rule) => rule.table === table));
    const file = restoreFile(rules);
    const real = inNamespace("iptables-legacy-restore && iptables-legacy-save", file);
    expect(real.stderr.replace(/^xt_iprange: .* is reversed .*\n/gm, "")).toBe("");
    const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
    const ours = host.run({ argv: ["iptables-restore"], stdin: file });
    expect(ours.stderr).toBe(real.stderr);
    const expected = savedRules(real.stdout);
    const got = savedRules(host.run(["iptables-save"]).stdout);
    expect(expected.length).toBe(RULES);
    const different = rules
      .map(({ text }, i) => ({ rule: text, real: expected[i], ours: got[i] }))
      .filter((one) => one.real !== one.ours);
    expect(different).toEqual([]);
    // What the real one has saved reads back here as the same rules.
    const again = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
    expect(again.run({ argv: ["iptables-restore"], stdin: real.stdout }).stderr).toMatch(
      /^(xt_iprange: .*\n)*$/,
    );
    expect(savedRules(again.run(["iptables-save"]).stdout)).toEqual(expected);
  });
});
