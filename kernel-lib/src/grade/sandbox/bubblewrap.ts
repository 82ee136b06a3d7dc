import { spawnSync } from "node:child_process";
import { existsSync, openSync, realpathSync } from "node:fs";
import { makeCgroup } from "./cgroup.js";
import { findOnPath } from "./find-on-path.js";
import type { Limits } from "./limits.js";
import { NOBODY, nodeOptions, permissionOptions, type StartPlan, startsAsNobody, type Wall } from "./wall.js";

/** Where a program finds itself. */
const PROGRAM = "/sandbox/program.mjs";
const NODE = "/sandbox/node";
const PRLIMIT = "/sandbox/prlimit";
const HOME = "/home/student";

/** The descriptor from which bubblewrap reads the program: a copy, so that its folder may be one that nobody else can enter. */
const PROGRAM_DESCRIPTOR = 4;

/** Folders with what Node is linked to. Programs are not in them. */
const LIBRARIES = ["/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/nix/store"];

/**
 * Namespaces of their own for network, processes, users, names and messages; a root folder that holds libraries, Node and the program, and cannot be written;
 * no capability, no environment, no other descriptor. Null where bubblewrap (or util-linux' prlimit) is not installed.
 */
export function bubblewrapWall(): Wall | null {
  const bwrap = findOnPath("bwrap");
  const prlimit = findOnPath("prlimit");
  if (bwrap === null || prlimit === null) return null;
  return {
    kind: "bubblewrap",
    warning: null,
    plan: (program, limits) =>
      bubblewrapPlan({ bwrap, prlimit }, program, limits, permissionOptions(PROGRAM)),
  };
}

interface Programs {
  readonly bwrap: string;
  readonly prlimit: string;
}

/** Options that older releases lack: without the first (0.8) a program can make namespaces within its own, without the second (0.5) it is not given our environment either. */
const NEWER = ["--disable-userns", "--clearenv"];

/** What a release of bubblewrap says of itself, asked once. */
const helpTexts = new Map<string, string>();

function lacks(bwrap: string, option: string): boolean {
  const help = helpTexts.get(bwrap) ?? spawnSync(bwrap, ["--help"], { encoding: "utf8" }).stdout;
  helpTexts.set(bwrap, help);
  return NEWER.includes(option) && !help.includes(option);
}

/** The plan with Node's own options given: a second wall within the first. @internal */
export function bubblewrapPlan(
  programs: Programs,
  program: string,
  limits: Limits,
  options: readonly string[],
): StartPlan {
  const words = [
    programs.bwrap,
    ...namespaces().filter((word) => !lacks(programs.bwrap, word)),
    ...files(programs),
    "--",
    ...[PRLIMIT, ...limitWords(limits), "--"],
    ...[NODE, ...nodeOptions(limits), ...options, PROGRAM],
  ];
  const descriptors = new Map([[PROGRAM_DESCRIPTOR, openSync(program, "r")]]);
  if (process.getuid?.() !== 0)
    return { file: words[0]!, args: words.slice(1), descriptors, dispose: () => undefined };
  // Root's limits do not hold, so nobody starts it, in control groups whose limits hold for everybody.
  const cgroup = makeCgroup(limits);
  const setpriv = startsAsNobody() ? findOnPath("setpriv") : null;
  const asNobody = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--inh-caps=-all"];
  const script = cgroup.folders.map((folder) => `echo $$ > ${folder}/cgroup.procs || exit 125\n`).join("");
  const started = setpriv === null ? words : [setpriv, ...asNobody, ...words];
  return {
    file: "/bin/sh",
    args: ["-c", `${script}exec "$@"`, "sh", ...started],
    descriptors,
    usage: () => cgroup.usage(),
    dispose: () => cgroup.remove(),
  };
}

function namespaces(): string[] {
  return [
    ...["--unshare-user", "--uid", `${NOBODY}`, "--gid", `${NOBODY}`, "--disable-userns"],
    ...["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--hostname", "sandbox", "--cap-drop", "ALL", "--new-session", "--die-with-parent"],
    ...["--clearenv", "--setenv", "HOME", HOME, "--setenv", "LANG", "C.UTF-8"],
  ];
}

function files({ prlimit }: Programs): string[] {
  return [
    ...LIBRARIES.filter((folder) => existsSync(folder)).flatMap((folder) => ["--ro-bind", folder, folder]),
    ...["--ro-bind", realpathSync(process.execPath), NODE, "--ro-bind", realpathSync(prlimit), PRLIMIT],
    ...["--ro-bind-data", `${PROGRAM_DESCRIPTOR}`, PROGRAM, "--dir", HOME, "--chdir", HOME],
    // Last, so that nothing is left to write to.
    ...["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/"],
  ];
}

/** V8 reserves much more address space than it uses, so what can be written is limited, not what is reserved. Threads' stacks count there. */
function limitWords(limits: Limits): string[] {
  const { cpuSeconds: cpu, memoryBytes, processes } = limits;
  const data = memoryBytes + 512 * 2 ** 20;
  return [
    `--cpu=${Math.ceil(cpu)}:${Math.ceil(cpu) + 1}`,
    `--data=${data}`,
    `--nproc=${processes}`,
    "--nofile=64",
    "--fsize=0",
    "--core=0",
  ];
}
