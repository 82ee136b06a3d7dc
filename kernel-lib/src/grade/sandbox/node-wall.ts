import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath } from "./find-on-path.js";
import type { Limits } from "./limits.js";
import { NOBODY, nodeOptions, permissionOptions, type StartPlan, startsAsNobody, type Wall } from "./wall.js";

/** Without bubblewrap: a child whose Node allows no other file, no process and no thread. */
export function nodeWall(): Wall {
  return {
    kind: "node",
    warning:
      "bubblewrap is not there, or may make no namespaces: submissions run behind Node's permission model only, which is weaker (the network is open to them, and memory is watched instead of limited)",
    plan: (program, limits) => {
      if (!startsAsNobody())
        return child(program, [...nodeOptions(limits), ...permissionOptions(program)], limits);
      const copy = readableCopy(program);
      return {
        ...child(copy.path, [...nodeOptions(limits), ...permissionOptions(copy.path)], limits),
        user: NOBODY,
        dispose: copy.remove,
      };
    },
  };
}

/** A child with limits of time, memory and output, and nothing else. */
export function noWall(): Wall {
  return {
    kind: "none",
    warning: "no sandbox: submissions can read and change whatever you can",
    plan: (program, limits) => child(program, nodeOptions(limits), limits),
  };
}

/** Held by the kernel to its processor time, where prlimit is there: it ends also when the grader has been killed. */
function child(program: string, options: readonly string[], limits: Limits): StartPlan {
  const seconds = Math.ceil(limits.cpuSeconds);
  const prlimit = findOnPath("prlimit");
  const limited =
    prlimit === null ? [] : [prlimit, `--cpu=${seconds}:${seconds + 1}`, "--fsize=0", "--core=0", "--"];
  const words = [...limited, process.execPath, ...options, program];
  return {
    file: words[0]!,
    args: words.slice(1),
    descriptors: new Map(),
    dispose: () => undefined,
  };
}

/** The program where nobody can read it, even when the library lies in a folder of root's. */
function readableCopy(program: string): { readonly path: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-sandbox-"));
  chmodSync(folder, 0o755);
  const path = join(folder, "program.mjs");
  copyFileSync(program, path);
  chmodSync(path, 0o644);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
