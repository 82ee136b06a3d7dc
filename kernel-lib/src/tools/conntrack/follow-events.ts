import type { Process, Steps } from "../../host/process.js";
import type { ConntrackEventType } from "../../netfilter/conntrack/events.js";
import { eventLine } from "../../netfilter/conntrack/print.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import type { CommandLine } from "./command-line.js";
import type { Filter } from "./filter.js";
import { readOutput } from "./output.js";
import { NAME, usageError } from "./usage.js";

const MASKS: Readonly<Record<string, readonly ConntrackEventType[]>> = {
  ALL: ["NEW", "UPDATE", "DESTROY"],
  NEW: ["NEW"],
  UPDATES: ["UPDATE"],
  DESTROY: ["DESTROY"],
};

/** `conntrack -E`: a line for each event, until a signal ends it. Expectations have no events. */
export function* followEvents(process: Process, line: CommandLine, filter: Filter): Steps<number> {
  const output = readOutput(line.options);
  const types = typesOf(line);
  const { scheduler } = process.host.world;
  const changed = new WaitQueue(scheduler);
  let shown = 0;
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.onSignal(signal, () => {
      stopped = true;
      changed.wakeAll();
    });
  const end = process.netns.netfilter.conntrack.events.subscribe((type, connection, by) => {
    if (line.table !== "conntrack" || !types.includes(type) || !filter(connection)) return;
    shown++;
    const stamp = output.timestamp ? `${stampText(scheduler.now)}\t` : "";
    const cause = by === 0 ? "" : ` [USERSPACE] portid=${by} progname=conntrack`;
    process.stdout.write(`${stamp}${eventLine(type, connection, scheduler.now, output)}${cause}\n`);
    changed.wakeAll();
  });
  try {
    while (!stopped) yield { kind: "outsider", queues: [changed] };
  } finally {
    end();
  }
  process.stderr.write(`${NAME}: ${shown} flow events have been shown.\n`);
  return 0;
}

function typesOf(line: CommandLine): readonly ConntrackEventType[] {
  const words = line.options.flatMap(({ key, value }) => (key === "e" ? value!.split(",") : []));
  if (words.length === 0) return MASKS.ALL!;
  return words.flatMap((word) => {
    const types = Object.hasOwn(MASKS, word.toUpperCase()) ? MASKS[word.toUpperCase()] : undefined;
    if (types === undefined) throw usageError(`Bad parameter \`${word}'`);
    return types;
  });
}

/** `[1795271919.034353]`. */
function stampText(at: number): string {
  const micros = Math.floor((at % 1e9) / 1e3);
  return `[${LAB_EPOCH_SECONDS + Math.floor(at / 1e9)}.${String(micros).padStart(6, "0")}]`;
}
