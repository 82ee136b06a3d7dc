import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { Scheduler } from "../../kernel-lib/src/sim/scheduler.js";
import type { NodeObject } from "../../kernel-lib/src/swarm/model/node.js";
import type { ServiceObject, ServiceSpec } from "../../kernel-lib/src/swarm/model/service.js";
import { Store } from "../../kernel-lib/src/swarm/model/store.js";
import { hasEnded, type TaskObject, type TaskState } from "../../kernel-lib/src/swarm/model/task.js";
import { Orchestration } from "../../kernel-lib/src/swarm/orchestrator/orchestration.js";
import { plainService } from "../../kernel-lib/src/swarm/service/defaults.js";

/** What the container of a task does: it runs, or it ends so many seconds after its start. */
export type Behaviour = "runs" | { readonly ends: number; readonly status: number };

/** A store with the leader's parts on it, and nodes that only say how their tasks go: they run after half a second, and stop after one. */
export class BareSwarm {
  readonly scheduler = new Scheduler();
  readonly store = new Store(this.scheduler);
  readonly orchestration: Orchestration;
  /** How tasks of an image go. */
  readonly behaviours = new Map<string, Behaviour>();
  private count = 0;
  private readonly begun = new Set<string>();
  private readonly stopping = new Set<string>();

  constructor(nodes: readonly string[] = ["docker01", "docker02", "docker03"]) {
    this.orchestration = new Orchestration({
      store: this.store,
      scheduler: this.scheduler,
      allocation: {
        service: () => false,
        task: () => true,
        releaseService: () => {},
        releaseTask: () => {},
      },
      historyLimit: () => 5,
      newId: () => `id${++this.count}`,
    });
    for (const hostname of nodes) this.addNode(hostname);
    this.store.watch(({ table, id }) => {
      const task = table === "task" ? this.store.tasks.get(id) : undefined;
      if (task !== undefined) this.attend(task);
    });
    this.orchestration.lead();
  }

  addNode(hostname: string): NodeObject {
    const node: NodeObject = {
      id: hostname,
      hostname,
      address: 0,
      role: hostname === "docker02" ? "worker" : "manager",
      availability: "active",
      labels: new Map(),
      engineLabels: new Map(),
      state: "ready",
      message: "",
      engineVersion: "20.10.24",
      createdAt: 0,
      updatedAt: 0,
      version: 0,
    };
    this.store.put("node", node);
    return node;
  }

  changeNode(hostname: string, change: Partial<Pick<NodeObject, "availability" | "state">>): void {
    this.store.put("node", Object.assign(this.store.nodes.get(hostname)!, change));
  }

  create(name: string, more: Partial<ServiceSpec> = {}): ServiceObject {
    const service: ServiceObject = {
      id: name,
      spec: { ...plainService(name, "good"), ...more },
      previousSpec: null,
      ports: [],
      virtualIps: [],
      updateStatus: null,
      createdAt: this.scheduler.now,
      updatedAt: this.scheduler.now,
      version: 0,
      cause: "",
    };
    this.store.put("service", service);
    return service;
  }

  update(name: string, more: Partial<ServiceSpec>): void {
    const service = this.store.services.get(name)!;
    service.previousSpec = service.spec;
    service.spec = { ...service.spec, ...more };
    service.updateStatus = null;
    this.store.put("service", service);
  }

  run(time: number): void {
    this.scheduler.runFor(seconds(time));
  }

  /** `web.1 docker01 running/running image`, by slot and age. */
  tasks(name?: string): readonly string[] {
    return this.taskObjects(name).map(
      ({ spec, slot, nodeId, desired, status }) =>
        `${spec.name}.${slot} ${nodeId ?? "-"} ${desired}/${status.state}${status.error === "" ? "" : ` ${status.error}`}`,
    );
  }

  taskObjects(name?: string): readonly TaskObject[] {
    return [...this.store.tasks.values()]
      .filter(({ spec }) => name === undefined || spec.name === name)
      .sort((a, b) => a.slot - b.slot);
  }

  /** How many tasks run on each node. */
  spread(name?: string): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { nodeId, status } of this.taskObjects(name))
      if (status.state === "running") counts[nodeId!] = (counts[nodeId!] ?? 0) + 1;
    return counts;
  }

  /** What a node does when it hears of a task. A node that is down hears nothing. */
  private attend(task: TaskObject): void {
    const node = task.nodeId === null ? undefined : this.store.nodes.get(task.nodeId);
    const { state } = task.status;
    if (node === undefined || node.state === "down" || hasEnded(state)) return;
    if (state === "assigned" && !this.begun.has(task.id)) {
      this.begun.add(task.id);
      this.later(0.2, () => this.report(task, "ready", 0));
    } else if (state === "ready" && task.desired === "running") this.start(task);
    if (hasEnded(task.desired) && this.begun.has(task.id) && !this.stopping.has(task.id)) {
      this.stopping.add(task.id);
      this.later(1, () => this.report(task, "shutdown", 0));
    }
  }

  private start(task: TaskObject): void {
    this.later(0.3, () => {
      const behaviour = this.behaviours.get(task.spec.container.image) ?? "runs";
      this.report(task, "running", 0);
      if (behaviour === "runs") return;
      const { ends, status } = behaviour;
      this.later(ends, () => this.report(task, status === 0 ? "complete" : "failed", status));
    });
  }

  private report(task: TaskObject, state: TaskState, exitCode: number): void {
    if (hasEnded(task.status.state) || !this.store.tasks.has(task.id)) return;
    const error = exitCode === 0 ? "" : `task: non-zero exit (${exitCode})`;
    task.status = { ...task.status, state, at: this.scheduler.now, error, exitCode };
    this.store.put("task", task);
  }

  private later(time: number, then: () => void): void {
    this.scheduler.after(ms(time * 1000), then);
  }
}
