import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { devNull } from "node:os";

/** O_CLOEXEC of Linux (asm-generic/fcntl.h), as /proc writes the flags: in octal. */
const CLOSE_ON_EXEC = 0o2000000;

/** Our descriptors that every child would get: those that we were started with. Node opens its own so that they close. Empty where there is no /proc. */
function inherited(): number[] {
  try {
    return readdirSync("/proc/self/fd")
      .map(Number)
      .filter((number) => number > 2 && staysOpen(number));
  } catch {
    return [];
  }
}

function staysOpen(number: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, "utf8"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}

type Stdio = ("ignore" | "pipe" | number)[];

/**
 * What a child's `stdio` must be for it to have pipes as 0 to 3, the descriptors given, and none that we have inherited: /dev/null lies over those.
 * `close` closes on our side what the child has.
 */
export function stdioFor(given: ReadonlyMap<number, number>): {
  readonly stdio: Stdio;
  readonly close: () => void;
} {
  const stdio: Stdio = ["pipe", "pipe", "pipe", "pipe"];
  const nothing = openSync(devNull, "r");
  const ours = new Map([
    ...inherited()
      .filter((number) => number > 3)
      .map((number) => [number, nothing] as const),
    ...given,
  ]);
  for (const [number, descriptor] of ours) {
    while (stdio.length < number) stdio.push("ignore");
    stdio[number] = descriptor;
  }
  return {
    stdio,
    close: () => {
      for (const descriptor of [nothing, ...given.values()]) closeSync(descriptor);
    },
  };
}
