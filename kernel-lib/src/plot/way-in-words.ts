import { formatDuration } from "../base/units.js";
import type { Hop } from "../trace/hop.js";
import type { Journey } from "../trace/journey.js";

/** `The packet TCP SYN … goes client → router → docker01: 24 hops, 15.8 µs.` */
export function wayInWords({ summary, path, hops, duration }: Journey): string {
  const count = `${hops.length} hop${hops.length === 1 ? "" : "s"}`;
  const way = path.length === 1 ? `stays on ${path[0]}` : `goes ${path.join(" → ")}`;
  return `The packet ${summary} ${way}: ${count}, ${formatDuration(duration)}.`;
}

/** How it ended; of a flooded frame also a copy's loss, but for those that were for another machine's card. */
export function endInWords({ hops }: Journey): string {
  const ends = new Map<number, Hop>();
  for (const hop of hops)
    if (hop.event.kind === "deliver" || hop.event.kind === "drop") ends.set(hop.branch, hop);
  const delivered = [...ends.values()].findLast(({ event }) => event.kind === "deliver");
  const lost = [...ends.values()].findLast(
    ({ event }) => event.kind === "drop" && (delivered === undefined || event.reason !== "OTHERHOST"),
  );
  if (delivered === undefined && lost === undefined) return "It is still under way.";
  if (delivered === undefined) return `It is ${lost!.text}.`;
  return `It is ${delivered.text}.${lost === undefined ? "" : ` A copy of it is ${lost.text}.`}`;
}
