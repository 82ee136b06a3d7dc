import type { Container } from "../../docker/container/container.js";
import { removeContainer } from "../../docker/container/lifecycle.js";
import type { Steps } from "../../host/process.js";
import type { SwarmMember } from "../member.js";
import { isBefore, type TaskObject } from "../model/task.js";
import type { MemberPart } from "../parts.js";
import { TASK_ID } from "./container-request.js";
import type { TaskNetworking } from "./task-networking.js";
import { TaskRun } from "./task-run.js";

/** What a node does about the tasks that it has been given (swarmkit's agent and its worker): each is a run of its own. */
export class Agent implements MemberPart {
  /** What else has to be done for a task, in this order; in the opposite one when it ends. */
  readonly networking: TaskNetworking[] = [];
  private readonly runs = new Map<string, TaskRun>();

  constructor(readonly member: SwarmMember) {}

  /** The daemon has started again: it goes on with the tasks that it had. */
  start(): undefined {
    for (const run of this.runs.values()) this.begin(run);
  }

  /** A node that leaves takes its tasks' containers along. */
  *stop(leaving: boolean): Steps<void> {
    if (!leaving) return;
    const { engine } = this.member;
    for (const run of this.runs.values()) run.abandon();
    this.runs.clear();
    for (const container of engine.containers.list())
      if (container.request.labels.has(TASK_ID)) yield* removeContainer(engine, container, true);
  }

  connected(): void {
    for (const run of this.runs.values()) run.tellAgain();
  }

  assigned(): void {
    const { cluster, nodeId } = this.member;
    const tasks = cluster!.store
      .tasksOfNode(nodeId)
      .filter(({ status }) => !isBefore(status.state, "assigned"));
    const given = new Set<string>();
    for (const task of tasks) {
      given.add(task.id);
      const run = this.runs.get(task.id);
      if (run !== undefined) run.look(task);
      else this.take(task);
    }
    for (const [id, run] of this.runs) if (!given.has(id)) run.remove();
  }

  /** The task whose container that is; null for a container of no task of this node. */
  taskOf(container: Container): TaskObject | null {
    return this.runs.get(container.request.labels.get(TASK_ID) ?? "")?.task ?? null;
  }

  /** The container of a task of this node; null before it is made. */
  containerOf(taskId: string): Container | null {
    return this.runs.get(taskId)?.container ?? null;
  }

  private take(task: TaskObject): void {
    const run = new TaskRun(this, task);
    this.runs.set(task.id, run);
    this.begin(run);
  }

  private begin(run: TaskRun): void {
    this.member.background(this.toTheEnd(run));
  }

  private *toTheEnd(run: TaskRun): Steps<void> {
    yield* run.steps();
    if (this.runs.get(run.task.id) === run) this.runs.delete(run.task.id);
  }
}
