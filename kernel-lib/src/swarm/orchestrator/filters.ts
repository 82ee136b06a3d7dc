import type { ServiceSpec } from "../model/service.js";
import type { TaskObject } from "../model/task.js";
import { type Constraint, meetsConstraints, parseConstraints } from "./constraint.js";
import { hostPorts, type NodeLoad } from "./node-load.js";

/** What a machine has for its tasks: two CPUs and 4 GB, as `docker info` says of every machine of a lab. */
export const MACHINE = { nanoCpus: 2e9, memoryBytes: 4_110_000_000 };

/** One reason for which a node cannot take a task, with the words for how many nodes it holds (`nodes` is their number). */
interface Filter {
  fits(load: NodeLoad, task: TaskObject, constraints: readonly Constraint[]): boolean;
  explain(nodes: number): string;
}

const many = (nodes: number, one: string, text: (nodes: number) => string) =>
  nodes === 1 ? one : text(nodes);

/** In the order in which swarmkit's scheduler asks (scheduler.defaultFilters). */
const FILTERS: readonly Filter[] = [
  {
    fits: ({ node }) => node.state === "ready" && node.availability === "active",
    explain: (nodes) =>
      many(nodes, "1 node not available for new tasks", (n) => `${n} nodes not available for new tasks`),
  },
  {
    fits: ({ reserved }, { spec: { reservations } }) =>
      reserved.nanoCpus + reservations.nanoCpus <= MACHINE.nanoCpus &&
      reserved.memoryBytes + reservations.memoryBytes <= MACHINE.memoryBytes,
    explain: (nodes) =>
      many(nodes, "insufficient resources on 1 node", (n) => `insufficient resources on ${n} nodes`),
  },
  {
    fits: ({ node }, _, constraints) => meetsConstraints(node, constraints),
    explain: (nodes) =>
      many(
        nodes,
        "scheduling constraints not satisfied on 1 node",
        (n) => `scheduling constraints not satisfied on ${n} nodes`,
      ),
  },
  {
    fits: (load, { spec }) => hostPorts(spec.ports).every((port) => !load.hostPorts.has(port)),
    explain: (nodes) =>
      many(
        nodes,
        "host-mode port already in use on 1 node",
        (n) => `host-mode port already in use on ${n} nodes`,
      ),
  },
  {
    fits: ({ ofService }, { spec, serviceId }) =>
      spec.maxReplicas === 0 || (ofService.get(serviceId) ?? 0) < spec.maxReplicas,
    explain: () => "max replicas per node limit exceed",
  },
];

/** The nodes that can take a task. Where there are none, `why` says it in the words of `docker service ps`. */
export interface Choice {
  readonly fitting: readonly NodeLoad[];
  readonly why: string;
}

const CONSTRAINTS = new WeakMap<ServiceSpec, readonly Constraint[]>();

/** Asks each node every filter's question, until one says no. */
export function fittingNodes(loads: readonly NodeLoad[], task: TaskObject): Choice {
  let constraints = CONSTRAINTS.get(task.spec);
  if (constraints === undefined) {
    constraints = parseConstraints(task.spec.constraints);
    CONSTRAINTS.set(task.spec, constraints);
  }
  const refused = FILTERS.map(() => 0);
  const fitting = loads.filter((load) => {
    const filter = FILTERS.findIndex(({ fits }) => !fits(load, task, constraints));
    if (filter >= 0) refused[filter]!++;
    return filter < 0;
  });
  return { fitting, why: fitting.length > 0 ? "" : explain(refused) };
}

/** `no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks)`: the filter that refused most first. */
function explain(refused: readonly number[]): string {
  const reasons = FILTERS.map(({ explain }, i) => ({ nodes: refused[i]!, text: explain(refused[i]!) }))
    .filter(({ nodes }) => nodes > 0)
    .sort((a, b) => b.nodes - a.nodes)
    .map(({ text }) => text);
  return reasons.length === 0 ? "no suitable node" : `no suitable node (${reasons.join("; ")})`;
}
