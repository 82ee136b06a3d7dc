import { describe, expect, it } from "vitest";
import type { ExecuteResult } from "../../kernel-lib/src/jupyter/client.js";
import { shown, withKernel } from "./kernel-under-test.js";

const kernel = withKernel();

const types = (result: ExecuteResult): string[] =>
  result.messages.map(({ header, content }) =>
    header.msg_type === "status" ? String(content.execution_state) : header.msg_type,
  );

describe("the order of messages", () => {
  const CASES: [code: string, types: string[], shown: string[]][] = [
    ["1 + 1", ["busy", "execute_input", "execute_result", "idle"], ["execute_result: 2"]],
    [
      'console.log("a"); console.error("b"); console.log("c"); "d"',
      ["busy", "execute_input", "stream", "stream", "stream", "execute_result", "idle"],
      ["stdout: a\n", "stderr: b\n", "stdout: c\n", "execute_result: 'd'"],
    ],
    [
      'console.log("before"); throw new Error("boom");',
      ["busy", "execute_input", "stream", "error", "idle"],
      ["stdout: before\n", "error: Error: boom"],
    ],
    ["undefined", ["busy", "execute_input", "idle"], []],
    ["const unused = 1;", ["busy", "execute_input", "idle"], []],
    ["null", ["busy", "execute_input", "execute_result", "idle"], ["execute_result: null"]],
    [
      "Promise.resolve([1, 2])",
      ["busy", "execute_input", "execute_result", "idle"],
      ["execute_result: [ 1, 2 ]"],
    ],
    ["", ["busy", "execute_input", "idle"], []],
  ];
  it.each(CASES)("%s", async (code, order, outputs) => {
    const result = await kernel().execute(code);
    expect(types(result)).toEqual(order);
    expect(shown(result.outputs)).toEqual(outputs);
  });

  it("counts executions, in the input, the result and the reply alike", async () => {
    const first = await kernel().execute("0");
    const second = await kernel().execute('"next"');
    expect(second.executionCount).toBe(first.executionCount! + 1);
    expect(second.messages[1]!.content).toEqual({ code: '"next"', execution_count: second.executionCount });
    expect(second.messages[2]!.content.execution_count).toBe(second.executionCount);
  });

  it("publishes nothing for a silent request and does not count it", async () => {
    const before = await kernel().execute("1");
    const silent = await kernel().execute('console.log("x"); 5', { silent: true });
    const after = await kernel().execute("1");
    expect(types(silent)).toEqual(["busy", "idle"]);
    expect(after.executionCount).toBe(before.executionCount! + 1);
  });

  it("does not count with store_history off, and shows the result", async () => {
    const before = await kernel().execute("1");
    const result = await kernel().execute("6 * 7", { storeHistory: false });
    expect(shown(result.outputs)).toEqual(["execute_result: 42"]);
    expect(result.executionCount).toBe(before.executionCount);
  });

  it("evaluates user expressions after the cell", async () => {
    const result = await kernel().execute("const base = 20;", {
      userExpressions: { twice: "base * 2", wrong: "missing" },
    });
    expect(result.reply.user_expressions).toMatchObject({
      twice: { status: "ok", data: { "text/plain": "40" } },
      wrong: { status: "error", ename: "TypeScriptError" },
    });
  });
});

describe("a lot of output", () => {
  it("keeps 20,000 lines, in few messages", async () => {
    const result = await kernel().execute('for (let i = 0; i < 20000; i++) console.log("line " + i);');
    const text = result.outputs
      .map((output) => (output.output_type === "stream" ? output.text : ""))
      .join("");
    expect(text).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(""));
    expect(result.messages.length).toBeLessThan(200);
    expect(result.messages.at(-1)!.content).toEqual({ execution_state: "idle" });
  });

  it("keeps 3,000 displays in order", async () => {
    const code = `import { display } from "./kernel-lib/dist/base/display.js";
for (let i = 0; i < 3000; i++) display({ "text/plain": String(i) });`;
    const result = await kernel().execute(code);
    expect(shown(result.outputs)).toEqual(Array.from({ length: 3000 }, (_, i) => `display_data: ${i}`));
  });

  it("sends output while a loop still runs", async () => {
    const seen: string[] = [];
    const code = 'for (;;) console.log("on");';
    const running = kernel().execute(code, { onMessage: ({ header }) => seen.push(header.msg_type) });
    await expect.poll(() => seen.filter((type) => type === "stream").length).toBeGreaterThan(1);
    await kernel().interrupt("message");
    expect((await running).error?.ename).toBe("Interrupted");
  });
});

describe("queued requests", () => {
  it("are aborted behind a failure, others than executions answered", async () => {
    const failing = kernel().execute(
      "await new Promise((done) => setTimeout(done, 50)); throw new Error('stop');",
    );
    const queued = [kernel().execute("1"), kernel().execute("2")];
    const info = kernel().request("kernel_info_request", {});
    expect((await failing).status).toBe("error");
    expect((await Promise.all(queued)).map((result) => result.status)).toEqual(["aborted", "aborted"]);
    expect((await info).content.status).toBe("ok");
    expect((await kernel().execute("3")).status).toBe("ok");
  });

  it("run when stop_on_error is false", async () => {
    const failing = kernel().execute("throw new Error('go on');", { stopOnError: false });
    const queued = kernel().execute("7");
    expect((await failing).status).toBe("error");
    expect(shown((await queued).outputs)).toEqual(["execute_result: 7"]);
  });
});

describe("the other requests", () => {
  const CASES: [type: string, content: Record<string, unknown>, reply: Record<string, unknown>][] = [
    ["kernel_info_request", {}, { status: "ok", protocol_version: "5.3", implementation: "hopbook" }],
    ["history_request", { hist_access_type: "tail", n: 10 }, { status: "ok", history: [] }],
    ["comm_info_request", {}, { status: "ok", comms: {} }],
    ["is_complete_request", { code: "1 + 1" }, { status: "complete" }],
    ["is_complete_request", { code: "function f() {" }, { status: "incomplete", indent: "  " }],
    ["debug_request", {}, { status: "error", evalue: "debug_request is not supported here" }],
  ];
  it.each(CASES)("%s %j", async (type, content, reply) => {
    expect((await kernel().request(type, content)).content).toMatchObject(reply);
  });
});
