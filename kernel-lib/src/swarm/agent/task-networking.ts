import type { Container } from "../../docker/container/container.js";
import type { Steps } from "../../host/process.js";
import type { TaskObject } from "../model/task.js";

/** What a node's overlay networks and its balancing do for a task. Every step may be left out. */
export interface TaskNetworking {
  /** Makes the networks that the task is to be in, where the node does not have them yet; before its container is made. Throws DockerError. */
  prepare?(task: TaskObject): Steps<void>;
  /** The container runs: connections may come (adapter.activateServiceBinding). */
  activate?(task: TaskObject, container: Container): Steps<void>;
  /** The container is about to be stopped: no new connections are to come (adapter.deactivateServiceBinding). */
  deactivate?(task: TaskObject, container: Container): Steps<void>;
  /** The container has stopped: networks of which it was the last on this node may go. */
  release?(task: TaskObject): Steps<void>;
}
