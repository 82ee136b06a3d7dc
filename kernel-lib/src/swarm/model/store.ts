import type { Scheduler } from "../../sim/scheduler.js";
import type { NetworkObject } from "./network.js";
import type { NodeObject } from "./node.js";
import type { ServiceObject } from "./service.js";
import type { TaskObject } from "./task.js";

/** What the managers of a swarm agree on, by id. */
interface Tables {
  node: NodeObject;
  service: ServiceObject;
  task: TaskObject;
  network: NetworkObject;
}

export type TableName = keyof Tables;

export interface Change {
  readonly table: TableName;
  readonly id: string;
  readonly removed: boolean;
  /** The node of a task that was removed. */
  readonly nodeId: string | null;
}

/**
 * The state of a swarm as its managers agree on it (swarmkit's raft-replicated memory store). The lab keeps it once: how Raft copies it is not modelled,
 * whether there is a majority to change it is.
 */
export class Store {
  readonly nodes = new Map<string, NodeObject>();
  readonly services = new Map<string, ServiceObject>();
  readonly tasks = new Map<string, TaskObject>();
  readonly networks = new Map<string, NetworkObject>();
  private readonly ofService = new Map<string, Map<string, TaskObject>>();
  private readonly ofNode = new Map<string, Map<string, TaskObject>>();
  private readonly listeners = new Set<(change: Change) => void>();
  /** The Raft log's index: the version that the next change gets. */
  private index = 10;

  constructor(private readonly scheduler: Scheduler) {}

  /** Puts an object in, or says that it has changed. Listeners hear of it in an event of their own. */
  put<T extends TableName>(table: T, object: Tables[T]): void {
    object.version = ++this.index;
    this.table(table).set(object.id, object);
    if (table === "task") this.addToIndexes(object as TaskObject);
    this.tell({ table, id: object.id, removed: false, nodeId: null });
  }

  remove(table: TableName, id: string): void {
    this.index++;
    const task = table === "task" ? this.tasks.get(id) : undefined;
    if (task !== undefined) {
      this.ofService.get(task.serviceId)?.delete(id);
      if (task.nodeId !== null) this.ofNode.get(task.nodeId)?.delete(id);
    }
    if (this.table(table).delete(id)) this.tell({ table, id, removed: true, nodeId: task?.nodeId ?? null });
  }

  /** The tasks of a service, oldest first. */
  tasksOfService(serviceId: string): readonly TaskObject[] {
    return [...(this.ofService.get(serviceId)?.values() ?? [])];
  }

  /** The tasks that a node has been given, in the order in which it got them. */
  tasksOfNode(nodeId: string): readonly TaskObject[] {
    return [...(this.ofNode.get(nodeId)?.values() ?? [])];
  }

  /** Calls `listener` after each change. Returns a function that ends it. */
  watch(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private addToIndexes(task: TaskObject): void {
    entry(this.ofService, task.serviceId).set(task.id, task);
    if (task.nodeId !== null) entry(this.ofNode, task.nodeId).set(task.id, task);
  }

  private table<T extends TableName>(name: T): Map<string, Tables[T]> {
    const tables = { node: this.nodes, service: this.services, task: this.tasks, network: this.networks };
    return tables[name] as unknown as Map<string, Tables[T]>;
  }

  private tell(change: Change): void {
    this.scheduler.after(0, () => {
      for (const listener of [...this.listeners]) listener(change);
    });
  }
}

function entry<T>(index: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let group = index.get(key);
  if (group === undefined) {
    group = new Map();
    index.set(key, group);
  }
  return group;
}
