import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildBook } from "../../kernel-lib/src/book/build.js";
import { type BuildStep, printProgress } from "../../kernel-lib/src/book/progress.js";
import { copySample, sampleOptions } from "./fixtures/sample-book.js";

let root: string;
let remove: () => void;
beforeEach(() => {
  ({ root, remove } = copySample());
});
afterEach(() => remove());

const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("buildBook", () => {
  it("makes notebooks and pages, and tells each step", async () => {
    const steps: BuildStep[] = [];
    const result = await buildBook({ ...sampleOptions(root), onProgress: (step) => steps.push(step) });
    expect(result.ran).toEqual(["01-sample", "02-second"]);
    expect(readdirSync(join(root, "dist/book")).sort()).toEqual([
      "01-sample-lab.journal.json",
      "01-sample-lab.sh",
      "01-sample-trace.pcapng",
      "01-sample.html",
      "01-sample.ipynb",
      "02-second.html",
      "02-second.ipynb",
      "assets",
      "fingerprints.json",
      "glossary.html",
      "index.html",
    ]);
    expect(read("dist/book/01-sample.ipynb")).toBe(read("notebooks/01-sample.ipynb"));
    expect(steps[0]).toEqual({ kind: "read", chapter: "01-sample" });
    expect(steps).toContainEqual({ kind: "run", chapter: "01-sample", done: 8, total: 8 });
    expect(steps.at(-1)).toEqual({ kind: "write", pages: 4 });
  });

  it("runs nothing again while nothing changed, and gives the same bytes", async () => {
    await buildBook(sampleOptions(root));
    const before = [read("dist/book/01-sample.html"), read("notebooks/01-sample.ipynb")];
    const stamp = statSync(join(root, "notebooks/01-sample.ipynb")).mtimeMs;
    const again = await buildBook(sampleOptions(root));
    expect(again.ran).toEqual([]);
    expect(statSync(join(root, "notebooks/01-sample.ipynb")).mtimeMs).toBe(stamp);
    const forced = await buildBook({ ...sampleOptions(root), force: true });
    expect(forced.ran).toEqual(["01-sample", "02-second"]);
    expect([read("dist/book/01-sample.html"), read("notebooks/01-sample.ipynb")]).toEqual(before);
  });

  it("runs a chapter again when its cells, its outputs or the library changed", async () => {
    await buildBook(sampleOptions(root));
    const path = "chapters/02-second/chapter.md";
    writeFileSync(join(root, path), read(path).replace("1 + 1", "1 + 1;"));
    expect((await buildBook(sampleOptions(root))).ran).toEqual(["02-second"]);
    writeFileSync(
      join(root, "notebooks/01-sample.ipynb"),
      read("notebooks/01-sample.ipynb").replace("3f4e9d", "000000"),
    );
    expect((await buildBook(sampleOptions(root))).ran).toEqual(["01-sample"]);
    mkdirSync(join(root, "library"));
    writeFileSync(join(root, "library/index.js"), "export {};");
    expect((await buildBook(sampleOptions(root))).ran).toEqual(["01-sample", "02-second"]);
  });

  it("runs chapters side by side, and when one fails waits for the others", async () => {
    const options = { ...sampleOptions(root), atOnce: 2 };
    const told: string[] = [];
    let begun = () => {};
    const second = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const runNotebook: typeof options.runNotebook = async (path, onCell) => {
      if (path.includes("01-sample")) {
        await second;
        throw new Error("the first fails while the second runs");
      }
      begun();
      const made = await options.runNotebook(path, onCell);
      told.push("the second has ended");
      return made;
    };
    await expect(buildBook({ ...options, runNotebook })).rejects.toThrow("the first fails");
    expect(told).toEqual(["the second has ended"]);
    expect(readdirSync(root)).not.toContain("dist");
  });

  it("gives what the labs left to take away, and keeps it while the chapter is unchanged", async () => {
    await buildBook(sampleOptions(root));
    const page = read("dist/book/01-sample.html");
    for (const file of [
      "01-sample.ipynb",
      "01-sample-lab.journal.json",
      "01-sample-lab.sh",
      "01-sample-trace.pcapng",
    ])
      expect(page).toContain(`<a href="${file}" download>`);
    expect(read("dist/book/01-sample-lab.sh")).toContain("if on docker01; then\nbrctl show\nfi\n");
    expect(read("dist/book/01-sample-trace.pcapng")).toBe("capture");
    const path = "chapters/02-second/chapter.md";
    writeFileSync(join(root, path), read(path).replace("1 + 1", "1 + 1;"));
    await buildBook(sampleOptions(root));
    expect(read("dist/book/01-sample-trace.pcapng")).toBe("capture");
    rmSync(join(root, "dist/book/01-sample-trace.pcapng"));
    expect((await buildBook(sampleOptions(root))).ran).toEqual(["01-sample"]);
  });

  it("makes a page again that somebody changed", async () => {
    await buildBook(sampleOptions(root));
    const before = read("dist/book/index.html");
    writeFileSync(join(root, "dist/book/index.html"), "changed");
    expect((await buildBook(sampleOptions(root))).ran).toEqual([]);
    expect(read("dist/book/index.html")).toBe(before);
  });

  it("keeps the old book when something fails", async () => {
    await buildBook(sampleOptions(root));
    const before = read("dist/book/02-second.html");
    const path = "chapters/02-second/chapter.md";
    writeFileSync(join(root, path), `${read(path)}\n[nowhere](#nowhere)\n`);
    await expect(buildBook(sampleOptions(root))).rejects.toThrow(
      "02-second.html: the link to “#nowhere” leads nowhere",
    );
    expect(read("dist/book/02-second.html")).toBe(before);
    expect(readdirSync(join(root, "dist"))).toEqual(["book"]);
  });

  it("stops at a picture that is not there", async () => {
    rmSync(join(root, "chapters/01-sample/way.svg"));
    const message = "01-sample.ipynb: there is no picture “../chapters/01-sample/way.svg”";
    await expect(buildBook(sampleOptions(root))).rejects.toThrow(message);
  });

  it("names the chapters when a wanted one is not there", async () => {
    const options = { ...sampleOptions(root), chapters: ["03-none"] };
    await expect(buildBook(options)).rejects.toThrow("no chapter “03-none”; there are 01-sample, 02-second");
  });
});

describe("printProgress", () => {
  const steps: BuildStep[] = [
    { kind: "read", chapter: "01-a" },
    { kind: "run", chapter: "01-a", done: 0, total: 2 },
    { kind: "run", chapter: "01-a", done: 1, total: 2 },
    { kind: "run", chapter: "01-a", done: 2, total: 2 },
    { kind: "unchanged", chapter: "02-b" },
    { kind: "write", pages: 3 },
  ];
  const printed = (isTTY: boolean) => {
    let text = "";
    const onProgress = printProgress({ isTTY, columns: 60, write: (part) => (text += part) });
    for (const step of steps) onProgress(step);
    return text;
  };

  it("prints lines where no one watches", () => {
    expect(printed(false)).toBe(
      "01-a: reading\n01-a: running 2 cells\n01-a: ran 2 cells\n02-b: unchanged, its outputs stay\nwriting 3 pages\n",
    );
  });

  it("draws one bar in place on a terminal", () => {
    const [first, second, third, ...rest] = printed(true).split("\r\x1b[K");
    expect([first, second, third?.split("\n")[0], rest.length]).toEqual([
      `01-a ${"░".repeat(24)} 0/2`,
      `01-a ${"█".repeat(12)}${"░".repeat(12)} 1/2`,
      `01-a ${"█".repeat(24)} 2/2`,
      0,
    ]);
  });
});
