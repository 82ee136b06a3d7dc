import type { ServiceObject } from "../model/service.js";
import type { TaskObject, TaskState, TaskStatus } from "../model/task.js";
import type { Leading } from "./leading.js";

/** Where a task belongs: a slot of a replicated service, or a node of a global one. */
export interface Place {
  readonly slot: number;
  readonly nodeId: string | null;
}

/** Puts a new task of a service into the store (orchestrator.NewTask). */
export function addTask(
  { store, scheduler, newId }: Leading,
  service: ServiceObject,
  { slot, nodeId }: Place,
  desired: TaskState = "running",
): TaskObject {
  const { now } = scheduler;
  const task: TaskObject = {
    id: newId(),
    serviceId: service.id,
    slot,
    nodeId,
    desired,
    status: statusAt(now, "new", "created"),
    spec: service.spec,
    attachments: [],
    createdAt: now,
    updatedAt: now,
    version: 0,
    cause: service.cause,
  };
  store.put("task", task);
  return task;
}

/** A status without a container. */
export function statusAt(at: number, state: TaskState, message: string, error = ""): TaskStatus {
  return { state, at, message, error, containerId: "", exitCode: 0, ports: [] };
}

/** Says what a task is to become. What has been decided is never taken back: a state only goes on. */
export function want({ store, scheduler }: Leading, task: TaskObject, desired: TaskState): void {
  if (task.desired === desired) return;
  task.desired = desired;
  task.updatedAt = scheduler.now;
  store.put("task", task);
}

/** What tells tasks apart that follow each other: those of one slot, or of one node of a global service. */
export function slotKey({ serviceId, slot, nodeId }: TaskObject): string {
  return slot === 0 ? `${serviceId}/${nodeId}` : `${serviceId}.${slot}`;
}
