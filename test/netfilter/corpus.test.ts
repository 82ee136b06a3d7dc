import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { splitWords } from "../../kernel-lib/src/tools/iptables/iptables-restore.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

const FOLDER = `${process.env.HOPBOOK_CORPORA ?? fileURLToPath(new URL("../../../shared/corpora", import.meta.url))}/iptables-t`;
const present = existsSync(FOLDER);
if (!present) console.log(`skipped: the netfilter project's rule tests are not at ${FOLDER}`);

interface Case {
  readonly table: string;
  readonly chain: string;
  readonly rule: string;
  readonly expected: string;
  readonly ok: boolean;
}

function readCases(file: string): Case[] {
  const cases: Case[] = [];
  let chains = ["INPUT"];
  let table = "filter";
  for (const line of readFileSync(`${FOLDER}/${file}`, "utf8").split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    if (line.startsWith(":"))
      chains = line
        .slice(1)
        .split(",")
        .map((chain) => chain.replace(/^\*/, ""));
    else if (line.startsWith("*")) table = line.slice(1).trim();
    else {
      const [rule = "", expected = "", status = ""] = line.split(";");
      for (const chain of chains)
        cases.push({
          table,
          chain,
          rule,
          expected: expected === "=" ? rule : expected,
          ok: status.trim() === "OK",
        });
    }
  }
  return cases;
}

/**
 * Lines of the corpus, which is of a later release, that the real iptables 1.8.9 (legacy) answers otherwise than they say: it does not compare the ends
 * of a range that getaddrinfo has read, takes `--ctproto 0`, and does not print a negated range of all ports.
 */
const DIFFERENT =
  /--ctexpire 4:3|--ct\w+port 4:3|-m udp --[sd]port 4:3|--ctproto 0$|! --[sd]port (0?:65535|0:|:)$/;

describe.skipIf(!present)("the netfilter project's rule tests", () => {
  for (const file of present ? readdirSync(FOLDER) : []) {
    test(file, () => {
      for (const { table, chain, rule, expected, ok } of readCases(file)) {
        if (DIFFERENT.test(rule)) continue;
        const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
        const { status, stderr } = host.run(["iptables", "-t", table, "-A", chain, ...splitWords(rule)]);
        expect
          .soft(`${rule}: ${status === 0 ? "OK" : "FAIL"}${ok ? stderr : ""}`)
          .toBe(`${rule}: ${ok ? "OK" : "FAIL"}`);
        if (!ok || status !== 0) continue;
        const line = host.run(["iptables", "-t", table, "-S", chain]).stdout.split("\n").at(-2);
        expect.soft(line).toBe(`-A ${chain} ${expected}`.trimEnd());
      }
    });
  }
});
