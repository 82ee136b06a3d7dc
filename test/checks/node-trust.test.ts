import { Lab } from "hopbook";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quoteWord } from "../../kernel-lib/src/base/command-line.js";
import { setDisplaySink } from "../../kernel-lib/src/base/display.js";
import type { PreparedTask } from "../../kernel-lib/src/lab/task/prepared-task.js";
import { Task } from "../../kernel-lib/src/lab/task/task.js";

const lab = Lab.preset("vxlan", { docker: "20.10" });
const prepared: PreparedTask = {
  ...{ assignment: "example", task: "chat", student: "ada", journal: lab.journal.toJSON() },
  ...{ facts: {}, hints: [], secret: {} },
};

let graded: Task<Record<string, unknown>>;
const type = async (line: string) => {
  const output = await graded.lab.machines["host-a"]!.script(line);
  return { status: output.status, text: `${output.text}\n${output.stderr}` };
};

beforeAll(async () => {
  setDisplaySink(() => undefined);
  graded = await Task.replay(prepared);
  await type("docker network create --subnet 172.18.0.0/16 chat-net");
  await type("docker run -d --name redis --net chat-net --ip 172.18.0.100 redis");
  await type("docker build -q -t chat-app /root");
});

afterAll(() => setDisplaySink(null));

const MARK = "globalThis.stranger = 1";
const REFUSED = "is not run: while a task is graded, node runs the book's own programs only";

/** In a container of the image `node`, whose files they are. */
const inside = (line: string) => `docker run --rm node:24 sh -c ${quoteWord(line)}`;

test.each([
  ["a program on the command line", `docker run --rm node:24 node -e '${MARK}'`],
  ["its value", `docker run --rm node:24 node -p '${MARK}'`],
  ["a program that a shell starts", inside(`node -e '${MARK}'`)],
  ["a file", inside(`echo '${MARK}' > /a.js; node /a.js`)],
  ["TypeScript", inside(`echo '${MARK}' > /a.ts; node /a.ts`)],
  ["a module", inside(`echo '${MARK}' > /a.mjs; node /a.mjs`)],
  ["a module's folder", inside(`mkdir -p /b; echo '${MARK}' > /b/index.js; node /b`)],
  [
    "what a build runs",
    `mkdir -p /root/c; printf 'FROM node:24\nRUN node -e "${MARK}"\n' > /root/c/Dockerfile; docker build /root/c`,
  ],
  [
    "a changed file of the chat",
    `cp -r /root /tmp/mine; echo '${MARK}' >> /tmp/mine/server.ts; docker build -q -t mine /tmp/mine && docker run --rm mine`,
  ],
  [
    "a changed package",
    `printf 'FROM chat-app\nRUN echo "${MARK}" > node_modules/ws/index.js; echo "${MARK}" > node_modules/ws/wrapper.mjs; sed -i s/main/x/ node_modules/ws/package.json\n' > /root/c/Dockerfile; docker build -q -t other /root/c && docker run --rm other`,
  ],
])("%s of a student's does not become JavaScript where it is graded", async (_what, line) => {
  const { status, text } = await type(line);
  expect(text).toContain(REFUSED);
  expect(status).not.toBe(0);
  expect("stranger" in globalThis).toBe(false);
});

test.each([
  ["js-exec", `js-exec -c '${MARK}'`],
  ["python3", "python3 -c 'print(1)'"],
  ["deno", `deno eval '${MARK}'`],
  ["sqlite3", "sqlite3 :memory: 'select 1'"],
  ["node", `node -e '${MARK}'`],
])("%s is no way round: the machines do not have it", async (_name, line) => {
  expect(await type(line)).toMatchObject({
    status: 127,
    text: expect.stringContaining("command not ") as string,
  });
});

test("the chat itself runs, with its packages", async () => {
  expect((await type("docker run -d --name chat-a --net chat-net -p 5000:5000 chat-app")).status).toBe(0);
  const alice = await graded.lab.machines.client!.webSocket("ws://192.168.56.101:5000/ws");
  alice.send(JSON.stringify({ name: "alice", text: "hello" }));
  await graded.lab.sleep(1e9);
  expect(alice.messages.map(({ text }) => text).join("\n")).toContain("hello");
  await graded.check.reaches(graded.lab.machines.client!, "http://192.168.56.101:5000/", { says: "<" });
});

test("in a student's own notebook node runs everything", async () => {
  const { text } = await lab.machines["host-a"].sh`docker run --rm node:24 node -p '6 * 7'`;
  expect(text).toBe("42");
});
