import { type Nanoseconds, seconds } from "../../base/units.js";
import type { NodeObject } from "../model/node.js";
import type { Resources, ServicePort } from "../model/service.js";
import { hasEnded, isBefore, type TaskObject } from "../model/task.js";
import type { Leading } from "./leading.js";

/** How far back failures of a service's tasks count against a node, and how many make it the last choice (scheduler.monitorFailures, maxFailures). */
const MONITORED: Nanoseconds = seconds(300);
const MAX_FAILURES = 5;

/** What one node has to do: its tasks, and what they have reserved (swarmkit's scheduler.NodeInfo). */
export interface NodeLoad {
  readonly node: NodeObject;
  tasks: number;
  readonly ofService: Map<string, number>;
  reserved: Resources;
  /** Ports of the machine, as `80/tcp`. */
  readonly hostPorts: Set<string>;
  /** Recent failures by service. */
  readonly failures: Map<string, number>;
}

/** The loads of all nodes, in the order in which they came into the swarm. */
export function nodeLoads({ store, scheduler }: Leading): readonly NodeLoad[] {
  const loads = new Map<string, NodeLoad>();
  for (const node of store.nodes.values())
    loads.set(node.id, {
      node,
      tasks: 0,
      ofService: new Map(),
      reserved: { nanoCpus: 0, memoryBytes: 0 },
      hostPorts: new Set(),
      failures: new Map(),
    });
  for (const task of store.tasks.values()) {
    const load = task.nodeId === null ? undefined : loads.get(task.nodeId);
    if (load === undefined) continue;
    const { state, at } = task.status;
    if (!isBefore(state, "assigned") && !hasEnded(state)) addLoad(load, task);
    if ((state === "failed" || state === "rejected") && scheduler.now - at < MONITORED)
      load.failures.set(task.serviceId, (load.failures.get(task.serviceId) ?? 0) + 1);
  }
  return [...loads.values()];
}

/** Counts a task to a node. Tasks that are to stop no longer count for the spreading, but hold what they have reserved until they have stopped. */
export function addLoad(load: NodeLoad, { desired, serviceId, spec }: TaskObject): void {
  if (!hasEnded(desired)) {
    load.tasks++;
    load.ofService.set(serviceId, (load.ofService.get(serviceId) ?? 0) + 1);
  }
  load.reserved = {
    nanoCpus: load.reserved.nanoCpus + spec.reservations.nanoCpus,
    memoryBytes: load.reserved.memoryBytes + spec.reservations.memoryBytes,
  };
  for (const port of hostPorts(spec.ports)) load.hostPorts.add(port);
}

/** Ports of the machine itself that tasks of a service take. */
export function hostPorts(ports: readonly ServicePort[]): readonly string[] {
  return ports
    .filter(({ mode, publishedPort }) => mode === "host" && publishedPort !== 0)
    .map(({ publishedPort, protocol }) => `${publishedPort}/${protocol}`);
}

/** Negative when a task of the service should rather go to `a`: fewer recent failures, then fewer tasks of the service, then fewer tasks. */
export function compareLoads(a: NodeLoad, b: NodeLoad, serviceId: string): number {
  const count = (counts: ReadonlyMap<string, number>) => counts.get(serviceId) ?? 0;
  const failuresA = count(a.failures);
  const failuresB = count(b.failures);
  if (Math.max(failuresA, failuresB) >= MAX_FAILURES && failuresA !== failuresB) return failuresA - failuresB;
  const difference = count(a.ofService) - count(b.ofService);
  return difference !== 0 ? difference : a.tasks - b.tasks;
}
