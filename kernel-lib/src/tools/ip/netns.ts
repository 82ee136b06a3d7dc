import { KernelError } from "../../base/errno.js";
import type { ExecOptions, Process, Steps } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import { errnoText, ToolExit } from "../tool-exit.js";
import { NETNS_DIRECTORY, namedNetns } from "./netns-names.js";
import type { IpRun } from "./run.js";
import { NETNS_USAGE } from "./usage.js";
import { incomplete, matches, unsupported } from "./words.js";

/** The directory as the tool itself names it in messages. */
const SHOWN_DIRECTORY = "/run/netns";

function openNetns(process: Process, path: string): Netns | string {
  try {
    const netns = process.files.netnsAt(path);
    return netns ?? "Invalid argument";
  } catch (error) {
    return errnoText(error);
  }
}

/** The namespace called `name` by `ip netns`, or the one of a path; the words of `ip -n NAME` when there is none. */
export function netnsByName(process: Process, name: string): Netns {
  const found = openNetns(process, name.includes("/") ? name : `${NETNS_DIRECTORY}/${name}`);
  if (typeof found === "string")
    throw new ToolExit(255, `Cannot open network namespace "${name}": ${found}\n`);
  return found;
}

/** What `netns WORD` of `ip link` means: a name or a path, else a process number. Null: neither. */
export function netnsArgument(run: IpRun, word: string): Netns | "no such process" | null {
  const found = openNetns(run.process, word.includes("/") ? word : `${NETNS_DIRECTORY}/${word}`);
  if (typeof found !== "string") return found;
  if (!/^\d+$/.test(word)) return null;
  return run.process.host.processes.get(Number(word))?.netns ?? "no such process";
}

/** The namespace that the other end of a new pair goes to: the kernel answers for a process that is not there. */
export function netlinkPeerNamespace(_run: IpRun, netns: Netns | "no such process"): Netns {
  if (netns === "no such process") throw new ToolExit(2, "RTNETLINK answers: No such process\n");
  return netns;
}

/** `ip netns`: list, add, del, exec, identify, pids. */
export function ipNetns(run: IpRun, words: readonly string[]): number | Steps<number> {
  const [verb = "list", ...rest] = words;
  if (matches(verb, "list") || matches(verb, "show") || matches(verb, "lst")) return list(run);
  if (matches(verb, "list-id")) return listIds(run);
  if (matches(verb, "help")) throw new ToolExit(255, NETNS_USAGE);
  if (matches(verb, "add")) return add(run, rest);
  if (matches(verb, "set")) throw unsupported('command "netns set"');
  if (matches(verb, "delete")) return remove(run, rest);
  if (matches(verb, "identify")) return identify(run, rest);
  if (matches(verb, "pids")) return pids(run, rest);
  if (matches(verb, "exec")) return execute(run, rest);
  if (matches(verb, "monitor")) throw unsupported('command "netns monitor"');
  if (matches(verb, "attach")) throw unsupported('command "netns attach"');
  throw new ToolExit(255, `Command "${verb}" is unknown, try "ip netns help".\n`);
}

function list(run: IpRun): number {
  for (const { name, netns } of namedNetns(run.process)) {
    const id = run.netns.peekNetnsId(netns);
    run.write(id === null || id < 0 ? `${name}\n` : `${name} (id: ${id})\n`);
  }
  return 0;
}

function listIds(run: IpRun): number {
  const named = namedNetns(run.process);
  const known = run.process.host
    .netnsList()
    .map((netns) => ({
      id: run.netns.peekNetnsId(netns),
      name: named.find((other) => other.netns === netns)?.name,
    }))
    .filter((entry): entry is { id: number; name: string | undefined } => entry.id !== null && entry.id >= 0)
    .sort((a, b) => a.id - b.id);
  for (const { id, name } of known)
    run.write(`nsid ${id} ${name === undefined ? "" : `(iproute2 netns name: ${name})`}\n`);
  return 0;
}

function nameOf(words: readonly string[]): string {
  const [name] = words;
  if (name === undefined) throw new ToolExit(1, "No netns name specified\n");
  if (name.includes("/") || name === "." || name === "..")
    throw new ToolExit(255, `Invalid netns name "${name}"\n`);
  return name;
}

function add(run: IpRun, words: readonly string[]): number {
  const name = nameOf(words);
  const { files, host } = run.process;
  const path = `${NETNS_DIRECTORY}/${name}`;
  if (!files.exists(NETNS_DIRECTORY)) files.mkdir(NETNS_DIRECTORY, { recursive: true });
  if (linkExists(run.process, path)) {
    throw new ToolExit(1, `Cannot create namespace file "${SHOWN_DIRECTORY}/${name}": File exists\n`);
  }
  files.write(path, "");
  files.mountNetns(path, host.createNetns(name));
  return 0;
}

function linkExists(process: Process, path: string): boolean {
  try {
    process.files.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof KernelError) return false;
    throw error;
  }
}

function remove(run: IpRun, words: readonly string[]): number {
  const name = nameOf(words);
  const path = `${NETNS_DIRECTORY}/${name}`;
  const { files } = run.process;
  try {
    if (files.lstat(path).type !== "symlink" && files.netnsAt(path) !== null) files.unmountNetns(path);
    files.unlink(path);
  } catch (error) {
    throw new ToolExit(1, `Cannot remove namespace file "${SHOWN_DIRECTORY}/${name}": ${errnoText(error)}\n`);
  }
  return 0;
}

function identify(run: IpRun, words: readonly string[]): number {
  const pid = words[0] === undefined || words[0] === "self" ? run.process.pid : Number(words[0]);
  if (!Number.isInteger(pid)) throw new ToolExit(255, `Specified string '${words[0]}' is not a pid\n`);
  const netns = pid === run.process.pid ? run.netns : run.process.host.processes.get(pid)?.netns;
  if (netns === undefined)
    throw new ToolExit(255, `Cannot open network namespace: No such file or directory\n`);
  const names = namedNetns(run.process).filter((entry) => entry.netns === netns);
  run.write(names.length === 0 ? "\n" : names.map(({ name }) => `${name}\n`).join(""));
  return 0;
}

function pids(run: IpRun, words: readonly string[]): number {
  const name = nameOf(words);
  const netns = openNetns(run.process, `${NETNS_DIRECTORY}/${name}`);
  if (typeof netns === "string") throw new ToolExit(1, `Cannot open network namespace: ${netns}\n`);
  for (const [pid, process] of run.process.host.processes)
    if (process.netns === netns && process.exitCode === null) run.write(`${pid}\n`);
  return 0;
}

function* execute(run: IpRun, words: readonly string[]): Steps<number> {
  const [name, ...argv] = words;
  if (name === undefined) throw new ToolExit(1, "No netns name specified\n");
  const [command] = argv;
  if (command === undefined) throw new ToolExit(1, "No command specified\n");
  const netns = netnsByName(run.process, name);
  return yield* runIn(
    run.process,
    netns,
    argv,
    () => new ToolExit(1, `exec of "${command}" failed: No such file or directory\n`),
  );
}

/** Goes over to a command in another network namespace; `missing` is the complaint when there is no such program. */
export function* runIn(
  process: Process,
  netns: Netns,
  argv: readonly string[],
  missing: () => ToolExit,
  taken: Pick<ExecOptions, "files" | "programs" | "uts"> = { files: process.files.remountSys(netns) },
): Steps<number> {
  if (argv.length === 0) throw incomplete();
  const outcome = begin(process, { argv, netns, ...taken }, missing);
  return typeof outcome === "number" ? outcome : yield* outcome;
}

function begin(process: Process, options: ExecOptions, missing: () => ToolExit): number | Steps {
  try {
    return process.exec(options);
  } catch (error) {
    if (error instanceof KernelError && error.errno === "ENOENT") throw missing();
    throw error;
  }
}
