import { KernelError } from "../../base/errno.js";
import type { Container } from "../../docker/container/container.js";
import { endpointRequest as withOwnNames } from "../../docker/container/containers.js";
import { removeContainer, startContainer, stopContainer } from "../../docker/container/lifecycle.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { hasEnded, isBefore, type TaskObject, type TaskState, type TaskStatus } from "../model/task.js";
import type { Agent } from "./agent.js";
import { containerRequest, endpointRequest, type TaskEndpoint } from "./container-request.js";
import { publishedPorts } from "./published-ports.js";

/**
 * One task on its node, from the moment at which the node was given it until it is removed (swarmkit's exec.Do and dockerexec's controller). It goes from state to
 * state and tells each; after a restart of the daemon it goes on where it was.
 */
export class TaskRun {
  container: Container | null = null;
  private status: TaskStatus;
  private desired: TaskState;
  private removed = false;
  private abandoned = false;
  /** Wakes when the managers have changed what they want of the task. */
  private readonly told: WaitQueue;

  constructor(
    private readonly agent: Agent,
    readonly task: TaskObject,
  ) {
    this.status = task.status;
    this.desired = task.desired;
    this.told = new WaitQueue(agent.member.engine.host.world.scheduler);
  }

  /** What the managers want now. */
  look(task: TaskObject): void {
    this.desired = task.desired;
    this.told.wakeAll();
  }

  /** The managers have removed the task: its container goes. */
  remove(): void {
    this.removed = true;
    this.told.wakeAll();
  }

  /** The node has left the swarm: nobody is told any more. */
  abandon(): void {
    this.abandoned = true;
  }

  /** A new session: the managers may not have heard how it goes. */
  tellAgain(): void {
    if (this.status.state !== "assigned") this.agent.member.report(this.task.id, this.status);
  }

  *steps(): Steps<void> {
    while (!this.removed) {
      if (this.abandoned) return;
      if (hasEnded(this.status.state)) yield* until([this.told]);
      else if (hasEnded(this.desired)) yield* this.inWords("shutdown", this.shutDown());
      else yield* this.step();
    }
    if (!hasEnded(this.status.state)) yield* this.inWords("shutdown", this.shutDown());
    if (this.container !== null) yield* this.as(removeContainer(this.engine, this.container, true));
  }

  private get engine() {
    return this.agent.member.engine;
  }

  private *step(): Steps<void> {
    switch (this.status.state) {
      case "assigned":
        return this.move("accepted", "accepted");
      case "accepted":
        return this.move("preparing", "preparing");
      case "preparing":
        return yield* this.inWords("ready", this.prepare());
      case "ready":
        if (isBefore(this.desired, "running")) yield* until([this.told]);
        else this.move("starting", "starting");
        return;
      case "starting":
        return yield* this.inWords("running", this.start());
      default:
        return yield* this.wait();
    }
  }

  /** Runs steps for the task; what goes wrong becomes the task's error: rejected before it starts, failed later. */
  private *inWords(next: TaskState, steps: Steps<void>): Steps<void> {
    try {
      yield* this.as(steps);
      const words = { ready: "prepared", running: "started", shutdown: "shutdown" } as Record<string, string>;
      this.move(next, words[next]!);
    } catch (error) {
      if (!(error instanceof DockerError || error instanceof KernelError)) throw error;
      const state = isBefore(this.status.state, "starting") ? "rejected" : "failed";
      this.move(state, this.status.message, error.message);
    }
  }

  /** Runs steps with the command as their cause that made the service what it is. */
  private *as(steps: Steps<void>): Steps<void> {
    const { cluster } = this.agent.member;
    const service = cluster?.store.services.get(this.task.serviceId);
    const cause = hasEnded(this.desired) ? (service?.cause ?? this.task.cause) : this.task.cause;
    yield* this.engine.serving.run(cause, steps);
  }

  private *prepare(): Steps<void> {
    const { engine, task } = this;
    const { spec } = task;
    for (const part of this.agent.networking) if (part.prepare) yield* part.prepare(task);
    yield* engine.work(80);
    const image = engine.images.find(spec.container.image);
    const endpoints = this.endpoints();
    const request = containerRequest(task, this.agent.member.node, image, endpoints);
    const container = engine.containers.create(request);
    for (const { network, request: endpoint } of endpoints.slice(1))
      container.networks.set(
        network.name,
        withOwnNames(container, engine.networks.tryFind(network.name), endpoint),
      );
    this.container = container;
  }

  private endpoints(): readonly TaskEndpoint[] {
    const { networks } = this.agent.member.cluster!.store;
    return this.task.attachments.flatMap(({ networkId }) => {
      const network = networks.get(networkId);
      return network === undefined ? [] : [{ network, request: endpointRequest(this.task, networkId) }];
    });
  }

  private *start(): Steps<void> {
    const container = this.container!;
    // It has been started before the daemon ended: how it went is seen by waiting for it.
    if (container.status !== "created") return;
    try {
      yield* startContainer(this.engine, container);
    } catch (error) {
      if (!(error instanceof DockerError || error instanceof KernelError)) throw error;
      throw new DockerError(`starting container failed: ${error.message}`);
    }
    for (const part of this.agent.networking) if (part.activate) yield* part.activate(this.task, container);
  }

  /** Until the container ends by itself, or the managers want something else. */
  private *wait(): Steps<void> {
    const container = this.container!;
    if (container.running) {
      yield* until([container.changed, this.told]);
      return;
    }
    const { exitCode } = container;
    if (exitCode === 0) this.move("complete", "finished");
    else this.move("failed", this.status.message, `task: non-zero exit (${exitCode})`);
  }

  private *shutDown(): Steps<void> {
    const { container, engine, task } = this;
    const parts = [...this.agent.networking].reverse();
    if (container?.running) {
      for (const part of parts) if (part.deactivate) yield* part.deactivate(task, container);
      yield* stopContainer(engine, container, task.spec.container.stopGracePeriod);
    }
    for (const part of parts) if (part.release) yield* part.release(task);
  }

  private move(state: TaskState, message: string, error = ""): void {
    const { container } = this;
    if (this.abandoned) return;
    this.status = {
      state,
      at: this.engine.host.world.scheduler.now,
      message,
      error,
      containerId: container?.id ?? "",
      exitCode: hasEnded(state) ? (container?.exitCode ?? 0) : 0,
      ports: state === "running" && container !== null ? publishedPorts(container) : [],
    };
    this.agent.member.report(this.task.id, this.status);
  }
}
