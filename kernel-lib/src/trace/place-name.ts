interface Place {
  readonly machine: string;
  readonly netns: string;
}

/** A swarm task's name without its id: `helloworld.1.s0pbl6…` is `helloworld.1`; of a global service the node's id stays: `web.ndl5n7…`. Other names stay as they are. */
export function shortName(name: string): string {
  return name.replace(/\.[0-9a-z]{25}$/, "");
}

/**
 * Names for the places of these events: the namespace's, short for a task of a swarm unless two tasks would share it, and behind it the machine's where two
 * machines have a namespace of that name.
 */
export function placeNames(events: readonly Place[]): (place: Place) => string {
  const tasks = group(events.map(({ netns }) => [shortName(netns), netns]));
  const label = (netns: string) => ((tasks.get(shortName(netns))?.size ?? 0) > 1 ? netns : shortName(netns));
  const machines = group(events.map(({ machine, netns }) => [netns, machine]));
  return ({ machine, netns }) =>
    (machines.get(netns)?.size ?? 0) > 1 && netns !== machine
      ? `${label(netns)} on ${machine}`
      : label(netns);
}

function group(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const [key, value] of pairs) {
    const known = groups.get(key);
    if (known === undefined) groups.set(key, new Set([value]));
    else known.add(value);
  }
  return groups;
}
