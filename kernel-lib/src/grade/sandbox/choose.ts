import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bubblewrapWall } from "./bubblewrap.js";
import { DEFAULT_LIMITS, type SandboxKind } from "./limits.js";
import { nodeWall, noWall } from "./node-wall.js";
import { runProgram } from "./run-program.js";
import type { Wall } from "./wall.js";

/** A wall of that kind. Throws an Error where it is not installed. */
export function wallOf(kind: SandboxKind): Wall {
  if (kind === "node") return nodeWall();
  if (kind === "none") return noWall();
  const wall = bubblewrapWall();
  if (wall === null) throw new Error("bubblewrap is not installed (it needs the programs bwrap and prlimit)");
  return wall;
}

/** Whether a program really runs behind a wall: many containers have bubblewrap and may make no namespace. */
export async function holds(wall: Wall): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-sandbox-"));
  const program = join(folder, "probe.mjs");
  writeFileSync(program, 'import { writeSync } from "node:fs"; writeSync(3, "here\\n");');
  try {
    const { lines } = await runProgram(wall, program, "", { ...DEFAULT_LIMITS, wallSeconds: 20 });
    return lines[0] === "here";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The best wall that this machine has: bubblewrap, else Node's own. Never none: that one must be asked for. */
export async function bestWall(): Promise<Wall> {
  const wall = bubblewrapWall();
  return wall !== null && (await holds(wall)) ? wall : nodeWall();
}
