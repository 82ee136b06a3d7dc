import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** What the plain scripts beside the command export. */
interface Scripts {
  checkNode(version: string): string | null;
  installReason(root: string): string | null;
  buildReason(root: string): string | null;
  inOrder(steps: readonly (() => Promise<number>)[]): Promise<number>;
}

async function load(name: string): Promise<Scripts> {
  return (await import(
    new URL(`../../kernel-lib/bin/bootstrap/${name}.mjs`, import.meta.url).href
  )) as Scripts;
}

const { checkNode } = await load("node-version");
const { installReason, buildReason } = await load("freshness");
const { inOrder } = await load("run-step");

describe("checkNode", () => {
  it.each([
    ["20.19.0", true],
    ["20.20.2", true],
    ["22.0.0", true],
    ["24.1.0", true],
    ["20.18.9", false],
    ["18.20.4", false],
    ["9.0.0", false],
  ])("Node %s", (version, enough) => {
    const told = checkNode(version);
    if (enough) expect(told).toBeNull();
    else
      expect(told).toBe(
        `Hopbook needs Node 20.19 or newer; this is Node ${version}. Get one from https://nodejs.org/`,
      );
  });
});

describe("what has to be done again", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "hopbook-fresh-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Makes a file that was changed at this second. */
  const touch = (file: string, seconds: number) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
    utimesSync(join(root, file), seconds, seconds);
    utimesSync(dirname(join(root, file)), seconds, seconds);
  };

  it("installs when packages are missing, not linked, or older than the lock file", () => {
    touch("package-lock.json", 100);
    expect(installReason(root)).toBe("the packages are not installed");
    touch("node_modules/.package-lock.json", 200);
    expect(installReason(root)).toBe("the library is not linked into node_modules");
    touch("node_modules/hopbook/package.json", 50);
    expect(installReason(root)).toBeNull();
    touch("package-lock.json", 300);
    expect(installReason(root)).toBe("package-lock.json has changed");
  });

  it("builds when the library is missing or older than a source or an asset", () => {
    touch("kernel-lib/src/base/a.ts", 100);
    expect(buildReason(root)).toBe("the library is not built");
    touch("kernel-lib/dist/.built", 200);
    utimesSync(join(root, "kernel-lib/src"), 100, 100);
    expect(buildReason(root)).toBeNull();
    touch("assets/book/a.css", 300);
    expect(buildReason(root)).toBe("assets has changed");
  });
});

describe("inOrder", () => {
  it("stops at the first step that fails, with its status", async () => {
    const ran: number[] = [];
    const step = (status: number) => async () => {
      ran.push(status);
      return status;
    };
    expect(await inOrder([step(0), step(3), step(0)])).toBe(3);
    expect(ran).toEqual([0, 3]);
    expect(await inOrder([])).toBe(0);
  });
});
