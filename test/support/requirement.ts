import { spawnSync } from "node:child_process";
import { describe } from "vitest";

/** Set where nothing may be skipped: what is missing then fails. */
const NOTHING_SKIPPED = process.env.HOPBOOK_NOTHING_SKIPPED === "1";

/** Whether a program answers on this machine. */
export function hasProgram(program: string, args: readonly string[] = ["--version"]): boolean {
  const { error, status } = spawnSync(program, args, { stdio: "ignore" });
  return error === undefined && status === 0;
}

/**
 * A suite that needs something which not every machine has. Where it is missing the suite is skipped, and its name says why; where nothing may
 * be skipped it runs and fails.
 */
export function describeWith(
  name: string,
  requirement: { readonly met: boolean; readonly reason: string },
  suite: () => void,
): void {
  if (requirement.met || NOTHING_SKIPPED) describe(name, suite);
  else {
    console.log(`skipped: ${name}: ${requirement.reason}`);
    describe.skip(`${name} (skipped: ${requirement.reason})`, suite);
  }
}
