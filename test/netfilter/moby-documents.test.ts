import { expect, test } from "vitest";
import { describeCorpus } from "../support/corpora.js";
import { DockerLab } from "./docker-lab.js";

/** A document's listings of one table: `iptables -vL --line-numbers` and `iptables -S`. */
interface Listings {
  readonly long: string;
  readonly rules: string;
}

/** Its indented blocks of iptables output, by the table that their chains are of. */
function listings(text: string): ReadonlyMap<string, Listings> {
  const found = new Map<string, Listings>();
  const blocks = text
    .split("\n")
    .map((line) => (line.startsWith("    ") ? line.slice(4) : null))
    .reduce<string[][]>(
      (list, line) => {
        if (line === null) list.push([]);
        else list.at(-1)?.push(line);
        return list;
      },
      [[]],
    )
    .map((lines) => `${lines.join("\n").trimEnd()}\n`);
  for (const block of blocks) {
    const table = tableOf(block);
    if (table === null) continue;
    const known = found.get(table) ?? { long: "", rules: "" };
    const kind = block.startsWith("Chain") ? "long" : "rules";
    if (known[kind] === "") found.set(table, { ...known, [kind]: block });
  }
  return found;
}

function tableOf(block: string): string | null {
  const chains = /^(Chain|-P) INPUT/m.test(block)
    ? [/ FORWARD /, "filter", "nat"]
    : [/^(Chain|-P) PREROUTING/m, "raw", null];
  return (chains[0] as RegExp).test(block) ? (chains[1] as string) : (chains[2] as string | null);
}

const BRIDGE1 =
  "docker network create -o com.docker.network.bridge.name=bridge1 --subnet 192.0.2.0/24 --gateway 192.0.2.1";
const RUN = "docker run -d --name c1 --network";
const LASTING = "alpine tail -f /dev/null";

/** The commands of each document; its own start containers that end at once, and two of its networks have one name. */
const DOCUMENTS: readonly (readonly [document: string, ...commands: string[]])[] = [
  ["new-daemon"],
  ["usernet-portmap", `${BRIDGE1} bridge1`, `${RUN} bridge1 -p 8080:80 ${LASTING}`],
  ["usernet-portmap-lo", `${BRIDGE1} bridge1`, `${RUN} bridge1 -p 127.0.0.1:8080:80 ${LASTING}`],
  [
    "usernet-portmap-natunprot",
    `${BRIDGE1} -o com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected bridge1`,
    `${RUN} bridge1 -p 8080:80 ${LASTING}`,
  ],
  [
    "usernet-portmap-noicc",
    `${BRIDGE1} -o com.docker.network.bridge.enable_icc=false bridge1`,
    `${RUN} bridge1 -p 8080:80 ${LASTING}`,
  ],
  [
    "usernet-portmap-routed",
    `${BRIDGE1} -o com.docker.network.bridge.gateway_mode_ipv4=routed bridge1`,
    `${RUN} bridge1 -p 8080:80 ${LASTING}`,
  ],
  ["usernet-portmap-noproxy", `${BRIDGE1} bridge1`, `${RUN} bridge1 -p 8080:80 ${LASTING}`],
  [
    "usernet-internal",
    "docker network create -o com.docker.network.bridge.name=bridgeICC --internal --subnet 192.0.2.0/24 --gateway 192.0.2.1 icc",
    `${RUN} icc ${LASTING}`,
    "docker network create -o com.docker.network.bridge.name=bridgeNoICC -o com.docker.network.bridge.enable_icc=false --internal --subnet 198.51.100.0/24 --gateway 198.51.100.1 noicc",
    `docker run -d --name c2 --network noicc ${LASTING}`,
  ],
];

describeCorpus("moby's documents on the rules of release 28", "moby-iptablesdoc", ({ read }) => {
  test.each(DOCUMENTS)("%s", (document, ...commands) => {
    const lab = new DockerLab(
      "28",
      document.endsWith("noproxy") ? { daemon: { "userland-proxy": false } } : {},
    );
    for (const command of commands) lab.run(command);
    const tables = listings(read(`${document}.md`));
    expect(tables.size).toBeGreaterThan(1);
    for (const [table, { long, rules }] of tables) {
      expect(lab.run(`iptables -t ${table} -S`)).toBe(rules);
      if (long !== "")
        expect(lab.run(`iptables -t ${table} -vL --line-numbers`).trimEnd()).toBe(long.trimEnd());
    }
  });
});
