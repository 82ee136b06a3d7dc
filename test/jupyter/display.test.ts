import { describe, expect, it } from "vitest";
import { ROOT, withKernel } from "./kernel-under-test.js";

const kernel = withKernel(ROOT);
const IMPORT = 'import { display, DISPLAY } from "./kernel-lib/dist/base/display.js";\n';

/** The data of each output of a cell. */
async function bundles(code: string): Promise<unknown[]> {
  const { outputs, error } = await kernel().execute(code);
  expect(error).toBeNull();
  return outputs.map((output) => ("data" in output ? output.data : output));
}

describe("the value of a cell", () => {
  it("shows itself by its display method", async () => {
    const code = `({ [Symbol.for("Jupyter.display")]: () => ({ "image/svg+xml": "<svg/>", "text/plain": "a figure" }) })`;
    expect(await bundles(code)).toEqual([{ "image/svg+xml": "<svg/>", "text/plain": "a figure" }]);
  });

  it("gets a plain text when its method gives none, and bytes as base64", async () => {
    const code = `class Figure { readonly name = "f"; [Symbol.for("Jupyter.display")]() { return { "image/png": new Uint8Array([1, 2]) }; } }
new Figure()`;
    const [bundle] = await bundles(code);
    expect(bundle).toMatchObject({ "image/png": "AQI=", "text/plain": expect.stringContaining("Figure") });
  });

  it("may be made by the method later", async () => {
    const code = `({ async [Symbol.for("Jupyter.display")]() { return { "text/plain": "later" }; } })`;
    expect(await bundles(code)).toEqual([{ "text/plain": "later" }]);
  });

  it("whose method throws is an error of the cell", async () => {
    const code = `({ [Symbol.for("Jupyter.display")]() { throw new Error("no figure"); } })`;
    expect((await kernel().execute(code)).error).toMatchObject({ ename: "Error", evalue: "no figure" });
  });

  const PLAIN: [code: string, text: string][] = [
    ["[1, 'a', null]", "[ 1, 'a', null ]"],
    ['new Map([["a", 1]])', "Map(1) { 'a' => 1 }"],
    ["10n ** 20n", "100000000000000000000n"],
  ];
  it.each(PLAIN)("%s", async (code, text) => {
    expect(await bundles(code)).toEqual([{ "text/plain": text }]);
  });
});

describe("display", () => {
  it("shows in the middle of a cell, between its texts", async () => {
    const code = `${IMPORT}console.log("before"); display({ "text/plain": "now" }); console.log("after");`;
    const { outputs } = await kernel().execute(code);
    expect(outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "before\n" },
      { output_type: "display_data", data: { "text/plain": "now" }, metadata: {} },
      { output_type: "stream", name: "stdout", text: "after\n" },
    ]);
  });

  it("redraws the display with the same id in place", async () => {
    const code = `${IMPORT}for (let i = 0; i < 4; i++) display({ "text/plain": String(i) }, { id: "bar", update: i > 0 });`;
    const result = await kernel().execute(code);
    const types = result.messages
      .map(({ header }) => header.msg_type)
      .filter((type) => type.includes("display"));
    expect(types).toEqual(["display_data", ...Array(3).fill("update_display_data")]);
    expect(result.outputs).toEqual([
      { output_type: "display_data", data: { "text/plain": "3" }, metadata: {} },
    ]);
  });
});
