import { describe, expect, it } from "vitest";
import { type Printed, WrittenOrder } from "./written-order.js";

const shown = (printed: readonly Printed[]) =>
  printed.map(({ stream, text }) => `${stream === "stdout" ? 1 : 2}:${text}`);

describe("the order of two streams", () => {
  it.each<[string, [1 | 2, string][], string, string, string[]]>([
    [
      "as written",
      [
        [2, "* a\n"],
        [1, "body\n"],
        [2, "* b\n"],
      ],
      "body\n",
      "* a\n* b\n",
      ["2:* a\n", "1:body\n", "2:* b\n"],
    ],
    [
      "a redirected stream is not waited for",
      [
        [1, "gone"],
        [2, "e\n"],
        [1, "x\n"],
      ],
      "x\n",
      "e\n",
      ["2:e\n", "1:x\n"],
    ],
    [
      "what a built-in printed comes first",
      [
        [1, "p\n"],
        [2, "e\n"],
      ],
      "echo\np\n",
      "e\n",
      ["1:echo\np\n", "2:e\n"],
    ],
    ["nothing is lost without a note", [], "o\n", "e\n", ["1:o\n", "2:e\n"]],
    ["empty", [], "", "", []],
  ])("%s", (_name, writes, stdout, stderr, expected) => {
    const order = new WrittenOrder();
    const streams = { 1: order.output("stdout"), 2: order.output("stderr") };
    for (const [stream, text] of writes) streams[stream].write(text);
    expect(shown(order.take({ stdout, stderr }))).toEqual(expected);
    expect(order.take({ stdout: "", stderr: "" })).toEqual([]);
  });
});
