interface Place {
  readonly machine: string;
  readonly netns: string;
}

/** Names for the places of these events: the namespace's, and behind it the machine's where two machines have a namespace of that name. */
export function placeNames(events: readonly Place[]): (place: Place) => string {
  const machines = new Map<string, Set<string>>();
  for (const { machine, netns } of events) {
    const known = machines.get(netns);
    if (known === undefined) machines.set(netns, new Set([machine]));
    else known.add(machine);
  }
  return ({ machine, netns }) =>
    (machines.get(netns)?.size ?? 0) > 1 && netns !== machine ? `${netns} on ${machine}` : netns;
}
