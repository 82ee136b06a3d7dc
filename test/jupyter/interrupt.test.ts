import { describe, expect, it } from "vitest";
import type { ExecuteResult, KernelClient } from "../../kernel-lib/src/jupyter/client.js";
import type { JupyterMessage } from "../../kernel-lib/src/jupyter/message.js";
import { shown, withKernel } from "./kernel-under-test.js";

const kernel = withKernel();

/** Starts a cell that never ends and resolves, with the promise of its result, when the cell says that it runs. */
async function startEndless(client: KernelClient, code: string): Promise<{ done: Promise<ExecuteResult> }> {
  let running = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    running = resolve;
  });
  const onMessage = ({ header }: JupyterMessage): void => {
    if (header.msg_type === "stream") running();
  };
  const done = client.execute(`console.log("runs");\n${code}`, { timeoutSeconds: 30, onMessage });
  await Promise.race([started, done]);
  return { done };
}

describe("an endless cell", () => {
  const CELLS: [name: string, code: string][] = [
    ["at top level", "while (true) {}"],
    ["that catches everything", "for (;;) { try { for (;;) {} } catch {} }"],
    ["after an await", "await null;\nwhile (true) {}"],
    ["after an await of a timer", "await new Promise((done) => setTimeout(done, 1));\nwhile (true) {}"],
    ["in a timer", "setTimeout(() => { while (true) {} }, 1);\nawait new Promise(() => undefined);"],
    ["that waits for nothing", "await new Promise(() => undefined);"],
    ["whose value never comes", "new Promise(() => undefined)"],
  ];
  for (const how of ["signal", "message"] as const) {
    it.each(CELLS)(`%s is interrupted by ${how}`, async (_name, code) => {
      const { done } = await startEndless(kernel(), code);
      await kernel().interrupt(how);
      const result = await done;
      expect(shown(result.outputs)).toEqual([
        "stdout: runs\n",
        "error: Interrupted: the cell was interrupted",
      ]);
      expect(result.status).toBe("error");
      expect(shown((await kernel().execute('"alive"')).outputs)).toEqual(["execute_result: 'alive'"]);
    });
  }

  it("does not hold up the heartbeat's thread: the control channel answers", async () => {
    const { done } = await startEndless(kernel(), "while (true) {}");
    const info = await kernel().request("kernel_info_request", {}, "control");
    expect(info.content.status).toBe("ok");
    await kernel().interrupt();
    expect((await done).error?.ename).toBe("Interrupted");
  });

  it("ends with a message of its own when it takes too long", async () => {
    const late = kernel().execute("while (true) {}", { timeoutSeconds: 0.2 });
    await expect(late).rejects.toThrow("the cell ran longer than 0.2 s");
    expect(shown((await kernel().execute("1")).outputs)).toEqual(["execute_result: 1"]);
  });

  it("keeps the variables of the cells before", async () => {
    await kernel().execute("const kept = 12;");
    const { done } = await startEndless(kernel(), "await null; while (true) {}");
    await kernel().interrupt("message");
    await done;
    expect(shown((await kernel().execute("kept")).outputs)).toEqual(["execute_result: 12"]);
  });
});

describe("an interrupt with nothing to interrupt", () => {
  it("changes nothing", async () => {
    await kernel().interrupt("message");
    expect(shown((await kernel().execute("2")).outputs)).toEqual(["execute_result: 2"]);
    // A signal travels by itself: it may still meet the cell that is sent right after it, but never one after that.
    await kernel().interrupt();
    await kernel().execute("await new Promise((done) => setTimeout(done, 300))");
    expect(shown((await kernel().execute("3")).outputs)).toEqual(["execute_result: 3"]);
  });
});
