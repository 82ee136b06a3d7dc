import { readFileSync } from "node:fs";

/** Clock ticks a second in which Linux tells processor time (USER_HZ). */
const TICKS = 100;
const PAGE = 4096;

export interface Usage {
  /** Of all processes that live; those that have ended count with the one that waited for them. */
  readonly cpuSeconds: number;
  /** Resident memory; what two processes share counts twice. */
  readonly memoryBytes: number;
}

/** What a process and its descendants use now; null where there is no /proc, or when it has ended. */
export function treeUsage(pid: number): Usage | null {
  let cpuSeconds = 0;
  let memoryBytes = 0;
  const seen = [pid];
  for (const process of seen) {
    const fields = statOf(process);
    if (fields === null) continue;
    // utime, stime, cutime, cstime and rss of proc(5), which counts from 1; the first here is the third.
    const [user = 0, system = 0, ofUser = 0, ofSystem = 0] = fields.slice(11, 15);
    cpuSeconds += (user + system + ofUser + ofSystem) / TICKS;
    memoryBytes += (fields[21] ?? 0) * PAGE;
    seen.push(...childrenOf(process));
  }
  return seen.length === 1 && cpuSeconds === 0 && memoryBytes === 0 ? null : { cpuSeconds, memoryBytes };
}

/** The numbers behind the name, which may hold anything. */
function statOf(pid: number): number[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    return null;
  }
}

/** Children of any of its threads. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
