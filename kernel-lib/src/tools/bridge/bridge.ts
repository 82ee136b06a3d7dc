import type { Process, Program } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import { netnsByName } from "../ip/netns.js";
import { matches, unsupported } from "../ip/words.js";
import { ToolExit, tool } from "../tool-exit.js";
import { bridgeFdb } from "./fdb.js";
import { bridgeLink } from "./link.js";
import { BRIDGE_COMMAND_USAGE } from "./usage.js";
import { bridgeVlan } from "./vlan.js";

/** One run of `bridge`. */
export interface BridgeRun {
  readonly process: Process;
  readonly netns: Netns;
  readonly details: boolean;
  readonly statistics: boolean;
  readonly now: number;
  write(text: string): void;
}

const OBJECTS: readonly (readonly [string, (run: BridgeRun, words: readonly string[]) => number])[] = [
  ["link", bridgeLink],
  ["fdb", bridgeFdb],
  ["vlan", bridgeVlan],
];

/** `bridge` of iproute2 6.1.0: link, fdb and the listing of vlan. Multicast databases and monitoring are refused. */
export const bridge: Program = tool((process) => {
  const { run, words } = readOptions(process);
  const [object, ...rest] = words;
  if (object === undefined) throw new ToolExit(255, BRIDGE_COMMAND_USAGE);
  const entry = OBJECTS.find(([name]) => matches(object, name));
  if (entry !== undefined) return entry[1](run, rest);
  for (const name of ["mdb", "vni", "monitor"])
    if (matches(object, name)) throw unsupported(`object "${name}"`, "bridge");
  if (matches(object, "help")) throw new ToolExit(255, BRIDGE_COMMAND_USAGE);
  throw new ToolExit(255, `Object "${object}" is unknown, try "bridge help".\n`);
});

function readOptions(process: Process): { run: BridgeRun; words: readonly string[] } {
  const { argv } = process;
  let { netns } = process;
  let details = false;
  let statistics = false;
  let at = 1;
  for (; argv[at]?.startsWith("-") === true; at++) {
    const option = argv[at]!.startsWith("--") ? argv[at]!.slice(1) : argv[at]!;
    if (matches(option, "-help")) throw new ToolExit(255, BRIDGE_COMMAND_USAGE);
    if (matches(option, "-Version")) throw new ToolExit(0, "", "bridge utility, 6.1.0\n");
    if (matches(option, "-stats") || matches(option, "-statistics")) statistics = true;
    else if (matches(option, "-details")) details = true;
    else if (matches(option, "-netns")) netns = netnsByName(process, argv[++at] ?? "");
    else if (option === "-c" || option.startsWith("-color") || option === "-c=never") continue;
    else if (
      /^-(oneline|timestamp|family|4|6|force|json|pretty|batch|compressvlans|o|t|f|j|p|b)$/.test(option)
    ) {
      throw unsupported(`option "${option}"`, "bridge");
    } else throw new ToolExit(255, `Option "${argv[at]}" is unknown, try "bridge help".\n`);
  }
  const now = process.host.world.scheduler.now;
  return {
    run: { process, netns, details, statistics, now, write: (text) => process.stdout.write(text) },
    words: argv.slice(at),
  };
}
