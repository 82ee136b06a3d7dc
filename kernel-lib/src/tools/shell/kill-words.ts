import type { Signal } from "../../host/process.js";

const SIGNALS: Readonly<Record<string, Signal>> = {
  "1": "SIGHUP",
  HUP: "SIGHUP",
  "2": "SIGINT",
  INT: "SIGINT",
  "3": "SIGQUIT",
  QUIT: "SIGQUIT",
  "9": "SIGKILL",
  KILL: "SIGKILL",
  "15": "SIGTERM",
  TERM: "SIGTERM",
};

export interface KillRequest {
  /** 0 asks only whether the process is there. */
  readonly signal: Signal | 0;
  readonly targets: readonly string[];
}

/** Reads the words of `kill`: `-9`, `-s TERM`, `-INT`, `-SIGINT`; an error text for what is no signal (or none of the modelled ones). */
export function readKill(args: readonly string[]): KillRequest | { readonly error: string } {
  const targets = [...args];
  let name = "TERM";
  const first = targets[0] ?? "";
  if (first === "-s" || first === "-n") {
    name = targets[1] ?? "";
    targets.splice(0, 2);
  } else if (/^-[A-Z0-9]/i.test(first)) {
    name = first.slice(1);
    targets.shift();
  }
  if (targets[0] === "--") targets.shift();
  if (targets.length === 0)
    return {
      error: "usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]",
    };
  if (name === "0") return { signal: 0, targets };
  const signal = SIGNALS[name.toUpperCase().replace(/^SIG/, "")];
  return signal === undefined ? { error: `${name}: invalid signal specification` } : { signal, targets };
}
