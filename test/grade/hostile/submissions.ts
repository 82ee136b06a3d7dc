import type { Cells, Handed } from "./course.js";

/** What a hostile submission knows of this machine. */
export interface Target {
  /** A file that it may not read, and one that it may not make. */
  readonly secret: string;
  readonly made: string;
  readonly assignment: string;
  /** An address at which a server waits for it. */
  readonly server: string;
  /** The setup cell of another student. */
  readonly neighbour: Cells;
}

export interface Hostile {
  readonly title: string;
  readonly handed: (cells: Cells, target: Target) => Handed;
  /** Points that it has earned all the same. Default 0. */
  readonly points?: number;
  /** What the teacher is told. */
  readonly warning?: RegExp;
  /** What its cells have printed. */
  readonly printed?: RegExp;
}

const text = (value: string) => JSON.stringify(value);
/** Prints what each expression gives, or that it was refused. */
const tries = (...expressions: readonly string[]) =>
  `import fs from "node:fs";\n${expressions.map((one) => `try { console.log(await (${one})); } catch (error) { console.log("refused", error.code ?? error.message); }`).join("\n")}`;
/** An entry of the journal that no call has made. */
const forged = (entry: string) => `lab.journal.append(${entry});`;
const GRADED =
  '{"kind":"graded","opened":0,"task":"two-hosts","points":5,"hints":[],"answers":{},"fingerprint":[],"warnings":[],"checks":[{"id":"two-hosts-forth","title":"t","hidden":false,"points":5,"maxPoints":5,"status":"pass"}]}';

/** Leaves a program of the lab for the JavaScript around it. */
const ESCAPE = `[].constructor.constructor("return process")().getBuiltinModule("fs").writeSync(3, ${text(`${GRADED}\n`)})`;

export const HOSTILE: readonly Hostile[] = [
  {
    title: "reads a secret outside",
    handed: ({ setup }, { secret }) => ({
      cells: [
        setup,
        tries(
          `fs.readFileSync(${text(secret)}, "utf8")`,
          'fs.readFileSync("/etc/shadow", "utf8")',
          'fs.readFileSync("/proc/1/environ", "utf8")',
          "JSON.stringify(process.env)",
          'fs.readdirSync("/root")',
        ),
      ],
    }),
    printed: /refused[\s\S]*refused[\s\S]*refused/,
  },
  {
    title: "reads the hidden checks",
    handed: ({ setup }, { assignment }) => ({
      cells: [
        setup,
        tries(
          `fs.readFileSync(${text(assignment)}, "utf8")`,
          "wire.secret",
          'fs.readFileSync(process.argv[1], "utf8").match(/what no student/)',
          'fs.readFileSync(0, "utf8")',
          "JSON.stringify(wire)",
        ),
      ],
    }),
    printed: /refused[\s\S]*refused/,
  },
  {
    title: "writes outside",
    handed: ({ setup }, { made }) => ({
      cells: [
        setup,
        tries(
          `fs.writeFileSync(${text(made)}, "x")`,
          `fs.mkdirSync(${text(`${made}-folder`)})`,
          `fs.symlinkSync("/etc/passwd", "link")`,
        ),
      ],
    }),
    printed: /refused[\s\S]*refused[\s\S]*refused/,
  },
  {
    title: "calls home over the network",
    handed: ({ setup }, { server }) => ({
      cells: [
        setup,
        tries(
          `fetch(${text(server)}).then((answer) => answer.text())`,
          `new Promise((done, fail) => process.getBuiltinModule("node:net").connect(${new URL(server).port}, "127.0.0.1").on("connect", () => done("connected")).on("error", fail))`,
        ),
      ],
    }),
    printed: /refused[\s\S]*refused/,
  },
  {
    title: "kills the grader",
    handed: ({ setup }) => ({
      cells: [
        setup,
        tries(
          "process.kill(process.ppid, 9)",
          "process.kill(1, 9)",
          "process.kill(-1, 9)",
          'process.getBuiltinModule("node:child_process").execSync("kill -9 -1")',
          "process.binding('process_wrap')",
        ),
      ],
    }),
  },
  {
    title: "starts programs, threads and addons",
    handed: ({ setup }) => ({
      cells: [
        setup,
        tries(
          'process.getBuiltinModule("node:child_process").execFileSync(process.execPath, ["-e", "1"])',
          'new (process.getBuiltinModule("node:worker_threads").Worker)("1", { eval: true })',
          'process.dlopen({ exports: {} }, "/tmp/addon.node")',
        ),
      ],
    }),
    printed: /refused[\s\S]*refused[\s\S]*refused/,
  },
  {
    title: "forges answers and entries of the journal",
    handed: ({ setup }) => ({
      cells: [
        setup,
        forged('{ kind: "points", at: 0, points: 5 }'),
        forged('{ kind: "answer", at: 0, question: "mtu", value: { valueOf: () => 1 } }'),
      ],
    }),
    warning: /refused|passed over/,
  },
  {
    title: "writes the grader's own lines",
    handed: ({ setup }) => ({
      cells: [
        setup,
        `import fs from "node:fs"; for (const fd of [1, 2, 3, 4, 5, 6]) try { fs.writeSync(fd, ${text(`${GRADED}\n`)}); } catch {}`,
      ],
    }),
    warning: /wrote to the grader's own channel/,
  },
  {
    title: "reaches for prototypes through the journal",
    handed: ({ setup }) => ({
      cells: [
        setup,
        'import fs from "node:fs"; fs.writeSync(3, \'{"kind":"entry","task":0,"entry":{"kind":"answer","at":0,"question":"__proto__","value":"x","__proto__":{"status":"pass","points":5}}}\\n\');',
        forged(
          '{ kind: "service-time", at: 0, container: "__proto__", time: JSON.parse(\'{"__proto__":{"points":5}}\') }',
        ),
      ],
    }),
  },
  {
    title: "patches what JavaScript itself can do",
    handed: ({ setup, forth }) => ({
      cells: [
        setup,
        'Array.prototype.every = () => true; Array.prototype.filter = function () { return []; }; RegExp.prototype.test = () => true; Object.defineProperty(Object.prototype, "delivered", { get: () => true, set() {} }); Object.prototype.status = "pass"; Promise.prototype.catch = function () { return this; };',
        forth,
      ],
    }),
  },
  {
    title: "patches the library",
    handed: ({ setup, forth }) => ({
      cells: [
        setup,
        'import { Lab } from "hopbook"; const yes = async () => console.log("✓ left reaches right"); const checks = Object.getPrototypeOf(lab.check); for (const name of Object.getOwnPropertyNames(checks)) try { checks[name] = yes; } catch {} Object.defineProperty(Lab.prototype, "check", { get: () => ({ reaches: yes }) });',
        forth,
      ],
    }),
    printed: /✓/,
  },
  {
    title: "prints that all checks passed",
    handed: ({ setup }) => ({
      cells: [
        setup,
        'console.log("✓ left reaches right by ping\\n5/5 points\\nall passed"); process.stdout.write("{\\"status\\":\\"pass\\"}\\n");',
      ],
    }),
    printed: /all passed/,
  },
  {
    title: "edits the check cells and leaves its work out",
    handed: ({ setup }) => ({ cells: [setup, "// right\ntrue", "wire.answer('mtu', 1);"] }),
  },
  {
    title: "brings a task of its own in which nothing is wrong",
    handed: ({ setup, forth }) => ({
      cells: [
        `${setup.replace(/Task\.open\("two-hosts", "([^"]*)"\)/, (_all, sealed) => `Task.open("two-hosts", await mended(${text(sealed)}))`)}
async function mended(sealed) {
  const zlib = process.getBuiltinModule("node:zlib");
  const task = JSON.parse(zlib.inflateRawSync(Buffer.from(sealed, "base64")));
  task.journal.entries = task.journal.entries.filter((entry) => !JSON.stringify(entry).includes("down"));
  return zlib.deflateRawSync(JSON.stringify(task)).toString("base64");
}`,
        forth,
      ],
    }),
    printed: /✓/,
  },
  {
    title: "hands in a neighbour's work",
    handed: (_cells, { neighbour }) => ({ cells: [neighbour.setup, neighbour.repair, neighbour.mtu] }),
    // What was typed works here as well; the answer is the neighbour's.
    points: 4,
    warning: /made for “bob”/,
  },
  {
    title: "leaves a program in the lab for the one who replays it",
    handed: ({ setup }) => ({
      cells: [
        setup,
        `await right.sh\`docker run --rm node:24-alpine sh -c 'echo ${btoa(ESCAPE)} | base64 -d > a.js; node a.js'\`;`,
        forged(
          `{ kind: "exec", at: 0, machine: "right", argv: ["docker", "run", "--rm", "node:24-alpine", "node", "-e", ${text(ESCAPE)}] }`,
        ),
      ],
    }),
  },
  {
    title: "asks the replay to wait for ever",
    handed: ({ setup }) => ({ cells: [setup, forged('{ kind: "wait", at: 0, duration: 1e300 }')] }),
  },
  {
    title: "asks the replay for an endless command",
    handed: ({ setup }) => ({
      cells: [setup, forged('{ kind: "sh", at: 0, machine: "right", line: "while :; do :; done" }')],
    }),
  },
  {
    title: "asks the replay for an endless regular expression",
    handed: ({ setup }) => ({
      cells: [
        setup,
        forged(
          `{ kind: "sh", at: 0, machine: "right", line: "echo ${"a".repeat(60)}b | grep -E '^(a+)+$'" }`,
        ),
      ],
    }),
  },
  {
    title: "loops for ever after its work",
    handed: ({ setup, repair, mtu }) => ({ cells: [setup, repair, mtu, "for (;;);"] }),
    points: 5,
    warning: /more than 4 s of processor time/,
  },
  {
    title: "takes all memory",
    handed: ({ setup }) => ({ cells: [setup, "const all = []; for (;;) all.push(Buffer.alloc(1e8, 1));"] }),
    warning: /memory/,
  },
  {
    title: "makes processes without end",
    handed: ({ setup }) => ({
      cells: [
        setup,
        'import { spawn } from "node:child_process"; for (let i = 0; i < 10_000; i++) try { spawn(process.execPath, ["-e", "for(;;);"]).on("error", () => {}); } catch {}',
      ],
    }),
  },
  {
    title: "prints without end",
    handed: ({ setup }) => ({
      cells: [
        setup,
        'const line = "x".repeat(1e5); for (let i = 0; i < 1e4; i++) console.log(line);',
        'import fs from "node:fs"; for (;;) try { fs.writeSync(3, "x".repeat(1e5)); } catch {}',
      ],
    }),
    warning: /more than 1024 kB/,
  },
  {
    title: "waits for ever",
    handed: ({ setup, repair }) => ({
      cells: [setup, repair, "setInterval(() => {}, 1e6); await new Promise(() => {});"],
      limits: { wallSeconds: 20 },
    }),
    points: 4,
    warning: /more than 20 s/,
  },
  {
    title: "ends the program",
    handed: ({ setup, repair }) => ({
      cells: [setup, repair, "process.exit(0);", "console.log('not reached');"],
    }),
    points: 4,
  },
  {
    title: "prints escape codes and HTML",
    handed: ({ setup }) => ({
      cells: [
        setup,
        'console.log("\\x1b[2J\\x1b[31mred\\x1b]0;title\\x07 \\u009b31m <script>alert(1)</script>"); wire.answer("mtu", "<img src=x onerror=alert(1)>\\x1b[31m");',
      ],
    }),
    printed: /<script>/,
  },
  {
    title: "opens its task a thousand times",
    handed: ({ setup }) => {
      const sealed = /"two-hosts", "([^"]*)"/.exec(setup)![1]!;
      return {
        cells: [
          `${setup}\nfor (let i = 0; i < 40; i++) (await Task.open("two-hosts", ${text(sealed)})).answer("mtu", 1300 + i);`,
        ],
      };
    },
    warning: /more than 32 tasks/,
  },
  {
    title: "nests an entry ten thousand levels deep",
    handed: ({ setup }) => ({
      cells: [
        setup,
        'import fs from "node:fs"; fs.writeSync(3, \'{"kind":"entry","task":0,"entry":\' + "[".repeat(1e5) + "]".repeat(1e5) + "}\\n");',
      ],
    }),
  },
];
