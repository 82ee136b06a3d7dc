import { ToolExit } from "../tool-exit.js";
import type { IpRun } from "./run.js";
import { RULE_USAGE } from "./usage.js";
import { matches, unsupported } from "./words.js";

/** `ip rule`: the three rules of every Linux. There are no others: adding one is refused. */
export function ipRule(run: IpRun, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined || matches(verb, "list") || matches(verb, "lst") || matches(verb, "show")) {
    if (rest.length > 0) throw unsupported('a selector of "rule show"');
    if (run.options.family === "inet6") throw unsupported("IPv6 routing");
    run.write("0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n");
    return 0;
  }
  if (matches(verb, "help")) throw new ToolExit(255, RULE_USAGE);
  for (const known of ["add", "delete", "flush", "save", "restore"]) {
    if (matches(verb, known)) throw unsupported(`command "rule ${known}"`);
  }
  throw new ToolExit(255, `Command "${verb}" is unknown, try "ip rule help".\n`);
}
