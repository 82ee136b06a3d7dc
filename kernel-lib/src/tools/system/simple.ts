import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import { findProgram } from "../../host/find-program.js";
import { KERNEL_BUILD } from "../../host/fs/kernel-build.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { sleep as pass, waitFor } from "../../host/waits.js";
import { readKill } from "../shell/kill-words.js";
import { steppedTool, ToolExit, tool } from "../tool-exit.js";

const say =
  (text: string): Program =>
  (process) => {
    process.stdout.write(text);
    return 0;
  };

export const succeed: Program = () => 0;
export const fail: Program = () => 1;
export const whoami: Program = say("root\n");
export const id: Program = (process) => {
  const flag = process.argv[1];
  process.stdout.write(
    flag === "-u" || flag === "-g"
      ? "0\n"
      : flag === "-un" || flag === "-gn"
        ? "root\n"
        : "uid=0(root) gid=0(root) groups=0(root)\n",
  );
  return 0;
};

export const echo: Program = (process) => {
  const words = process.argv.slice(1);
  const bare = words[0] === "-n";
  process.stdout.write(words.slice(bare ? 1 : 0).join(" ") + (bare ? "" : "\n"));
  return 0;
};

export const pwd: Program = (process) => {
  process.stdout.write(`${process.cwd}\n`);
  return 0;
};

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** `sleep NUMBER[smhd]…`: virtual time passes. */
export const sleep: Program = steppedTool(function* (process): Steps {
  const words = process.argv.slice(1);
  if (words.length === 0)
    throw new ToolExit(1, "sleep: missing operand\nTry 'sleep --help' for more information.\n");
  let total = 0;
  for (const word of words) {
    const time = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word);
    if (time === null)
      throw new ToolExit(
        1,
        `sleep: invalid time interval ‘${word}’\nTry 'sleep --help' for more information.\n`,
      );
    total += Number(time[1]) * UNITS[time[2] || "s"]!;
  }
  yield* pass(process, seconds(total));
  return 0;
});

/** `timeout SECONDS COMMAND…`: status 124 when the time was up. */
export const timeout: Program = steppedTool(function* (process): Steps {
  const words = process.argv.slice(1);
  const [time = "", ...argv] = words;
  const limit = /^(\d+\.?\d*)([smhd]?)$/.exec(time);
  if (argv.length === 0)
    throw new ToolExit(125, "timeout: missing operand\nTry 'timeout --help' for more information.\n");
  if (limit === null)
    throw new ToolExit(
      125,
      `timeout: invalid time interval ‘${time}’\nTry 'timeout --help' for more information.\n`,
    );
  const child = start(process, "timeout", argv);
  const { scheduler } = process.host.world;
  const deadline = scheduler.now + seconds(Number(limit[1]) * UNITS[limit[2] || "s"]!);
  while (child.exitCode === null && scheduler.now < deadline)
    yield { kind: "wait", queues: [child.exited], deadline };
  if (child.exitCode !== null) return child.exitCode;
  child.kill("SIGTERM");
  while (child.exitCode === null) yield { kind: "wait", queues: [child.exited], deadline: null };
  return 124;
});

/** Starts a command of a command, or ends with the words and status of coreutils (127: not found). */
export function start(
  process: Process,
  tool: string,
  argv: readonly string[],
  changes: { readonly env?: ReadonlyMap<string, string> } = {},
): Process {
  try {
    return process.spawn({ argv, stdin: process.stdin, ...changes });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const words =
      tool === "sudo"
        ? `sudo: ${argv[0]}: command not found\n`
        : `${tool}: failed to run command ‘${argv[0]}’: No such file or directory\n`;
    throw new ToolExit(tool === "sudo" ? 1 : 127, words);
  }
}

/** `nohup COMMAND…`. */
export const nohup: Program = steppedTool(function* (process): Steps {
  const argv = process.argv.slice(1);
  if (argv.length === 0)
    throw new ToolExit(125, "nohup: missing operand\nTry 'nohup --help' for more information.\n");
  return yield* waitFor(start(process, "nohup", argv));
});

/** `which [-a] NAME…`: status 1 when one is missing. */
export const which: Program = (process) => {
  let status = process.argv.length > 1 ? 0 : 1;
  for (const name of process.argv.slice(1)) {
    const folders = (process.env.get("PATH") ?? "/usr/bin:/bin").split(":");
    const path = name.includes("/")
      ? name
      : folders.map((folder) => `${folder}/${name}`).find((file) => process.files.exists(file));
    if (path !== undefined && process.files.exists(path)) process.stdout.write(`${path}\n`);
    else status = 1;
  }
  return status;
};

/** `uname [-asnrvmo]`. */
export const uname: Program = tool((process) => {
  const { host, uts } = process;
  const parts: readonly (readonly [string, string])[] = [
    ["s", "Linux"],
    ["n", uts.hostname],
    ["r", host.kernelRelease],
    ["v", KERNEL_BUILD],
    ["m", "x86_64"],
    ["o", "GNU/Linux"],
  ];
  const letters = process.argv.slice(1).join("").replaceAll("-", "") || "s";
  const unknown = [...letters].find((letter) => letter !== "a" && !parts.some(([name]) => name === letter));
  if (unknown !== undefined)
    throw new ToolExit(
      1,
      `uname: invalid option -- '${unknown}'\nTry 'uname --help' for more information.\n`,
    );
  const shown = parts
    .filter(([name]) => letters.includes("a") || letters.includes(name))
    .map(([, text]) => text);
  process.stdout.write(`${shown.join(" ")}\n`);
  return 0;
});

/** `kill [-SIGNAL] PID…` as a program (procps). */
export const kill: Program = tool((process) => {
  const request = readKill(process.argv.slice(1));
  if ("error" in request) throw new ToolExit(1, `kill: ${request.error}\n`);
  let status = 0;
  const { pids } = process as Process & { pids: { find(pid: number): Process | null } };
  for (const target of request.targets) {
    const found = /^\d+$/.test(target) ? pids.find(Number(target)) : null;
    if (found === null) {
      process.stderr.write(`kill: (${target}): No such process\n`);
      status = 1;
    } else if (request.signal !== 0) found.kill(request.signal);
  }
  return status;
});

/** Signals that sudo hands on to its command, and then waits for its end. */
const RELAYED = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** `sudo [NAME=VALUE…] COMMAND…`: the rest as given, since root is who asks. */
export const sudo: Program = steppedTool(function* (process): Steps {
  const words = process.argv.slice(1);
  const env = new Map(process.env);
  while (words.length > 0 && /^(-[EHnSi]|--)$/.test(words[0]!)) words.shift();
  if (words[0]?.startsWith("-") === true)
    throw new ToolExit(1, `sudo: option ${words[0]} is not supported here\n`);
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? "")) {
    const word = words.shift()!;
    env.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1));
  }
  if (words.length === 0)
    throw new ToolExit(
      1,
      "usage: sudo -h | -K | -k | -V\nusage: sudo [-ABbEHnPS] [VAR=value] [-i | -s] [command [arg ...]]\n",
    );
  if (findProgram(process.programs, words[0]!) === null)
    throw new ToolExit(1, `sudo: ${words[0]}: command not found\n`);
  const child = start(process, "sudo", words, { env });
  for (const signal of RELAYED) process.onSignal(signal, () => child.kill(signal));
  return yield* waitFor(child);
});

/** `env [NAME=VALUE…] [COMMAND…]`: the exported variables, or a command with others beside them. */
export const env: Program = steppedTool(function* (process): Steps {
  const words = process.argv.slice(1);
  const variables = new Map(words[0] === "-i" ? [] : process.env);
  if (words[0] === "-i") words.shift();
  if (words[0]?.startsWith("-") === true)
    throw new ToolExit(125, `env: option ${words[0]} is not supported here\n`);
  while (/^[^=]+=/.test(words[0] ?? "")) {
    const word = words.shift()!;
    variables.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1));
  }
  if (words.length > 0) return yield* waitFor(start(process, "env", words, { env: variables }));
  for (const [name, value] of variables) process.stdout.write(`${name}=${value}\n`);
  return 0;
});
