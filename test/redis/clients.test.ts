import { spawn } from "node:child_process";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, byteText } from "../../kernel-lib/src/apps/redis/byte-text.js";
import { splitArguments } from "../../kernel-lib/src/apps/redis/split-arguments.js";
import { serveRedis } from "../../kernel-lib/src/cli/redis-loopback.js";
import { describeWith } from "../support/requirement.js";
import { playback, REAL_REDIS, realRedis, type Server } from "./support/servers.js";
import { type Line, readRecording, TABLES } from "./support/table.js";

const FLUSH: Line = { command: "FLUSHALL", unordered: false };

/** What ioredis makes of each answer, or its error. */
async function byIoredis(port: number, protocol: 2 | 3, lines: readonly Line[]): Promise<unknown[]> {
  const redis = new Redis({
    port,
    protocol,
    enableReadyCheck: false,
    disableClientInfo: true,
    lazyConnect: true,
  });
  await redis.connect();
  const results = await Promise.all(
    [FLUSH, ...lines].map(async ({ command, unordered }) => {
      const [name = "", ...args] = splitArguments(command)!.map(word);
      try {
        const result = plain(await redis.callBuffer(String(name), ...args));
        return [command, unordered ? [result].flat(Infinity).sort() : result];
      } catch (error) {
        return [command, String(error)];
      }
    }),
  );
  redis.disconnect();
  return results;
}

/** A word that is not ASCII goes as bytes; the others as text, since ioredis takes a buffer behind HSET for a list. */
function word(text: string): string | Buffer {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(bytesOf(text));
}

/** Bytes as text, so that results can be compared and read. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return byteText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return { map: [...value].map(plain) };
  if (value instanceof Set) return { set: [...value].map(plain) };
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** What redis-cli prints for commands on its standard input. */
function byRedisCli(port: number, options: readonly string[], lines: readonly Line[]): Promise<string> {
  const child = spawn("redis-cli", ["-p", String(port), ...options]);
  let output = "";
  child.stdout.setEncoding("latin1").on("data", (text) => {
    output += text;
  });
  child.stdin.end(lines.map(({ command }) => `${command}\n`).join(""));
  return new Promise((resolve) => child.once("close", () => resolve(output)));
}

let embedded: Server;
beforeAll(async () => {
  embedded = await serveRedis();
});
afterAll(() => embedded.close());

describe("ioredis has from the embedded server what redis-server has answered", () => {
  const cases = TABLES.flatMap((table) => ([2, 3] as const).map((protocol) => ({ ...table, protocol })));

  it.each(cases)("$name, RESP$protocol", async ({ name, lines, protocol }) => {
    const replies = readRecording(name).map(({ command, resp2, resp3 }) => ({
      command,
      reply: protocol === 2 ? resp2 : resp3,
    }));
    const recording = await playback([{ command: "FLUSHALL", reply: "+OK\r\n" }, ...replies]);
    const expected = await byIoredis(recording.port, protocol, lines);
    await recording.close();
    expect(await byIoredis(embedded.port, protocol, lines)).toEqual(expected);
  });
});

describeWith("clients have from the embedded server what they have from redis-server", REAL_REDIS, () => {
  let real: Server;
  beforeAll(async () => {
    real = await realRedis();
  });
  afterAll(() => real.close());

  it.each(TABLES)("redis-cli: $name", async ({ lines }) => {
    const ordered = [FLUSH, ...lines.filter(({ unordered }) => !unordered)];
    for (const options of [[], ["--no-raw"], ["-3", "--no-raw"], ["--csv"], ["--json"]]) {
      const expected = await byRedisCli(real.port, options, ordered);
      expect(await byRedisCli(embedded.port, options, ordered)).toBe(expected);
    }
  });

  it.each(TABLES)("ioredis: $name", async ({ lines }) => {
    const expected = await byIoredis(real.port, 3, lines);
    expect(await byIoredis(embedded.port, 3, lines)).toEqual(expected);
  });
});
