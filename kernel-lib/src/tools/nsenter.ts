import type { Program, Steps } from "../host/process.js";
import type { Netns } from "../stack/netns.js";
import { runIn } from "./ip/netns.js";
import { errnoText, steppedTool, ToolExit } from "./tool-exit.js";

const NAMESPACES: Readonly<Record<string, string>> = {
  m: "mnt",
  mount: "mnt",
  u: "uts",
  uts: "uts",
  i: "ipc",
  ipc: "ipc",
  n: "net",
  net: "net",
  p: "pid",
  pid: "pid",
};

interface Request {
  target: string | null;
  /** Namespaces to enter, with the file that names each; empty for that of the target. */
  readonly enter: Map<string, string>;
  command: readonly string[];
}

function read(argv: readonly string[]): Request {
  const request: Request = { target: null, enter: new Map(), command: [] };
  let at = 1;
  for (; argv[at]?.startsWith("-") === true; at++) {
    const word = argv[at]!;
    if (word === "--") {
      at++;
      break;
    }
    if (word === "-t" || word === "--target") request.target = argv[++at] ?? "";
    else if (word.startsWith("--target=")) request.target = word.slice(9);
    else if (/^-t\d+$/.test(word)) request.target = word.slice(2);
    else if (word.startsWith("--")) readLong(request, word.slice(2));
    else readCluster(request, word.slice(1));
  }
  request.command = argv.slice(at);
  return request;
}

function tryHelp(complaint: string): ToolExit {
  return new ToolExit(1, `${complaint}\nTry 'nsenter --help' for more information.\n`);
}

function readLong(request: Request, word: string): void {
  const [name = "", path = ""] = word.split("=");
  const namespace = name.length > 1 && Object.hasOwn(NAMESPACES, name) ? NAMESPACES[name] : undefined;
  if (namespace === undefined) throw tryHelp(`nsenter: unrecognized option '--${name}'`);
  request.enter.set(namespace, path);
}

/** `-n`, `-mun`, or `-n/path`. */
function readCluster(request: Request, letters: string): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]!;
    const namespace = Object.hasOwn(NAMESPACES, letter) ? NAMESPACES[letter] : undefined;
    if (namespace === undefined) throw tryHelp(`nsenter: invalid option -- '${letter}'`);
    const rest = letters.slice(i + 1);
    const path = rest.startsWith("=") || rest.startsWith("/") ? rest.replace(/^=/, "") : "";
    request.enter.set(namespace, path);
    if (path !== "") return;
  }
}

/**
 * `nsenter -t PID -n COMMAND` and `nsenter --net=FILE COMMAND` of util-linux: runs a command in the namespaces of a process. Mount and UTS namespaces
 * bring the target's files, programs and host name.
 */
export const nsenter: Program = steppedTool(function* (process): Steps<number> {
  const { target, enter, command } = read(process.argv);
  const targetProcess = target === null ? null : process.host.processes.get(Number(target));
  let netns: Netns = process.netns;
  for (const [namespace, given] of enter) {
    if (given === "" && target === null)
      throw new ToolExit(1, `nsenter: neither filename nor target pid supplied for ns/${namespace}\n`);
    const path = given === "" ? `/proc/${target}/ns/${namespace}` : given;
    if (namespace !== "net") {
      if (targetProcess === null || targetProcess === undefined)
        throw new ToolExit(1, `nsenter: cannot open ${path}: No such file or directory\n`);
      continue;
    }
    // The machine's own /proc leads to the same place; an engine that sets up hundreds of containers asks often.
    if (given === "" && targetProcess && process.innerPid === process.pid) {
      netns = targetProcess.netns;
      continue;
    }
    try {
      const found = process.files.netnsAt(path);
      if (found === null)
        throw new ToolExit(1, `nsenter: reassociate to namespace 'ns/net' failed: Invalid argument\n`);
      netns = found;
    } catch (error) {
      if (error instanceof ToolExit) throw error;
      throw new ToolExit(1, `nsenter: cannot open ${path}: ${errnoText(error)}\n`);
    }
  }
  const argv = command.length > 0 ? command : [process.env.get("SHELL") ?? "/bin/sh"];
  const other = targetProcess ?? null;
  return yield* runIn(
    process,
    netns,
    argv,
    () => new ToolExit(127, `nsenter: failed to execute ${argv[0]}: No such file or directory\n`),
    {
      ...(enter.has("mnt") && other !== null
        ? { files: other.files, programs: other.programs }
        : { files: process.files }),
      ...(enter.has("uts") && other !== null ? { uts: other.uts } : {}),
    },
  );
});
