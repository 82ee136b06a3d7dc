import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { notebookCells, printedBy, sourceOf } from "../support/executed-notebook.js";

const cells = notebookCells("04-swarm-ingress");
const code = cells.filter(({ cell_type }) => cell_type === "code");

/** What the cell with this piece of code printed. */
function output(piece: string): string {
  const cell = code.find((one) => sourceOf(one).includes(piece));
  if (cell === undefined) throw new Error(`no cell has: ${piece}`);
  return printedBy(cell);
}

/** A line of a listing without what chance decides, and without a seed's remark in brackets. */
function plain(line: string): string {
  return line
    .replace(/（.*$/, "")
    .trimEnd()
    .replace(/^\d+: /, "N: ")
    .replace(/@if\d+/, "@ifN")
    .replace(/\bveth[0-9a-f]{7}\b/, "VETH")
    .replace(/8000\.[0-9a-f]{12}/, "8000.MAC")
    .replace(/(127\.0\.0\.11:)\d+/, "$1PORT")
    .replace(/(--sport )\d+(?= -j SNAT --to-source :53)/, "$1PORT")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const shown = new Set(code.map(printedBy).join("\n").split("\n").map(plain));

/** Two rules of seed 002 that its own DNAT rules contradict: there 172.17.0.2 has port 80, and 172.17.0.3 port 8080. */
const CONTRADICTED = /-s 172\.17\.0\.(3\/32 .* --dport 80|2\/32 .* --dport 8080) -j MASQUERADE/;

describe("chapter 4 has the listings of its seeds", () => {
  it.each(["000", "002", "003"])("every rule, device, address and bridge of seed %s", (seed) => {
    const lines = readFileSync(new URL(`../oracle/seeds/${seed}.txt`, import.meta.url), "utf8").split("\n");
    const listed = lines.filter((line) =>
      /^(-A |\d+: \S+: <| +inet |docker0\s+8000|docker_gwbridge\s+8000|br0\s+8000)/.test(line),
    );
    expect(listed.length).toBeGreaterThan(20);
    expect(
      [...new Set(listed.map(plain))].filter((line) => !CONTRADICTED.test(line) && !shown.has(line)),
    ).toEqual([]);
  });
});

describe("chapter 4 says what its cells show", () => {
  it.each([
    ["docker swarm init", "docker swarm join"],
    ["docker service ps helloworld`", "helloworld.2"],
    ["const overlay", "inet 10.255.0.1/16"],
    ["for i in 1 2 3 4; do curl -s http://192.168.56.101/; done", "Hello, "],
    ["const syn", "destination 192.168.56.101:80 → 172.18.0.2:80"],
    ["const syn", "mark 0x0 → 0x100"],
    ["const syn", "TTL 63 → 62"],
    ["const syn", ":80 by masq"],
    ["const syn", "-j SNAT --to-source 10.255.0.3"],
    ["const syn", "into VXLAN 4096"],
    ["const syn", "-j REDIRECT --to-ports 8000"],
    ["const answer", "(the connection remembers it)"],
    ["ip neigh\n", "PERMANENT"],
    ["--replicas=1 -p 81:80 nginx", "10.255.0.3 - - [21/Nov/2026"],
    ["mode=host,published=81", "192.168.56.1 - - [21/Nov/2026"],
    ["const two", "2 replicas: helloworld.1 on docker03 300, helloworld.2 on docker01 300"],
    ["const two", "helloworld.4 on docker03 120"],
    ["scale -d helloworld=2", "Masq    0      0"],
    ["const partly", "(no answer)"],
    ["const lost", "-i enp0s8 -p udp -m udp --dport 4789 -j DROP"],
    [
      "--endpoint-mode dnsrr -p 82",
      "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
    ],
    ["telnet localhost 80", "<h1>Host: "],
  ])("%s: %s", (piece, words) => expect(output(piece)).toContain(words));

  it("keeps clients from the log by SNAT, and not one request fails in a drain", () => {
    expect(output("--replicas=1 -p 81:80 nginx")).not.toContain("192.168.56.1 ");
    expect(output("const drained")).toContain("no answer 0");
    expect(output("tasks.api").match(/Address: 10\.0\.0\.\d+/g)).toHaveLength(3);
  });
});
