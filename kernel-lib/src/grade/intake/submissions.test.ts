import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { LARGEST_NOTEBOOK, submissionsIn } from "./submissions.js";

const notebook = (metadata: object = {}, nbformat = 4): string =>
  JSON.stringify({
    nbformat,
    nbformat_minor: 5,
    metadata,
    cells: [
      { cell_type: "code", id: "a", metadata: {}, source: ["1 +\n", "1"], outputs: [{ output_type: "?" }] },
      { cell_type: "code", id: "a", metadata: { nbgrader: { points: 9 } }, source: "2" },
    ],
  });

/** A ZIP file in memory; `mode` is a Unix mode. */
async function zipped(
  entries: readonly (readonly [name: string, text: string | Buffer, mode?: number])[],
): Promise<Buffer> {
  const zip = new ZipFile();
  // yazl refuses names that lead out: letters of the same length stand in for them until the bytes are there.
  for (const [name, text, mode = 0o100644] of entries)
    zip.addBuffer(Buffer.from(text), name.replaceAll("..", "@@"), { mode });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return Buffer.from(Buffer.concat(parts).toString("latin1").replaceAll("@@/", "../"), "latin1");
}

describe("what was handed in", () => {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-intake-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const put = (path: string, content: string | Buffer): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    return join(folder, path);
  };

  const intake = async (path: string): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for await (const each of submissionsIn(join(folder, path), "03-vxlan")) {
      if ("stray" in each) found[`stray ${each.stray.path}`] = each.stray.reason;
      else found[each.student] = each.intake.kind === "notebook" ? each.source : each.intake.reason;
    }
    return found;
  };

  beforeAll(async () => {
    put("class/ada.ipynb", notebook());
    put("class/bob/03-vxlan.ipynb", notebook());
    put("class/bob/scratch.ipynb", notebook());
    put("class/cy/one.ipynb", notebook());
    put("class/cy/two.ipynb", notebook());
    put("class/dee/.ipynb_checkpoints/03-vxlan.ipynb", notebook());
    put("class/eve/broken.ipynb", notebook().slice(0, 40));
    put(
      "class/fay.ipynb",
      notebook({ kernelspec: { name: "python3", display_name: "Python 3", language: "python" } }),
    );
    put(
      "class/gus.ipynb",
      JSON.stringify({ nbformat: 3, worksheets: [{ cells: [{ cell_type: "code", input: "1" }] }] }),
    );
    put("class/hal.ipynb", "{}");
    put("class/ida.zip", await zipped([["work/03-vxlan.ipynb", notebook()]]));
    put("class/joe.zip", await zipped([["x.ipynb", Buffer.alloc(LARGEST_NOTEBOOK + 1, 32)]]));
    put("class/kim.zip", await zipped([["../../kim.ipynb", notebook()]]));
    put("class/lea.zip", await zipped([["lea.ipynb", "/etc/passwd", 0o120777]]));
    put("class/max.zip", "no ZIP at all");
    put("class/ned/readme.txt", "hello");
    put("class/ora.ipynb", "");
    put("secret.ipynb", notebook());
    symlinkSync("../secret.ipynb", join(folder, "class/pat.ipynb"));
    mkdirSync(join(folder, "class/quin"));
    symlinkSync("../../secret.ipynb", join(folder, "class/quin/03-vxlan.ipynb"));
    symlinkSync("..", join(folder, "class/rob"));
  });

  it("in a folder is found by student; what cannot be read says why", async () => {
    const found = await intake("class");
    expect(found).toMatchObject({
      ada: "ada.ipynb",
      bob: "bob/03-vxlan.ipynb",
      cy: "2 files were handed in, and one is wanted: cy/one.ipynb, cy/two.ipynb",
      fay: "the notebook is for the kernel “Python 3”, not for TypeScript (Hopbook)",
      gus: "gus.ipynb",
      hal: "the file is JSON, but not a notebook",
      ida: "ida.zip:work/03-vxlan.ipynb",
      joe: "joe.zip:x.ipynb: it has 16,000,001 bytes; the most that is read is 16,000,000",
      kim: "kim.zip: “../../kim.ipynb”: its name leads out of the ZIP file",
      lea: "lea.zip:lea.ipynb: it is a symbolic link, and none is followed",
      ned: "no notebook (.ipynb) was handed in",
      ora: "the notebook is an empty file",
      pat: "pat.ipynb: it is a symbolic link, and none is followed",
      quin: "quin/03-vxlan.ipynb: it is a symbolic link, and none is followed",
      rob: "rob: it is a symbolic link, and none is followed",
    });
    expect(found.eve).toMatch(/^the notebook is not JSON: /);
    expect(found.max).toMatch(/^it is not a ZIP file that can be read/);
    expect(found.dee).toBeUndefined();
  });

  it("in an LMS's ZIP file is found, and a name that leads out is passed over", async () => {
    put(
      "moodle.zip",
      await zipped([
        ["Ada Lovelace_11_assignsubmission_file_/03-vxlan.ipynb", notebook()],
        ["../../etc/cron.d/x.ipynb", notebook()],
        ["../bob_12_assignsubmission_file_/03-vxlan.ipynb", notebook()],
      ]),
    );
    expect(await intake("moodle.zip")).toEqual({
      "11": "Ada Lovelace_11_assignsubmission_file_/03-vxlan.ipynb",
      "stray ../../etc/cron.d/x.ipynb": "its name leads out of the ZIP file",
      "stray ../bob_12_assignsubmission_file_/03-vxlan.ipynb": "its name leads out of the ZIP file",
    });
  });

  it("is kept as sources alone, with ids that are unique", async () => {
    for await (const found of submissionsIn(join(folder, "class/ada.ipynb"), "03-vxlan", "al")) {
      expect(found).toMatchObject({ student: "al", intake: { kind: "notebook", warnings: [] } });
      const { text } = (found as { intake: { text: string } }).intake;
      expect(JSON.parse(text).cells).toEqual([
        {
          cell_type: "code",
          execution_count: null,
          id: "a",
          metadata: {},
          outputs: [],
          source: ["1 +\n", "1"],
        },
        {
          cell_type: "code",
          execution_count: null,
          id: "cell-2",
          metadata: { nbgrader: { points: 9 } },
          outputs: [],
          source: ["2"],
        },
      ]);
    }
  });

  it("that is nowhere is an error", async () => {
    await expect(intake("nowhere")).rejects.toThrow("there is no ");
  });
});
