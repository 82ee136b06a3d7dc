import type { Program, ProgramTable } from "./process.js";

/** Looks a program up as execvp does: by name, or by a path whose last component is one (`/bin/sh`, `/usr/sbin/ip`). */
export function findProgram(programs: ProgramTable, name: string): Program | null {
  const direct = programs.get(name);
  if (direct !== undefined) return direct;
  const match = /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(name);
  return match === null ? null : (programs.get(match[1]!) ?? null);
}
