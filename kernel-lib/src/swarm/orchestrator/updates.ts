import type { ServiceObject } from "../model/service.js";
import type { TaskObject } from "../model/task.js";
import { isDirty } from "./dirty.js";
import type { Leading } from "./leading.js";
import type { Restarts } from "./restarts.js";
import { ServiceUpdate, setUpdateStatus } from "./service-update.js";

/** The updates that are under way, one for each service (swarmkit's update.Supervisor). */
export class Updates {
  private readonly running = new Map<string, ServiceUpdate>();

  constructor(
    private readonly leading: Leading,
    private readonly restarts: Restarts,
  ) {}

  /** Brings slots up to date that are not: at once where an update of this very spec is not under way already. */
  update(service: ServiceObject, slots: readonly (readonly TaskObject[])[]): void {
    const current = this.running.get(service.id);
    if (current !== undefined) {
      if (current.isOf(service)) return;
      current.cancel();
      this.running.delete(service.id);
    }
    const state = service.updateStatus?.state;
    if (state === "paused" || state === "rollback_paused") return;
    const { nodes } = this.leading.store;
    const dirty = slots.filter(
      (slot) => slot.length > 1 || slot.some((task) => isDirty(service, task, nodes.get(task.nodeId ?? ""))),
    );
    if (dirty.length === 0) {
      if (state === "updating" || state === "rollback_started")
        setUpdateStatus(this.leading, service, state === "updating" ? "completed" : "rollback_completed");
      return;
    }
    const update = new ServiceUpdate(this.leading, this.restarts, service, dirty, () => {
      if (this.running.get(service.id) === update) this.running.delete(service.id);
    });
    this.running.set(service.id, update);
    update.start();
  }

  /** A task has changed. */
  look(task: TaskObject): void {
    this.running.get(task.serviceId)?.look(task);
  }

  /** The service is gone. */
  drop(serviceId: string): void {
    this.running.get(serviceId)?.cancel();
    this.running.delete(serviceId);
  }

  cancel(): void {
    for (const update of this.running.values()) update.cancel();
    this.running.clear();
  }
}
