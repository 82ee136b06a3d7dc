import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { existingEnvironment, ownEnvironment, ownEnvironmentFolder } from "./jupyter-environment.js";

describe("the environment of JupyterLab", () => {
  it.each([
    ["a path that is not there", "/nowhere", "--existing: there is no /nowhere"],
    ["a folder without Python", tmpdir(), "is no Python environment"],
    ["a program that is no Python with JupyterLab", process.execPath, "has no JupyterLab (pip install"],
  ])("refuses %s", (_name, path, message) => {
    expect(() => existingEnvironment(path)).toThrow(message);
  });

  it("is where the user keeps what can be made again, or where HOPBOOK_JUPYTER says", () => {
    expect(ownEnvironmentFolder({ HOME: "/h" })).toMatch(/^\/h\/\.cache\/hopbook\/jupyterlab-4\.\d+\.\d+$/);
    expect(ownEnvironmentFolder({ HOME: "/h", HOPBOOK_JUPYTER: "/own" })).toBe("/own");
  });

  it("says that Python is missing, and leaves nothing behind", () => {
    const folder = mkdtempSync(join(tmpdir(), "hopbook-test-"));
    const prefix = join(folder, "own");
    try {
      const make = () => ownEnvironment(() => {}, "no-such-python", prefix);
      expect(make).toThrow("JupyterLab needs Python 3: there is no no-such-python here");
      expect(existsSync(prefix)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
