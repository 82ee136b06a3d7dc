import type { Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";
import type { ServiceSpec } from "./service.js";

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
