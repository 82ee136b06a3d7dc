import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { normalise } from "../support/normalise.js";
import { recordedDialogue, replayed } from "./recorded-dialogue.js";

/**
 * What Docker 20.10 answered about networks of the user's own, one command after the other. Left out of the recording: a network on the bridge `docker0`, which
 * that dockerd takes over and then removes; the lab refuses the name. Default pools are given out in turn: the recording had used two more.
 */
const DIALOGUE = recordedDialogue("docker/user-networks.txt");

const steady = (command: string, text: string) => {
  const plain = normalise(text, { commandLine: false })
    .replace(/"Created": ".*"/, '"Created": "…"')
    .replace(/\bbr-[0-9a-f]{12}\b/g, "br-ID")
    .replace(/\b172\.(28|30)\./g, "172.N.")
    .replace(/time \d+ms/, "time T");
  // The daemon goes through a table without order.
  return command.includes("prune") ? plain.split("\n").sort().join("\n") : plain;
};

const LISTINGS =
  "ip link; ip -4 addr; ip route; iptables-save | grep -v '^[#:]'; docker network ls; docker network inspect $(docker network ls -q)";

/** Commands that only look. */
const READS = /^(docker (network (ls|inspect)|inspect|exec|ps)|ip) /;

test("user-defined networks answer as Docker 20.10 does, and a refusal changes nothing", async () => {
  const { docker01 } = Lab.preset("single", { docker: "20.10", seed: 7 }).machines;
  const listings = async () => (await docker01.script(LISTINGS)).stdout;
  let refused = 0;
  /** What the listings said after the last refusal; null when something has changed since. */
  let known: string | null = null;
  for (const { command, printed, status } of DIALOGUE) {
    const mayChange = status === 0 || / (rm|start|stop) /.test(command);
    const before: string | null = mayChange ? null : (known ?? (await listings()));
    // The recording's alpine is the test image under another name.
    const result = await replayed(docker01, command.replace(" alpine ", " test-image "));
    expect
      .soft(`$ ${command}\n${steady(command, result.printed)}[${result.status}]`)
      .toBe(`$ ${command}\n${steady(command, printed)}[${status}]`);
    if (!READS.test(command)) known = null;
    if (before === null) continue;
    refused++;
    known = await listings();
    expect.soft(known, command).toBe(before);
  }
  expect(refused).toBeGreaterThan(80);
});
