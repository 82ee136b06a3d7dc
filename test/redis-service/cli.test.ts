import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeWith, hasProgram } from "../support/requirement.js";
import { redisLab } from "./scene.js";

const recording = fileURLToPath(new URL("../oracle/redis/redis-cli.json", import.meta.url));

/** Command lines of redis-cli, one a line, what follows ` < ` being standard input with `\n` for line ends. */
const CASES = readFileSync(new URL("./cli-cases.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

function shellLine(program: string, text: string, port: number): string {
  const [words = "", input] = text.split(" < ");
  const line = `${program} ${words.replace("PORT", String(port))}`;
  return input === undefined ? `${line} < /dev/null` : `printf '${input.replace(/'/g, "")}' | ${line}`;
}

async function realAnswers(): Promise<Record<string, Answer>> {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as { port: number };
  free.close();
  const server = spawn("redis-server", ["--port", String(port), "--save", "", "--bind", "127.0.0.1"]);
  try {
    for await (const chunk of server.stdout) if (String(chunk).includes("Ready to accept")) break;
    const answers = CASES.map((text): [string, Answer] => {
      const line = shellLine(`redis-cli -p ${port}`, text, port);
      const { stdout, stderr, status } = spawnSync("bash", ["-c", line], { encoding: "utf8" });
      return [text, { stdout, stderr, status: status ?? -1 }];
    });
    return Object.fromEntries(answers);
  } finally {
    server.kill("SIGKILL");
  }
}

const recorded = (): Record<string, Answer> => JSON.parse(readFileSync(recording, "utf8"));

describeWith(
  "redis-cli 7 prints what was recorded",
  { met: hasProgram("redis-server"), reason: "no redis-server on this machine" },
  () => {
    it("for each command line", async () => {
      const answers = await realAnswers();
      if (process.env.HOPBOOK_RECORD === "1")
        writeFileSync(recording, `${JSON.stringify(answers, null, 1)}\n`);
      expect(answers).toEqual(recorded());
    });
  },
);

describe("the lab's redis-cli prints what the real one prints", () => {
  it("for each command line", async () => {
    const { lab, start } = await redisLab();
    await start();
    const answers: Record<string, Answer> = {};
    for (const text of CASES) {
      const line = shellLine("docker exec -i redis redis-cli", text, 6379);
      const { stdout, stderr, status } = await lab.machines.docker01.script(line);
      answers[text] = { stdout, stderr, status };
    }
    expect(answers).toEqual(recorded());
  });
});
