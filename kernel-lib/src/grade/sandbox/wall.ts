import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Limits, SandboxKind } from "./limits.js";

/** How a program is started behind a wall. */
export interface StartPlan {
  readonly file: string;
  readonly args: readonly string[];
  /** Descriptors that the started program has beside 0, 1, 2 and {@link CHANNEL}: its number to one of ours. They are closed here when it has started. */
  readonly descriptors: ReadonlyMap<number, number>;
  /** As whom it is started; not there: as we are. */
  readonly user?: number;
  /** What the kernel itself holds it to, beside the watcher; asked when it has ended. */
  readonly usage?: () => { readonly outOfMemory: boolean };
  /** Takes away what was made for it. */
  readonly dispose: () => void;
}

/** A way to start a program so that it reaches nothing. */
export interface Wall {
  readonly kind: SandboxKind;
  /** What a teacher must know of it; null for the best wall. */
  readonly warning: string | null;
  plan(program: string, limits: Limits): StartPlan;
}

/** The descriptor to which a program in the sandbox tells what it has to tell, a line of JSON each time. */
export const CHANNEL = 3;

/** The user "nobody": owns nothing. */
export const NOBODY = 65_534;

const isRoot = (): boolean => process.getuid?.() === 0;

/** Whether a program should be started as nobody: by root, where Node does not lie in a folder of root's own. */
export const startsAsNobody = (): boolean => isRoot() && everybodyReads(realpathSync(process.execPath));

function everybodyReads(path: string): boolean {
  const enters = 0o001;
  return dirname(path) === path || ((statSync(path).mode & enters) !== 0 && everybodyReads(dirname(path)));
}

/** Node's options for every wall: V8 stops at three quarters of the memory, so that it can say so; the rest is for what V8 does not count. */
export function nodeOptions(limits: Limits): string[] {
  return ["--no-warnings", `--max-old-space-size=${Math.floor((limits.memoryBytes / 2 ** 20) * 0.75)}`];
}

/** Node's permission model, with nothing to read but the program: no other file, no process, no thread, no addon. Its name has changed in 22.13 and 23.5. */
export function permissionOptions(program: string, version: string = process.versions.node): string[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const stable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return [stable ? "--permission" : "--experimental-permission", `--allow-fs-read=${program}`];
}
