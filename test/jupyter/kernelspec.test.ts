import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import {
  findKernelspec,
  jupyterDataDirs,
  kernelInstall,
  userDataDir,
} from "../../kernel-lib/src/jupyter/kernelspec.js";
import { withFolder } from "./kernel-under-test.js";

const folder = withFolder();

describe("the kernelspec", () => {
  it.each([
    ["a prefix", () => ({ prefix: join(folder(), "env") }), "env/share/jupyter/kernels/hopbook"],
    ["a data folder", () => ({ path: join(folder(), "data") }), "data/kernels/hopbook"],
  ])("goes into %s, with a path relative to itself", (_name, options, place) => {
    const installed = kernelInstall(options());
    expect(installed).toBe(join(folder(), place));
    const spec = JSON.parse(readFileSync(join(installed, "kernel.json"), "utf8"));
    expect(spec).toMatchObject({
      display_name: "TypeScript (Hopbook)",
      language: "typescript",
      interrupt_mode: "signal",
    });
    const launcher = spec.argv.find((word: string) => word.includes("{resource_dir}"));
    expect(launcher).not.toContain("}//");
    expect(existsSync(resolve(launcher.replace("{resource_dir}", installed)))).toBe(true);
    expect(spec.argv.at(-1)).toBe("{connection_file}");
  });

  it("is found through JUPYTER_PATH", () => {
    const installed = kernelInstall({ path: join(folder(), "found") });
    expect(findKernelspec({ JUPYTER_PATH: join(folder(), "found"), HOME: folder() })).toBe(installed);
    expect(findKernelspec({ HOME: join(folder(), "nobody") })).toBeNull();
  });

  it("refuses a prefix and a path at once", () => {
    expect(() => kernelInstall({ prefix: "a", path: "b" })).toThrow(
      "give either a prefix or a path, not both",
    );
  });

  it("follows Jupyter's order of folders", () => {
    const environment = { JUPYTER_PATH: "/a:/b", JUPYTER_DATA_DIR: "/data" };
    expect(jupyterDataDirs(environment).slice(0, 3)).toEqual(["/a", "/b", "/data"]);
    if (process.platform === "linux") expect(userDataDir({ HOME: "/h" })).toBe("/h/.local/share/jupyter");
  });
});
