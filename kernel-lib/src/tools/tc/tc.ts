import type { Program } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import { netnsByName } from "../ip/netns.js";
import { matches, unsupported } from "../ip/words.js";
import { ToolExit, tool } from "../tool-exit.js";
import { tcQdisc } from "./qdisc.js";
import { TC_USAGE } from "./usage.js";

/** One run of `tc`. */
export interface TcRun {
  readonly netns: Netns;
  readonly statistics: boolean;
  write(text: string): void;
}

/** `tc` of iproute2 6.1.0: queueing disciplines at a device's root, netem and tbf. Classes, filters and actions are refused. */
export const tc: Program = tool((process) => {
  const { argv } = process;
  let { netns } = process;
  let statistics = false;
  let at = 1;
  for (; argv[at]?.startsWith("-") === true; at++) {
    const option = argv[at]!.startsWith("--") ? argv[at]!.slice(1) : argv[at]!;
    if (matches(option, "-stats") || matches(option, "-statistics")) statistics = true;
    else if (matches(option, "-details")) continue;
    else if (matches(option, "-help")) throw new ToolExit(0, TC_USAGE);
    else if (matches(option, "-Version"))
      throw new ToolExit(0, "", "tc utility, iproute2-6.1.0, libbpf 1.1.2\n");
    else if (matches(option, "-netns")) netns = netnsByName(process, argv[++at] ?? "");
    else if (
      /^-(raw|pretty|oneline|graph|force|batch|json|iec|brief|timestamp|names|nm|color.*|Numeric|[rpogfbjitcN]|br)$/.test(
        option,
      )
    )
      throw unsupported(`option "${option}"`, "tc");
    else throw new ToolExit(255, `Option "${option}" is unknown, try "tc -help".\n`);
  }
  const [object, ...words] = argv.slice(at);
  if (object === undefined || matches(object, "help")) throw new ToolExit(0, TC_USAGE);
  if (matches(object, "qdisc"))
    return tcQdisc({ netns, statistics, write: (text) => process.stdout.write(text) }, words);
  for (const name of ["class", "filter", "chain", "actions", "monitor", "exec"])
    if (matches(object, name)) throw unsupported(`object "${name}"`, "tc");
  throw new ToolExit(255, `Object "${object}" is unknown, try "tc help".\n`);
});
