import { readFileSync } from "node:fs";
import { Lab } from "hopbook";
import { describe, expect, test } from "vitest";
import { logLines } from "./kernel-log.js";
import { seedSection } from "./seed.js";

const recording = (name: string) =>
  readFileSync(new URL(`../oracle/port-mapping/log-rules/${name}`, import.meta.url), "utf8");

const LOG_RULES = seedSection("3-4").filter((line) => line.includes("-j LOG"));

/** A lab with the seed's containers, port and five LOG rules. */
async function seedLab() {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  await client.script("echo outside > /srv/index.html");
  await docker01.script("docker run -t -d --name curl-container test-image");
  await docker01.script("docker run -t -d --name api-container -p 5000:5000 test-image");
  for (const rule of LOG_RULES) await docker01.script(rule);
  return lab;
}

interface Kind {
  readonly name: string;
  readonly machine?: "client";
  /** In the recording the server's end closes first, as its machine was slow: here the client's does. */
  readonly otherEndCloses?: true;
  /** Counters that hang on how many pieces docker-proxy read from the container: one in the recording, head and body here. */
  readonly raced?: readonly string[];
}

const KINDS: readonly Kind[] = [
  { name: "client-to-published", machine: "client", otherEndCloses: true },
  { name: "container-to-container" },
  { name: "container-to-outside" },
  { name: "host-localhost", raced: ["*filter :INPUT ACCEPT", "*filter :OUTPUT ACCEPT"] },
  { name: "host-own-address" },
  { name: "other-container-to-host-address" },
  { name: "self-hairpin" },
];

describe("the seed's five LOG rules", () => {
  test("are the five of the recording", () => {
    expect(LOG_RULES.map((line) => /"(.*): "/.exec(line)?.[1])).toEqual([
      "PREROUTING",
      "NAT DOCKER",
      "POSTROUTING",
      "FORWARD",
      "FILTER DOCKER",
    ]);
  });

  describe.each(KINDS)("$name", ({ name, machine, otherEndCloses, raced = [] }) => {
    async function ask() {
      const lab = await seedLab();
      const { docker01 } = lab.machines;
      await docker01.script("iptables -Z; iptables -t nat -Z; conntrack -F 2> /dev/null");
      const before = docker01.read("/var/log/kern.log").length;
      const [command = "", answer = ""] = recording(`${name}.cmd.txt`).split("\n");
      const said = await lab.machines[machine ?? "docker01"].script(command.replace(/^# /, ""));
      const log = docker01.read("/var/log/kern.log").slice(before);
      return { docker01, said, answer, log };
    }

    test("is answered; its packets are logged in the kernel's order with the kernel's fields", async () => {
      const { said, answer, log } = await ask();
      expect(said.stdout.replace(/[0-9a-f]{12}/, "ID")).toBe(`${answer.replace(/[0-9a-f]{12}/, "ID")}\n`);
      const ours = logLines(log);
      const recorded = logLines(recording(`${name}.kern.log`));
      const texts = (lines: typeof ours) => lines.map(({ text }) => text);
      expect(ours.length).toBe(recorded.length);
      if (otherEndCloses !== true) expect(texts(ours)).toEqual(texts(recorded));
      else {
        const end = recorded.findIndex(({ isFin }) => isFin);
        expect(texts(ours.slice(0, end))).toEqual(texts(recorded.slice(0, end)));
        expect(ours.slice(end).map(({ prefix, isFin }) => [prefix, isFin])).toEqual(
          recorded.slice(end).map(({ prefix, isFin }) => [prefix, isFin]),
        );
      }
    });

    test("counts on each rule and policy what the kernel counted", async () => {
      const { docker01 } = await ask();
      const ours = counters((await docker01.script("iptables-save -c")).stdout);
      const recorded = counters(recording(`${name}.iptables-save-c.txt`));
      if (otherEndCloses === true) for (const both of [ours, recorded]) mergeDirections(both);
      for (const counter of raced) for (const both of [ours, recorded]) both.delete(counter);
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(recorded));
    });
  });
});

/** Counters by rule and policy of nat and filter: `*raw` is in the recording only because it was used before. */
function counters(save: string): Map<string, string> {
  const found = new Map<string, string>();
  let table = "";
  for (const line of save.split("\n")) {
    if (line.startsWith("*")) table = line;
    if (table === "*raw" || table === "*mangle") continue;
    const [, rule] = /^\[(\d+:\d+)\]/.exec(line) ?? [];
    const [, chain, policy] = /^(:\S+ \S+) \[(\d+:\d+)\]$/.exec(line) ?? [];
    if (rule !== undefined) found.set(`${table} ${line.slice(rule.length + 3)}`, rule);
    // The recording's machine forwarded before dockerd started, so that dockerd left the policy of FORWARD alone.
    if (chain !== undefined)
      found.set(`${table} ${chain.replace("FORWARD DROP", "FORWARD ACCEPT")}`, policy!);
  }
  return found;
}

/** Who closes first sends one acknowledgement more: the two directions together count the same. */
function mergeDirections(found: Map<string, string>): void {
  const rules = [...found.keys()].filter((rule) =>
    /-A FORWARD (-o docker0 -m conntrack|-i docker0 ! -o)|-A DOCKER-ISOLATION-STAGE-(1 -i|2 -j)/.test(rule),
  );
  const [out = "", into = ""] = rules;
  const [a, b] = [out, into].map((rule) => found.get(rule)!.split(":").map(Number));
  found.set("both directions", `${a![0]! + b![0]!}:${a![1]! + b![1]!}`);
  for (const rule of rules) found.delete(rule);
}
