import type { LinkView, Topology } from "../lab/topology.js";
import { shortName } from "../trace/place-name.js";
import type { DrawingTable } from "./drawing-table.js";
import type { Step } from "./topology-ways.js";

const HEAD = ["machine", "namespace", "device", "kind", "address", "state", "wired to"];

/** What the map shows: a row for each device, and with a packet's moves the numbers of those that lead to it. */
export function topologyTable({ machines, links }: Topology, moves: readonly Step[]): DrawingTable {
  const names = new Map(
    machines.flatMap(({ name, namespaces }) =>
      namespaces.flatMap(({ label, root, devices }) =>
        devices.map((device) => [device.id, `${device.name} of ${root ? name : shortName(label)}`] as const),
      ),
    ),
  );
  const rows = machines.flatMap(({ name, namespaces }) =>
    namespaces.flatMap(({ label, root, devices }) =>
      devices.map((device) => [
        name,
        root ? "" : shortName(label),
        device.name,
        device.kind,
        device.addresses.join(", ") || device.mac,
        device.up ? "up" : "down",
        wiredTo(device.id, links, names),
        ...(moves.length === 0 ? [] : [reachedBy(device.id, moves)]),
      ]),
    ),
  );
  const tail = moves.length === 0 ? [] : ["reached by the packet's move"];
  return { caption: "Data: the devices and what they are wired to", head: [...HEAD, ...tail], rows };
}

function wiredTo(id: string, links: readonly LinkView[], names: ReadonlyMap<string, string>): string {
  const ends = links.flatMap(({ from, to, kind, notes = [] }) => {
    if (from !== id && to !== id) return [];
    const other = names.get(from === id ? to : from);
    if (other === undefined) return [];
    const what =
      kind === "port" ? (from === id ? "port" : "bridge") : kind === "cable" ? "cable to" : "pair with";
    return [`${what} ${other}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`];
  });
  return ends.join(", ");
}

function reachedBy(id: string, moves: readonly Step[]): string {
  const numbers = moves.flatMap(({ to }, i) => (to === id ? [`${i + 1}`] : []));
  return numbers.length === 0 && moves[0]?.from === id ? "starts here" : numbers.join(", ");
}
