import { describe, expect, it } from "vitest";
import { SHELL_CELLS } from "../support/shell-cells.js";
import { shownOutputs } from "../support/shown-outputs.js";
import { NOTEBOOKS, withKernel } from "./kernel-under-test.js";

const kernel = withKernel(NOTEBOOKS);

describe("cells that begin with %%sh or %%trace", () => {
  it("are bash on a machine of the lab, with its errors", async () => {
    for (const { source, shows } of SHELL_CELLS) {
      const { outputs } = await kernel().execute(source);
      expect(shownOutputs(outputs as never), source).toEqual(shows);
    }
  });

  it("of a machine that the lab has not are a type error", async () => {
    const { error } = await kernel().execute("%%sh docker09\nls");
    expect(error?.evalue).toContain('"docker09"');
  });
});
