import type { Process, Program } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import { runBatch } from "../ip/batch.js";
import { netnsByName } from "../ip/netns.js";
import { matches, unsupported } from "../ip/words.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
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
export const bridge: Program = steppedTool(function* (process) {
  const { run, words, batch } = readOptions(process);
  if (batch === null) return perform(run, words);
  return yield* runBatch(process, batch.file, batch.force, (given) => perform(run, given));
});

function perform(run: BridgeRun, words: readonly string[]): number {
  const [object, ...rest] = words;
  if (object === undefined) throw new ToolExit(255, BRIDGE_COMMAND_USAGE);
  const entry = OBJECTS.find(([name]) => matches(object, name));
  if (entry !== undefined) return entry[1](run, rest);
  for (const name of ["mdb", "vni", "monitor"])
    if (matches(object, name)) throw unsupported(`object "${name}"`, "bridge");
  if (matches(object, "help")) throw new ToolExit(255, BRIDGE_COMMAND_USAGE);
  throw new ToolExit(255, `Object "${object}" is unknown, try "bridge help".\n`);
}

interface CommandLine {
  readonly run: BridgeRun;
  readonly words: readonly string[];
  /** `-batch FILE`, and whether `-force` stands there, too; null: no batch. */
  readonly batch: { readonly file: string; readonly force: boolean } | null;
}

function readOptions(process: Process): CommandLine {
  const { argv } = process;
  let { netns } = process;
  let details = false;
  let statistics = false;
  let force = false;
  let file: string | null = null;
  let at = 1;
  for (; argv[at]?.startsWith("-") === true; at++) {
    const option = argv[at]!.startsWith("--") ? argv[at]!.slice(1) : argv[at]!;
    if (matches(option, "-help")) throw new ToolExit(255, BRIDGE_COMMAND_USAGE);
    if (matches(option, "-Version")) throw new ToolExit(0, "", "bridge utility, 6.1.0\n");
    if (matches(option, "-stats") || matches(option, "-statistics")) statistics = true;
    else if (matches(option, "-details")) details = true;
    else if (matches(option, "-netns")) netns = netnsByName(process, argv[++at] ?? "");
    else if (option === "-c" || option.startsWith("-color") || option === "-c=never") continue;
    else if (option === "-force") force = true;
    else if (option.length > 1 && matches(option, "-batch")) file = argv[++at] ?? "";
    else if (/^-(oneline|timestamp|family|4|6|json|pretty|compressvlans|o|t|f|j|p)$/.test(option))
      throw unsupported(`option "${option}"`, "bridge");
    else throw new ToolExit(255, `Option "${argv[at]}" is unknown, try "bridge help".\n`);
  }
  const now = process.host.world.scheduler.now;
  return {
    run: { process, netns, details, statistics, now, write: (text) => process.stdout.write(text) },
    words: argv.slice(at),
    batch: file === null ? null : { file, force },
  };
}
