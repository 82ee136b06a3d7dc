import type { Process, Program } from "../../host/process.js";
import { awaitShell } from "../../host/waits.js";
import { bashFiles } from "./bash-files.js";
import { loadBash } from "./bash-module.js";
import { isGrep, mergePatterns } from "./grep-words.js";

/**
 * Filters and text tools that just-bash brings. In a shell they run inside it; as programs (`sudo grep`, `docker exec c grep`) each
 * runs in a small shell of its own.
 */
export const TEXT_TOOLS: readonly string[] = [
  "awk",
  "base64",
  "basename",
  "chmod",
  "column",
  "comm",
  "cp",
  "cut",
  "diff",
  "dirname",
  "du",
  "egrep",
  "env",
  "expand",
  "expr",
  "fgrep",
  "file",
  "find",
  "fold",
  "grep",
  "gunzip",
  "gzip",
  "join",
  "jq",
  "md5sum",
  "mv",
  "nl",
  "od",
  "paste",
  "printenv",
  "printf",
  "readlink",
  "rev",
  "sed",
  "seq",
  "sha1sum",
  "sha256sum",
  "sort",
  "split",
  "stat",
  "strings",
  "tac",
  "tar",
  "tee",
  "touch",
  "tr",
  "tree",
  "uniq",
  "wc",
  "xargs",
  "zcat",
];

/** Those of busybox. */
export const BUSYBOX_TEXT_TOOLS: readonly string[] = TEXT_TOOLS.filter(
  (name) => !["column", "file", "join", "jq"].includes(name),
);

/** The tool as a program. */
export function textTool(name: string): Program {
  return function* (process) {
    const abort = new AbortController();
    return yield* awaitShell(
      process,
      () => runTool(name, process, abort.signal),
      () => null,
      () => abort.abort(),
    );
  };
}

async function runTool(name: string, process: Process, signal: AbortSignal): Promise<number> {
  const { Bash } = await loadBash();
  const folder = process.files.exists("/usr/bin/env") ? "/usr/bin" : "/bin";
  const bash = new Bash({
    fs: bashFiles(process.files, { programFolder: folder }),
    env: Object.fromEntries(process.env),
    cwd: process.cwd,
    defenseInDepth: false,
  });
  const { stdout, stderr, exitCode } = await bash.exec(`${folder}/${name}`, {
    args: isGrep(name) ? mergePatterns(process.argv.slice(1)) : process.argv.slice(1),
    stdin: process.stdin,
    signal,
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return exitCode;
}
