import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bytesOf, byteText } from "../../kernel-lib/src/apps/redis/byte-text.js";
import { RedisEngine } from "../../kernel-lib/src/apps/redis/engine.js";
import { readRdb } from "../../kernel-lib/src/apps/redis/server/rdb-read.js";
import { writeRdb } from "../../kernel-lib/src/apps/redis/server/rdb-write.js";
import { Random } from "../../kernel-lib/src/sim/random.js";
import { describeWith, hasProgram } from "../support/requirement.js";
import { redisLab } from "./scene.js";

const FAR = "4102444800000";
const LONG = "a long text ".repeat(40);

/** Values of every kind, small and large, with numbers of every width among them. */
const WRITES: readonly (readonly string[])[] = [
  ["set", "text", "hello, 世界"],
  ["set", "long", LONG],
  ["set", "number", "-70000"],
  ["set", "passing", "x", "pxat", FAR],
  [
    "rpush",
    "list",
    "a",
    "1",
    "-5",
    "300",
    "-5000",
    "70000",
    "-9000000",
    "5000000000",
    "007",
    "x".repeat(5000),
  ],
  ["rpush", "many", ...Array.from({ length: 3000 }, (_, i) => `item ${i}`)],
  ["sadd", "small-numbers", "1", "-2", "3"],
  ["sadd", "numbers", "100000", "-7"],
  ["sadd", "wide-numbers", "5000000000", "-7"],
  ["sadd", "words", "one", "two"],
  ["hset", "hash", "field", "value", "n", "12", "long", "y".repeat(60)],
  ["hset", "large-hash", "field", LONG],
  ["zadd", "scores", "1.5", "one", "-inf", "low", "3", "three", "inf", "high"],
  ["zadd", "large-scores", "0.1", "z".repeat(100)],
  ["xadd", "stream", "1-1", "name", "ann", "text", "hello"],
  ["xadd", "stream", "1-2", "name", "bob", "text", "42"],
  ["xadd", "stream", "7-0", "other", LONG],
  ["xadd", "stream", "8-3", "name", "-9000000000", "text", "x".repeat(300)],
  ...Array.from({ length: 250 }, (_, i) => ["xadd", "long-stream", `${1000 + i}-${i % 3}`, "n", String(i)]),
  ["xdel", "long-stream", "1003-0", "1249-0"],
  ["xgroup", "create", "stream", "readers", "0"],
  ["xgroup", "create", "stream", "idle", "$"],
  ["xreadgroup", "group", "readers", "al", "count", "2", "streams", "stream", ">"],
  ["xreadgroup", "group", "readers", "bo", "count", "1", "streams", "stream", ">"],
  ["xack", "stream", "readers", "1-2"],
  ["xadd", "emptied", "5-5", "a", "b"],
  ["xdel", "emptied", "5-5"],
  ["select", "3"],
  ["set", "elsewhere", "1"],
  ["select", "0"],
];

const READS: readonly (readonly string[])[] = [
  ["dbsize"],
  ["get", "text"],
  ["get", "long"],
  ["get", "number"],
  ["pexpiretime", "passing"],
  ["lrange", "list", "0", "-1"],
  ["lrange", "many", "0", "-1"],
  ["sort", "small-numbers"],
  ["sort", "numbers"],
  ["sort", "wide-numbers"],
  ["sort", "words", "alpha"],
  ["hgetall", "hash"],
  ["hgetall", "large-hash"],
  ["zrange", "scores", "0", "-1", "withscores"],
  ["zrange", "large-scores", "0", "-1", "withscores"],
  ["xrange", "stream", "-", "+"],
  ["xrange", "long-stream", "-", "+"],
  ["xlen", "long-stream"],
  ["xinfo", "groups", "stream"],
  ["xpending", "stream", "readers"],
  ["xadd", "emptied", "5-5", "a", "b"],
  ["xadd", "stream", "8-3", "a", "b"],
  ["xadd", "stream", "8-*", "a", "b"],
  ["xreadgroup", "group", "readers", "al", "streams", "stream", "0"],
  ["xreadgroup", "group", "readers", "bo", "streams", "stream", ">"],
  ["object", "encoding", "small-numbers"],
  ["object", "encoding", "hash"],
  ["object", "encoding", "large-hash"],
  ["object", "encoding", "large-scores"],
  ["select", "3"],
  ["get", "elsewhere"],
];

const request = (words: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from(`*${words.length}\r\n`),
    ...words.map((word) => Buffer.from(`$${Buffer.byteLength(word)}\r\n${word}\r\n`)),
  ]);

/** An engine and a client of it. */
function embedded() {
  const engine = new RedisEngine({ now: () => 1_800_000_000_000, random: new Random(1) });
  const client = engine.connect({ address: "127.0.0.1", port: 40_000, local: "127.0.0.1:6379" });
  let output = "";
  client.onOutput = (bytes) => {
    output += byteText(bytes);
  };
  const ask = (words: readonly string[]) => {
    output = "";
    client.receive(new Uint8Array(request(words)));
    return output;
  };
  return { engine, ask };
}

const REAL = { met: hasProgram("redis-server"), reason: "no redis-server on this machine" };

describeWith("dump.rdb goes between the lab's server and a real one", REAL, () => {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-dump-"));
  const file = join(folder, "dump.rdb");
  let server: ChildProcess | null = null;

  /** Starts a real server with the file; it must come up. */
  async function real() {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as { port: number };
    probe.close();
    server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder]);
    let log = "";
    for await (const chunk of server.stdout!) {
      log += chunk;
      if (log.includes("Ready to accept")) break;
    }
    expect(log).toContain("Ready to accept");
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    let output = "";
    socket.on("data", (bytes) => {
      output += byteText(bytes);
    });
    let questions = 0;
    /** The answer is all that comes before the answer to an ECHO. */
    const ask = async (words: readonly string[]) => {
      const mark = `answered ${questions++}`;
      const end = `$${mark.length}\r\n${mark}\r\n`;
      socket.write(Buffer.concat([request(words), request(["echo", mark])]));
      while (!output.endsWith(end)) await once(socket, "data");
      const answer = output.slice(0, -end.length);
      output = "";
      return answer;
    };
    const stop = async () => {
      const gone = once(server!, "exit");
      socket.write(request(["shutdown", "save"]));
      await gone;
      server = null;
    };
    return { ask, stop };
  }

  afterAll(() => {
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("a real server has from ours all that we had", async () => {
    const ours = embedded();
    for (const words of WRITES) expect(ours.ask(words)).not.toMatch(/^-/);
    writeFileSync(file, writeRdb(ours.engine));
    const theirs = await real();
    for (const words of READS) expect(await theirs.ask(words), words.join(" ")).toBe(ours.ask(words));
    await theirs.stop();
  });

  it("ours has from a real server all that it had", async () => {
    rmSync(file, { force: true });
    const before = await real();
    for (const words of WRITES) expect(await before.ask(words)).not.toMatch(/^-/);
    await before.stop();
    const ours = embedded();
    readRdb(ours.engine, new Uint8Array(readFileSync(file)));
    const after = await real();
    for (const words of READS) expect(ours.ask(words), words.join(" ")).toBe(await after.ask(words));
    await after.stop();
  });
});

it("a Redis with a stream stops when it is asked to, and has it at the next start", async () => {
  const { run, start, cli, lab } = await redisLab();
  await start();
  expect((await cli("xadd chat 1-1 name ann text 'good day'")).text).toBe("1-1");
  const from = lab.now;
  await run("docker stop redis");
  expect(lab.now - from).toBeLessThan(2e9);
  expect((await run("docker inspect -f '{{.State.ExitCode}}' redis")).text).toBe("0");
  await run("docker start redis");
  expect((await cli("xrange chat - +")).text).toBe("1-1\nname\nann\ntext\ngood day");
});

it("a Redis that cannot save goes on, and says why", async () => {
  const { run, start, cli } = await redisLab();
  await start();
  await cli("set a 1");
  await run("docker exec redis mkdir /data/dump.rdb");
  expect((await cli("shutdown")).text).toContain("ERR Errors trying to SHUTDOWN. Check logs.");
  const log = (await run("docker logs redis")).text.split("\n").slice(-2);
  expect(log.map((line) => line.slice(line.indexOf("#")))).toEqual([
    "# Error trying to save the DB, can't exit.",
    "# Errors trying to shut down the server. Check the logs for more information.",
  ]);
  expect((await cli("get a")).text).toBe("1");
});

it("a compressed text is read whole or refused", () => {
  const { engine } = embedded();
  const broken = bytesOf("REDIS0010\x00\x01a\xc3\x03\x05\x00x\xff\xff");
  expect(() => readRdb(engine, broken)).toThrow("Invalid LZF compressed string");
});
