import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  downloadFiles,
  materialsExpression,
  readMaterials,
} from "../../kernel-lib/src/book/downloads/materials.js";
import { executeNotebook } from "../../kernel-lib/src/jupyter/run-notebook.js";
import { readCapture } from "../../kernel-lib/src/wire/pcap.js";
import { code, markdown } from "./fixtures/notebooks.js";

const NOTEBOOK = {
  nbformat: 4 as const,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    markdown("# T"),
    code('import { Lab } from "hopbook";\nconst lab = Lab.preset("single", { docker: "20.10", seed: 7 });'),
    code(
      'const { docker01 } = lab.machines;\ndocker01.docker.run("test-image", { name: "web" });\nconst trace = lab.trace(() => docker01.container("web").ping("172.17.0.1", { count: 1 }));',
    ),
    code(
      'const first = lab.trace(() => docker01.ping("192.168.56.1", { count: 1 })).first("ICMP echo request");',
    ),
  ].map((cell, i) => ({ ...cell, id: `c${i}`, source: cell.source as string })),
};

describe("what the labs of a chapter leave", () => {
  it("is asked of the variables that its cells declare", () => {
    expect(materialsExpression({ ...NOTEBOOK, cells: [markdown("text"), code("1 + 1")] })).toBeNull();
    const expression = materialsExpression(NOTEBOOK);
    expect(expression).toContain('[["lab", lab]] as');
    expect(expression).toContain('[["trace", trace], ["first", first]] as');
  });

  it("comes from the kernel as journals, scripts and captures", async () => {
    let answer: Readonly<Record<string, unknown>> | null = null;
    const made = await executeNotebook(NOTEBOOK as never, process.cwd(), {
      name: "T",
      question: materialsExpression(NOTEBOOK) ?? undefined,
      onAnswer: (bundle) => {
        answer = bundle;
      },
    });
    expect(made.cells.length).toBe(4);
    const files = downloadFiles("01-t", "T", readMaterials(answer));
    const byName = new Map([...files].map(([{ file }, content]) => [file, content]));
    expect([...byName.keys()]).toEqual(["01-t-lab.journal.json", "01-t-lab.sh", "01-t-trace.pcapng"]);
    const { frames } = readCapture(byName.get("01-t-trace.pcapng") as Buffer);
    expect(frames.length).toBeGreaterThan(4);
    expect(new Set(frames.map(({ interfaceName }) => interfaceName))).toContain("web:eth0");
    const script = byName.get("01-t-lab.sh") as string;
    expect(script).toContain("if on docker01; then\ndocker run -d --name web test-image\nfi\n");
    expect(spawnSync("bash", ["-n"], { input: script }).status).toBe(0);
  });
});
