import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";

/** The process that has a database: its number, and when it began (clock ticks since boot), since numbers are used again. */
interface OwnerLine {
  readonly pid: number;
  readonly began: string;
}

/**
 * Takes a file for this process alone. One whose process has ended, by `kill -9` too, is taken over; one whose process runs is refused with an error that names it.
 * Gives what lets it go.
 */
export function takeOwnership(path: string): () => void {
  for (;;) {
    try {
      const handle = openSync(path, "wx", 0o600);
      writeSync(handle, JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) }));
      closeSync(handle);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = readOwner(path);
    if (owner !== null && isRunning(owner))
      throw new Error(`process ${owner.pid} is grading into this folder already`);
    rmSync(path, { force: true });
  }
}

function readOwner(path: string): OwnerLine | null {
  try {
    const { pid, began } = JSON.parse(readFileSync(path, "utf8")) as OwnerLine;
    return Number.isInteger(pid) && pid > 0 ? { pid, began } : null;
  } catch {
    return null;
  }
}

function isRunning({ pid, began }: OwnerLine): boolean {
  if (pid === process.pid) return began === beginningOf(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" && beginningOf(pid) === began;
  }
  return beginningOf(pid) === began;
}

/** Field 22 of `/proc/PID/stat` (proc(5)); empty where there is no such file, and for a process that only waits for its parent to notice its end. */
function beginningOf(pid: number): string {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return "";
  const fields = readFileSync(path, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields[0] === "Z" ? "ended" : (fields[19] ?? "");
}
