import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { ShellSession } from "../../kernel-lib/src/tools/shell/session.js";

/** What each line prints on both streams; the first lines are not shown. */
async function play(lines: readonly string[], before: readonly string[] = []): Promise<string[]> {
  const session = new ShellSession(Lab.preset("single", { seed: 3 }).machines.docker01.host);
  for (const line of before) await session.run(line);
  const printed: string[] = [];
  for (const line of lines) {
    const { stdout, stderr } = await session.run(line);
    printed.push(stdout + stderr);
  }
  return printed;
}

const NAMESPACE = ["ip netns add c2", "ip netns exec c2 ip link set lo up"];
const SERVER = "echo pong | ip netns exec c2 nc -u -l -p 9000 > f 2>&1";

test("a server behind a pipe waits in the background, answers, and is killed", async () => {
  const lines: readonly (readonly [line: string, printed: string])[] = [
    [`${SERVER} & sleep 0.2`, ""],
    ["jobs", `[1]+  Running                 ${SERVER} &\n`],
    ["echo ping | ip netns exec c2 nc -u -w 1 127.0.0.1 9000", "pong\n"],
    ["cat f", "ping\n"],
    ["kill %1; wait", ""],
    ["jobs", ""],
  ];
  const printed = await play(
    lines.map(([line]) => line),
    NAMESPACE,
  );
  expect(printed).toEqual(lines.map(([, text]) => text));
});

const ROWS: readonly (readonly [what: string, lines: readonly string[], printed: string])[] = [
  [
    "a TCP server takes its answer from a pipe",
    ["echo pong | nc -l -p 9001 & sleep 0.2", 'echo hi | nc -N 127.0.0.1 9001; wait; echo "[$?]"'],
    "pong\nhi\n[0]\n",
  ],
  [
    "a killed pipeline starts nothing more",
    ["sleep 100 | sleep 200 &", "sleep 0.1; jobs; kill %1; sleep 0.1; jobs; wait"],
    "[1]+  Running                 sleep 100 | sleep 200 &\n",
  ],
  ["text tools on both sides", ["echo a b c | tr a-z A-Z & wait"], "A B C\n"],
  [
    "a killed loop ends",
    ["while true; do sleep 1; hostname >> y; done & sleep 3.5; kill %1; sleep 3", "wc -l < y"],
    "3\n",
  ],
];

test.each(ROWS)("%s", async (_what, lines, printed) => {
  expect((await play(lines)).join("")).toBe(printed);
});

test("a program behind a command that goes on in the background is refused", async () => {
  const printed = await play([
    "tcpdump -l -n -i lo | ip link",
    "ping -c 1 -q 127.0.0.1 > /dev/null",
    "kill %1; sleep 0.1",
  ]);
  expect(printed.at(-1)).toContain(
    "bash: ip: is not supported here behind a command that goes on in the background\n",
  );
});
