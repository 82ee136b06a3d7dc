import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realRedis } from "hopbook/gateway";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { main } from "../../kernel-lib/src/cli/main.js";
import { describeWith, hasProgram } from "../support/requirement.js";
import { redisLab } from "./scene.js";

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

const real = { met: hasProgram("redis-server"), reason: "no redis-server on this machine" };

describeWith("a real redis-server joined to the lab", real, () => {
  let server: ReturnType<typeof spawn>;
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    server = spawn("redis-server", ["--port", String(port), "--save", "", "--bind", "127.0.0.1"]);
    for await (const chunk of server.stdout!) if (String(chunk).includes("Ready to accept")) break;
  });
  afterAll(() => {
    server.kill("SIGKILL");
  });

  it("answers the lab's clients, and tells a publisher's words to a listener", async () => {
    const scene = await redisLab();
    const connector = await realRedis("127.0.0.1", port);
    scene.lab.gateway("redis", connector);
    try {
      await scene.start();
      expect((await scene.run("docker logs redis")).text).toContain(
        `leads to the real server at 127.0.0.1:${port}`,
      );
      expect(await scene.cli("set greeting 'hello world'")).toMatchObject({ text: "OK", status: 0 });
      expect(await scene.run("docker exec -t redis redis-cli get greeting")).toMatchObject({
        text: '"hello world"',
      });
      expect((await scene.run("docker run --rm redis redis-cli -h 172.17.0.2 strlen greeting")).text).toBe(
        "11",
      );
      await scene.run("docker run -d --name ear redis redis-cli -h 172.17.0.2 subscribe news");
      expect((await scene.cli("publish news one")).text).toBe("1");
      expect((await scene.cli("publish news two")).text).toBe("1");
      expect((await scene.run("docker logs ear")).text.split("\n")).toEqual(
        "subscribe news 1 message news one message news two".split(" "),
      );
      const large = "x".repeat(100_000);
      expect((await scene.run(`printf ${large} | docker exec -i redis redis-cli -x set large`)).text).toBe(
        "OK",
      );
      expect((await scene.cli("strlen large")).text).toBe("100000");
      expect((await scene.cli("get large")).text).toBe(large);
    } finally {
      connector.close();
    }
  });

  it("refuses a typed call, which cannot wait for it", async () => {
    const scene = await redisLab();
    const connector = await realRedis("127.0.0.1", port);
    scene.lab.gateway("redis", connector);
    try {
      await scene.start();
      expect(() => scene.lab.machines.docker01.exec("docker exec redis redis-cli ping")).toThrow(/sh/);
      expect((await scene.cli("ping")).text).toBe("PONG");
    } finally {
      connector.close();
    }
  });

  it("is given to a shell by --gateway, and keeps what a script wrote there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hopbook-gateway-"));
    const script = join(folder, "script.sh");
    writeFileSync(
      script,
      "docker run -d --name redis redis > /dev/null\ndocker exec redis redis-cli set shell 'was here'\ndocker exec redis redis-cli get shell\n",
    );
    const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      await main(["node", "hopbook", "shell", "--gateway", `redis=127.0.0.1:${port}`, script]);
      expect(printed.mock.calls.map(([text]) => String(text)).join("")).toBe("OK\nwas here\n");
    } finally {
      printed.mockRestore();
      rmSync(folder, { recursive: true });
    }
    expect(process.exitCode).toBe(0);
    const answer = spawnSync("redis-cli", ["-p", String(port), "get", "shell"], { encoding: "utf8" });
    expect(answer.stdout).toBe("was here\n");
  });

  it("says when nobody listens there", async () => {
    await expect(realRedis("127.0.0.1", await freePort())).rejects.toThrow(
      /no Redis at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    );
  });
});
