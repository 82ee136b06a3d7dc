import type { Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";
import type { ServicePort, ServiceSpec } from "./service.js";

/** The states of a task, in their order: one never goes back (api.TaskState). */
export const TASK_STATES = [
  "new",
  "pending",
  "assigned",
  "accepted",
  "preparing",
  "ready",
  "starting",
  "running",
  "complete",
  "shutdown",
  "failed",
  "rejected",
  "remove",
  "orphaned",
] as const;

export type TaskState = (typeof TASK_STATES)[number];

const RANKS = new Map<TaskState, number>(TASK_STATES.map((state, rank) => [state, rank]));

/** Whether a state comes before another one. */
export function isBefore(state: TaskState, other: TaskState): boolean {
  return RANKS.get(state)! < RANKS.get(other)!;
}

/** Whether a task in that state has ended: complete, shutdown, failed, rejected, remove, orphaned. */
export function hasEnded(state: TaskState): boolean {
  return isBefore("running", state);
}

export interface TaskStatus {
  readonly state: TaskState;
  /** When it came to that state. */
  readonly at: Nanoseconds;
  /** `started`, `pending task scheduling`. */
  readonly message: string;
  /** `no suitable node (…)`, `task: non-zero exit (1)`; empty when all is well. */
  readonly error: string;
  readonly containerId: string;
  readonly exitCode: number;
  /** Ports of the node that it has (`mode=host`), with what was chosen for them. */
  readonly ports: readonly ServicePort[];
}

/** A task's address in one network. */
export interface TaskAttachment {
  readonly networkId: string;
  readonly address: Ipv4;
}

/** One replica of a service, on one node, once (api.Task). */
export interface TaskObject {
  readonly id: string;
  readonly serviceId: string;
  /** From 1 on; 0 for a global service, whose tasks go by the node. */
  readonly slot: number;
  nodeId: string | null;
  desired: TaskState;
  status: TaskStatus;
  /** The service's spec of which it was made. */
  readonly spec: ServiceSpec;
  attachments: readonly TaskAttachment[];
  readonly createdAt: Nanoseconds;
  updatedAt: Nanoseconds;
  version: number;
  readonly cause: string;
}

/** Whether a task in that state does no more. */
export function isTerminal(state: TaskState): boolean {
  return TASK_STATES.indexOf(state) > TASK_STATES.indexOf("running");
}
