import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRoot, NOBODY, nodeOptions, permissionOptions, type StartPlan, type Wall } from "./wall.js";

/** Without bubblewrap: a child whose Node allows no other file, no process and no thread. */
export function nodeWall(): Wall {
  return {
    kind: "node",
    warning:
      "bubblewrap is not there: submissions run behind Node's permission model only, which is weaker (the network is open to them, and memory is watched instead of limited)",
    plan: (program, limits) => {
      if (!isRoot()) return child(program, [...nodeOptions(limits), ...permissionOptions(program)]);
      const copy = readableCopy(program);
      return {
        ...child(copy.path, [...nodeOptions(limits), ...permissionOptions(copy.path)]),
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
    plan: (program, limits) => child(program, nodeOptions(limits)),
  };
}

function child(program: string, options: readonly string[]): StartPlan {
  return {
    file: process.execPath,
    args: [...options, program],
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
