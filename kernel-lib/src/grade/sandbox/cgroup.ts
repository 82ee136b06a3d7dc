import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "./limits.js";

const ROOT = "/sys/fs/cgroup";

/** Control groups that hold one program to its memory and processes. */
export interface Cgroup {
  /** The folders that it joins; none where this machine lets us make none. */
  readonly folders: readonly string[];
  usage(): { readonly outOfMemory: boolean };
  /** Removes them; all their processes must have ended. */
  remove(): void;
}

let made = 0;

/** Makes control groups of either kind (cgroup2, or cgroup with a folder for each controller). */
export function makeCgroup(limits: Limits): Cgroup {
  const unified = existsSync(join(ROOT, "cgroup.controllers"));
  if (made === 0) removeLeft(unified ? [ROOT] : [join(ROOT, "memory"), join(ROOT, "pids")]);
  const name = `hopbook-${process.pid}-${made++}`;
  const settings: readonly (readonly [folder: string, file: string, value: number])[] = unified
    ? [
        [join(ROOT, name), "memory.max", limits.memoryBytes],
        [join(ROOT, name), "memory.swap.max", 0],
        [join(ROOT, name), "pids.max", limits.processes + 4],
      ]
    : [
        [join(ROOT, "memory", name), "memory.limit_in_bytes", limits.memoryBytes],
        [join(ROOT, "memory", name), "memory.memsw.limit_in_bytes", limits.memoryBytes],
        [join(ROOT, "pids", name), "pids.max", limits.processes + 4],
      ];
  const folders = [...new Set(settings.flatMap(([folder]) => (makeFolder(folder) ? [folder] : [])))];
  for (const [folder, file, value] of settings) writeIfThere(join(folder, file), value);
  return {
    folders,
    usage: () => ({ outOfMemory: folders.some(killedForMemory) }),
    remove: () => {
      for (const folder of folders) removeFolder(folder);
    },
  };
}

/** Takes away the groups of graders that were killed. */
function removeLeft(parents: readonly string[]): void {
  for (const parent of parents.filter((folder) => existsSync(folder)))
    for (const name of readdirSync(parent)) {
      const grader = /^hopbook-(\d+)-\d+$/.exec(name)?.[1];
      if (grader !== undefined && !existsSync(`/proc/${grader}`)) removeFolder(join(parent, name), 0);
    }
}

function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return existsSync(folder);
  }
}

function writeIfThere(file: string, value: number): void {
  try {
    if (existsSync(file)) writeFileSync(file, String(value));
  } catch {
    // A kernel without accounting of swap refuses that one; the other limits hold.
  }
}

function killedForMemory(folder: string): boolean {
  const counts = ["memory.events", "memory.oom_control"].map((file) => join(folder, file));
  return counts.some((file) => existsSync(file) && /^oom_kill [1-9]/m.test(readFileSync(file, "utf8")));
}

/** The kernel lets go of a group a moment after its last process has ended. */
function removeFolder(folder: string, attempts = 50): void {
  try {
    rmdirSync(folder);
  } catch {
    if (attempts > 0) setTimeout(() => removeFolder(folder, attempts - 1), 20).unref();
  }
}
