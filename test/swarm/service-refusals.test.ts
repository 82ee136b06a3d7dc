import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import { readRecording } from "../support/recording.js";

const recorded = (name: string) =>
  readRecording(readFileSync(new URL(`../oracle/swarm-commands/${name}`, import.meta.url), "utf8"));

/** What of the swarm a refused command could have changed. */
const STATE = "docker service ls; docker network ls; docker stack ls; docker node ls";

/** `docker service …` and `docker stack …` on the manager of three real nodes with Docker 20.10.24. */
describe("what Docker refuses of services and stacks, and their help texts", () => {
  let machine: Machine;

  beforeAll(() => {
    machine = Lab.preset("swarm", { docker: "20.10", seed: 7 }).machines.docker01;
  });

  const shown = async (command: string) => {
    const { stdout, stderr, status } = await machine.script(command);
    return `${stdout}${stderr.replace(/^(?=[\s\S])/gm, "! ")}${status === 0 ? "" : `= ${status}\n`}`;
  };

  it.each(recorded("refusals.txt"))("$command", async ({ command, text }) => {
    const before = await machine.script(STATE);
    expect(await shown(command)).toBe(text);
    expect((await machine.script(STATE)).text).toBe(before.text);
  });

  it.each(recorded("help.txt"))("$command", async ({ command, text }) => {
    expect(await shown(command)).toBe(text);
  });
});
