import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import { readRecording } from "../support/recording.js";

/**
 * Commands that must be refused, with what the real tools print: iproute2 6.1, bridge-utils 1.7, net-tools 2.10, iputils 20221126, curl 7.88, wget 1.21,
 * tcpdump 4.99, procps 4.0 and coreutils 9.1 in a network namespace with the addresses of the lab (where the recorder's newer kernel explains more than 6.1 does, the older words). Docker's refusals:
 * `test/docker/refusals.test.ts`; more of the others: `test/tools/`, `test/http/`, `test/web/`.
 */
const recorded = readRecording(readFileSync(new URL("recorded/tools.txt", import.meta.url), "utf8"));

/** What the lab's operator can see of its state, without what only time changes. */
const STATE = [
  "ip addr",
  "ip link",
  "ip route",
  "ip neigh",
  "bridge fdb",
  "docker ps -a --no-trunc --format '{{.ID}} {{.Image}} {{.Command}} {{.Ports}} {{.Names}} {{.State}} {{.Networks}}'",
  "docker network ls --no-trunc",
  "docker images -q --no-trunc",
  "iptables-save | grep -v '^#' | sed 's/\\[.*\\]//'",
  "ls /tmp /root /sys/class/net",
];

async function stateOf(machine: Machine): Promise<string> {
  const shown: string[] = [];
  for (const line of STATE) shown.push((await machine.script(line)).text);
  return shown.join("\n");
}

describe("a refused command says what the real tool says, and leaves the lab as it was", () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = Lab.preset("single", { docker: "20.10", seed: 7 }).machines.docker01;
    await machine.script("docker run -d --name aa test-image; sleep 5");
  });

  it.each(recorded)("$command", async ({ command, text }) => {
    const before = await stateOf(machine);
    const { stdout, stderr, status } = await machine.script(command);
    const shown = `${stdout}${stderr.replace(/^(?=[\s\S])/gm, "! ")}${status === 0 ? "" : `= ${status}\n`}`;
    expect(shown).toBe(text);
    expect(await stateOf(machine)).toBe(before);
  });
});
