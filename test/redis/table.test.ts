import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitArguments } from "../../kernel-lib/src/apps/redis/split-arguments.js";
import { serveRedis } from "../../kernel-lib/src/cli/redis-loopback.js";
import { describeWith } from "../support/requirement.js";
import { RawClient } from "./support/raw-client.js";
import { unordered } from "./support/reply-text.js";
import { REAL_REDIS, realRedis, type Server } from "./support/servers.js";
import { type Line, readRecording, recordingFile, TABLES } from "./support/table.js";

/** Answers of a server to a table's commands, over loopback, from an empty database on. */
async function answers(port: number, version: 2 | 3, lines: readonly Line[]): Promise<string[]> {
  const client = await RawClient.open(port, version);
  await client.send(["FLUSHALL"]);
  const replies = await Promise.all(lines.map(({ command }) => client.send(splitArguments(command)!)));
  client.close();
  return replies;
}

/** Each command beside its answer, so that a difference says where it is. */
function listed(lines: readonly Line[], replies: readonly string[]): string[] {
  return lines.map(
    ({ command, unordered: free }, i) => `${command} → ${free ? unordered(replies[i]!) : replies[i]}`,
  );
}

const cases = TABLES.flatMap((table) => ([2, 3] as const).map((version) => ({ ...table, version })));

function recorded(name: string, version: 2 | 3): string[] {
  return readRecording(name).map(({ resp2, resp3 }) => (version === 2 ? resp2 : resp3));
}

describe("the table", () => {
  it("has more than 600 commands, a third of which are wrong", () => {
    const all = TABLES.flatMap(({ name }) => readRecording(name));
    const wrong = all.filter(({ resp2 }) => /^-/.test(resp2));
    expect(all.length).toBeGreaterThan(600);
    expect(wrong.length).toBeGreaterThan(200);
    expect(wrong.filter(({ resp2 }) => resp2.startsWith("-WRONGTYPE")).length).toBeGreaterThan(20);
  });
});

describe("the embedded server answers as redis-server 7.0.15 has answered", () => {
  let server: Server;
  beforeAll(async () => {
    server = await serveRedis();
  });
  afterAll(() => server.close());

  it.each(cases)("$name, RESP$version", async ({ name, lines, version }) => {
    const replies = await answers(server.port, version, lines);
    expect(listed(lines, replies)).toEqual(listed(lines, recorded(name, version)));
  });
});

describeWith("redis-server answers as it was recorded", REAL_REDIS, () => {
  let server: Server;
  beforeAll(async () => {
    server = await realRedis();
    if (process.env.HOPBOOK_RECORD === "1") for (const { name, lines } of TABLES) await record(name, lines);
  });
  afterAll(() => server.close());

  async function record(name: string, lines: readonly Line[]): Promise<void> {
    const resp2 = await answers(server.port, 2, lines);
    const resp3 = await answers(server.port, 3, lines);
    const rows = lines.map(({ command }, i) =>
      JSON.stringify(resp2[i] === resp3[i] ? [command, resp2[i]] : [command, resp2[i], resp3[i]]),
    );
    mkdirSync(dirname(recordingFile(name)), { recursive: true });
    writeFileSync(recordingFile(name), `${rows.join("\n")}\n`);
  }

  it.each(cases)("$name, RESP$version", async ({ name, lines, version }) => {
    const replies = await answers(server.port, version, lines);
    expect(listed(lines, replies)).toEqual(listed(lines, recorded(name, version)));
  });
});
