import type { Scheduler } from "../../sim/scheduler.js";
import type { ServiceObject } from "../model/service.js";
import type { Store } from "../model/store.js";
import type { TaskObject } from "../model/task.js";

/** Gives services and tasks their addresses and ports (swarmkit's allocator). */
export interface Allocation {
  /** Fills in virtual addresses and published ports. True when something of the service has changed. */
  service(service: ServiceObject): boolean;
  /** Fills in the task's address in each of its networks. False: not yet, something is missing. */
  task(task: TaskObject): boolean;
  /** The service is gone. */
  releaseService(serviceId: string): void;
  /** The task has ended, or is gone. */
  releaseTask(taskId: string): void;
}

/** What the leader's parts work with. */
export interface Leading {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly allocation: Allocation;
  /** Tasks of a slot that are kept, the running one among them. */
  historyLimit(): number;
  newId(): string;
}
