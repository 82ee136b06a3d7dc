import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import { DockerLab } from "../netfilter/docker-lab.js";
import { chainsByTable, filterRules, rulesByTable } from "../support/rules.js";

/** The listing of a host's rules that a seed shows: its lines after the heading, without the author's remarks. */
function seedListing(seed: string, heading: RegExp): string {
  const text = readFileSync(new URL(`../oracle/seeds/${seed}.txt`, import.meta.url), "utf8");
  const start = text.search(heading);
  const body = text.slice(start);
  const begin = body.search(/^\*(mangle|nat)/m);
  return body
    .slice(begin, begin + body.slice(begin).search(/^(```|docker02|5、|$(?![\s\S]))/m))
    .replace(/\s+（.*）$/gm, "");
}

/** What Swarm adds to a host: the routing mesh's chain with its jumps, and the source address of what the host itself sends to the mesh. */
const bySwarm = (rule: string) =>
  rule.includes("DOCKER-INGRESS") ||
  rule === "-A POSTROUTING -o docker_gwbridge -m addrtype --src-type LOCAL -j MASQUERADE";

/** Swarm makes docker_gwbridge itself; made by hand with the same options it is a bridge network like any other. */
const GATEWAY_BRIDGE =
  "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=docker_gwbridge -o com.docker.network.bridge.enable_icc=false docker_gwbridge";

interface Case {
  readonly title: string;
  readonly version: DockerVersion;
  readonly seed: string;
  readonly heading: RegExp;
  readonly commands: readonly string[];
  /** Rules that no engine writes so, with the reason in the title. */
  readonly garbled?: (rule: string) => boolean;
}

const CASES: readonly Case[] = [
  {
    title: "000: a host after installation",
    version: "17.05",
    seed: "000",
    heading: /^\*\*ホストのiptablesを確認\*\*/m,
    commands: [GATEWAY_BRIDGE],
  },
  {
    // Its author has shortened the listing by hand: the two hairpin rules name each other's container (172.17.0.3 with port 80, 172.17.0.2 with 8080), while
    // DNAT and ACCEPT lead to 172.17.0.2:80 and 172.17.0.3:8080.
    title: "002: a host with two published ports, but for two lines whose addresses are interchanged",
    version: "17.09",
    seed: "002",
    heading: /^下面是 iptables/m,
    commands: [
      GATEWAY_BRIDGE,
      "docker run -d -p 11111:80 alpine tail -f /dev/null",
      "docker run -d -p 11112:8080 alpine tail -f /dev/null",
    ],
    garbled: (rule) => /^-A POSTROUTING -s 172\.17\.0\.[23]\/32/.test(rule),
  },
  {
    title: "003: a host with Docker 1.12",
    version: "1.12",
    seed: "003",
    heading: /^root@manager:~# iptables-save/m,
    commands: [GATEWAY_BRIDGE],
  },
];

describe.each(CASES)("$title", ({ version, seed, heading, commands, garbled = () => false }) => {
  const shown = seedListing(seed, heading);
  const lab = new DockerLab(version);
  for (const command of commands) lab.run(command);
  const ours = lab.run("iptables-save");

  test(`a ${version} lab's rules are the listed ones, in their order`, () => {
    const keep = (rule: string) => !bySwarm(rule) && !garbled(rule);
    const listed = filterRules(rulesByTable(shown), keep);
    expect(Object.keys(listed)).toEqual(["nat", "filter"]);
    expect(filterRules(rulesByTable(ours), keep)).toEqual(listed);
  });

  test("and what is left out of the listing comes from Swarm", () => {
    const listed = Object.values(rulesByTable(shown)).flat();
    const rules = Object.values(rulesByTable(ours)).flat();
    expect(
      listed.filter((rule) => !rules.includes(rule) && !garbled(rule)).filter((rule) => !bySwarm(rule)),
    ).toEqual([]);
  });
});

test("003 shows its chains and policies too: FORWARD is open", () => {
  const shown = chainsByTable(seedListing("003", /^root@manager:~# iptables-save/m));
  const ours = chainsByTable(new DockerLab("1.12").run("iptables-save"));
  const host = (chains: readonly string[] | undefined) =>
    chains?.filter((chain) => !chain.startsWith("DOCKER-INGRESS"));
  expect(host(shown.nat)).toEqual(ours.nat);
  expect(host(shown.filter)).toEqual(ours.filter);
});
