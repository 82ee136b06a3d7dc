import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/** Wrong commands for redis-cli and redis-server, with what those of 7.0.15 said: standard output, then the error output, then the status. */
const recorded = [
  ...readFileSync(new URL("recorded/redis.txt", import.meta.url), "utf8").matchAll(
    /^\$ (.*)\n([\s\S]*?\[\d+\]\n)/gm,
  ),
].map(([, command, text]) => ({ command: command!, text: text! }));

describe("a refused command of Redis says what the real one says, and changes nothing", () => {
  const { docker01 } = Lab.preset("single", { docker: "20.10", seed: 3 }).machines;
  docker01.docker.run("redis", { name: "redis" });
  const state = async () =>
    (await docker01.script("docker exec redis redis-cli dbsize; docker ps -q")).stdout;

  it.each(recorded)("$command", async ({ command, text }) => {
    const before = await state();
    await docker01.script(
      `docker exec redis ${command} > /tmp/out 2> /tmp/err < /dev/null; echo "[$?]" > /tmp/status`,
    );
    const said = ["out", "err", "status"].map((name) => docker01.read(`/tmp/${name}`)).join("");
    expect(said).toBe(text);
    expect(await state()).toBe(before);
  });
});
