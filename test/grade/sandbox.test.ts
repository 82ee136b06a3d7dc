import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, it, vi } from "vitest";
import { bubblewrapPlan } from "../../kernel-lib/src/grade/sandbox/bubblewrap.js";
import { bestWall, wallOf } from "../../kernel-lib/src/grade/sandbox/choose.js";
import { findOnPath } from "../../kernel-lib/src/grade/sandbox/find-on-path.js";
import { DEFAULT_LIMITS, type Limits } from "../../kernel-lib/src/grade/sandbox/limits.js";
import { runProgram } from "../../kernel-lib/src/grade/sandbox/run-program.js";
import { permissionOptions, type Wall } from "../../kernel-lib/src/grade/sandbox/wall.js";
import { describeWith } from "../support/requirement.js";

const folder = mkdtempSync(join(tmpdir(), "hopbook-sandbox-test-"));
const best = await bestWall();
const bubblewrapHere = {
  met: best.kind === "bubblewrap",
  reason: "bubblewrap is not installed, or may make no namespace here",
};

/** bubblewrap alone, so that its own walls are seen: Node allows everything. */
const bare: Wall = {
  kind: "bubblewrap",
  warning: null,
  plan: (program, limits) =>
    bubblewrapPlan({ bwrap: findOnPath("bwrap")!, prlimit: findOnPath("prlimit")! }, program, limits, []),
};

const LIMITS: Limits = { ...DEFAULT_LIMITS, cpuSeconds: 1, wallSeconds: 30, memoryBytes: 300 * 2 ** 20 };

/** A grader of its own: tells the process that it has started, and the first line of what that tells. */
const GRADER = `
import { spawn } from "node:child_process";
import { bubblewrapPlan } from "./sandbox/bubblewrap.js";
import { findOnPath } from "./sandbox/find-on-path.js";
import { stdioFor } from "./sandbox/descriptors.js";
import { DEFAULT_LIMITS } from "./sandbox/limits.js";
const plan = bubblewrapPlan({ bwrap: findOnPath("bwrap"), prlimit: findOnPath("prlimit") }, process.argv[2], DEFAULT_LIMITS, []);
const child = spawn(plan.file, plan.args, { stdio: stdioFor(plan.descriptors).stdio, detached: true });
child.stdio[3].once("data", (line) => console.log(child.pid, String(line)));`;
const HERE = {
  resolveDir: fileURLToPath(new URL("../../kernel-lib/src/grade", import.meta.url)),
  loader: "ts",
} as const;
const BUNDLE = { bundle: true, platform: "node", format: "esm" } as const;

let count = 0;
async function run(wall: Wall, text: string, limits: Partial<Limits> = {}) {
  const program = join(folder, `program-${count++}.mjs`);
  writeFileSync(program, text);
  const { ending, lines } = await runProgram(wall, program, "the input", { ...LIMITS, ...limits });
  return { ending, told: lines.map((line) => JSON.parse(line) as unknown) };
}

/** Tells what each expression gives, or the code of the error that it throws. */
const ask = (...expressions: readonly string[]) => `
import fs from "node:fs"; import os from "node:os"; import net from "node:net"; import { spawnSync } from "node:child_process"; import { Worker } from "node:worker_threads";
const tell = (value) => fs.writeSync(3, JSON.stringify(value ?? null) + "\\n");
for (const ask of [${expressions.map((one) => `async () => (${one})`).join(", ")}])
  try { tell(await ask()); } catch (error) { tell("refused: " + (error.code ?? error.message)); }
process.exit(0);`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWith("bubblewrap", bubblewrapHere, () => {
  it("shows a program nothing but itself", async () => {
    const secret = join(folder, "secret");
    writeFileSync(secret, "the key", { mode: 0o644 });
    process.env.HOPBOOK_SECRET = "the key";
    const { told, ending } = await run(
      bare,
      ask(
        `fs.readFileSync(${JSON.stringify(secret)}, "utf8")`,
        "fs.readdirSync('/').sort()",
        "fs.readdirSync(process.env.HOME)",
        "fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length",
        "fs.readFileSync('/etc/passwd', 'utf8')",
        "Object.keys(process.env).sort()",
        "fs.readFileSync(0, 'utf8')",
        "[process.getuid(), os.hostname(), Object.keys(os.networkInterfaces())]",
        "fs.readFileSync('/proc/self/status', 'utf8').match(/CapEff:\\s*(\\w+)/)[1]",
        "process.kill(1, 9) && fs.readdirSync('/proc').includes('1')",
      ),
    );
    delete process.env.HOPBOOK_SECRET;
    expect(ending).toEqual({ kind: "done" });
    const roots = ["dev", "home", "lib", "lib32", "lib64", "nix", "proc", "sandbox", "usr"];
    expect((told[1] as string[]).filter((name) => !roots.includes(name))).toEqual([]);
    told[1] = "its own";
    expect(told).toEqual([
      "refused: ENOENT",
      "its own",
      [],
      2,
      "refused: ENOENT",
      ["HOME", "LANG", "PWD"],
      "the input",
      [65534, "sandbox", ["lo"]],
      "0000000000000000",
      true,
    ]);
  });

  it("lets it write nowhere", async () => {
    const places = [
      "/",
      "/tmp",
      "/home/student",
      "/dev",
      "/dev/shm",
      "/usr/lib",
      "/sandbox",
      "/proc",
      folder,
    ];
    const { told } = await run(
      bare,
      ask(...places.map((place) => `fs.writeFileSync(${JSON.stringify(`${place}/x`)}, "x")`)),
    );
    expect(told.filter((text) => !/^refused: E(ROFS|NOENT|ACCES)$/.test(String(text)))).toEqual([]);
    expect(told).toHaveLength(places.length);
  });

  it("has no network, not even this machine's own", async () => {
    const server = createServer((_request, response) => response.end("the key"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { told } = await run(
      bare,
      ask(
        `(await fetch("http://127.0.0.1:${port}/")).text()`,
        `new Promise((resolve, reject) => net.connect("\\0hopbook").on("connect", resolve).on("error", reject))`,
      ),
    );
    server.close();
    expect(told).toEqual(["refused: fetch failed", "refused: ECONNREFUSED"]);
  });

  it("gives it no descriptor of ours, and ends it when the grader is killed", async () => {
    const program = join(folder, "waits.mjs");
    writeFileSync(
      program,
      'import fs from "node:fs"; fs.writeSync(3, fs.readlinkSync("/proc/self/fd/77") + "\\n"); setInterval(() => {}, 1e6);',
    );
    const grader = join(folder, "grader.mjs");
    await build({ ...BUNDLE, stdin: { ...HERE, contents: GRADER }, outfile: grader });
    // The grader has a descriptor that somebody forgot to close.
    const forgotten = openSync(program, "r");
    const stdio = ["ignore", "pipe", "inherit", ...Array<"ignore">(74).fill("ignore"), forgotten] as const;
    const child = spawn(process.execPath, [grader, program], { stdio: [...stdio] });
    const [told] = (await once(child.stdout!, "data")) as [Buffer];
    const [pid, link] = String(told).trim().split(" ");
    expect(link).toBe("/dev/null");
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 10_000 });
  });
});

describe("the best wall", () => {
  it("is Node's own where bubblewrap is not installed", async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    const { kind, warning } = await bestWall();
    process.env.PATH = PATH;
    expect(kind).toBe("node");
    expect(warning).toContain("weaker");
  });

  it.each([
    ["20.19.0", "--experimental-permission"],
    ["22.12.0", "--experimental-permission"],
    ["22.13.0", "--permission"],
    ["23.4.0", "--experimental-permission"],
    ["23.5.0", "--permission"],
    ["24.0.0", "--permission"],
  ])("of Node %s is asked for by %s", (version, option) => {
    expect(permissionOptions("/p.mjs", version)).toEqual([option, "--allow-fs-read=/p.mjs"]);
  });
});

it("a program ends when its grader gives up", async () => {
  const program = join(folder, "given-up.mjs");
  writeFileSync(program, "setInterval(() => {}, 1e6);");
  const giveUp = new AbortController();
  const running = runProgram(best, program, "", LIMITS, giveUp.signal);
  giveUp.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});

/** What its limits end, and by which of them. */
const BOMBS: readonly (readonly [title: string, program: string, limit: string, limits?: Partial<Limits>])[] =
  [
    ["an endless loop", "for (;;);", "cpu"],
    [
      "endless loops in threads",
      'import { Worker } from "node:worker_threads"; for (let i = 0; i < 4; i++) new Worker("for (;;);", { eval: true });',
      "cpu",
    ],
    [
      "objects without end",
      "const all = []; for (;;) all.push(new Array(1e6).fill(1.5));",
      "memory",
      { cpuSeconds: 20 },
    ],
    [
      "buffers without end",
      "const all = []; for (;;) all.push(Buffer.alloc(5e7, 1));",
      "memory",
      { cpuSeconds: 20 },
    ],
    ["text without end", 'import fs from "node:fs"; for (;;) fs.writeSync(3, "x".repeat(1e5));', "output"],
    [
      "text without end on another way",
      'import fs from "node:fs"; for (;;) fs.writeSync(1, "x".repeat(1e5));',
      "output",
    ],
    ["waiting for ever", "setInterval(() => {}, 1e6);", "wall", { wallSeconds: 1 }],
    [
      "Atomics.wait",
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
      "wall",
      { wallSeconds: 1 },
    ],
  ];

describe.each(["bubblewrap", "node"] as const)("limits behind the wall “%s”", (kind) => {
  const wall = kind === "node" ? wallOf("node") : bare;
  it.skipIf(kind === "bubblewrap" && !bubblewrapHere.met)("end a program", async () => {
    const threads = (program: string) => program.includes("node:worker_threads");
    const bombs = BOMBS.filter(([, program]) => kind === "bubblewrap" || !threads(program));
    const endings = bombs.map(async ([, program, , limits]) => (await run(wall, program, limits)).ending);
    expect(await Promise.all(endings)).toEqual(bombs.map(([, , limit]) => ({ kind: "limit", limit })));
  });
});
