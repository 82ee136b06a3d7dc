import type { Ipv4 } from "../base/addresses.js";
import { DockerError } from "../docker/docker-error.js";
import type { Engine } from "../docker/engine.js";
import type { Steps } from "../host/process.js";
import { Thread } from "../host/thread.js";
import { WaitQueue } from "../sim/wait-queue.js";
import { Agent } from "./agent/agent.js";
import { Balancing } from "./balancing/balancing.js";
import { TaskEndpoints } from "./balancing/task-endpoints.js";
import type { Cluster } from "./cluster/cluster.js";
import { Discovery } from "./discovery/discovery.js";
import type { NodeObject } from "./model/node.js";
import type { TaskStatus } from "./model/task.js";
import { Overlay } from "./overlay/overlay.js";
import { MemberNetworks } from "./overlay/swarm-networks.js";
import type { MemberPart } from "./parts.js";

const NOT_IN_SWARM =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const ONLY_WORKER =
  "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";

/** An engine with swarm mode: a node of a swarm, or not (yet). */
export class SwarmMember {
  /** Null while the engine is in no swarm. It lasts from one dockerd to the next. */
  cluster: Cluster | null = null;
  nodeId = "";
  /** The node's address for the others (`--advertise-addr`); also its end of the VXLAN tunnels. */
  address: Ipv4 = 0;
  /** What it does as a node, in this order. */
  readonly parts: MemberPart[] = [];
  /** The swarm's networks that it has. */
  readonly overlay: Overlay;
  /** What the engine's commands ask about the swarm's networks. */
  readonly networks: MemberNetworks;
  /** What it balances. */
  readonly balancing: Balancing;
  readonly taskEndpoints = new TaskEndpoints(this);
  /** The names in its networks. */
  readonly discovery: Discovery;
  /** What it does about its tasks. */
  readonly agent = new Agent(this);
  /** Whether its session with the leader stands. */
  connected = false;
  /** Wakes when the node leaves the swarm or its daemon ends: what runs in the background ends then. */
  readonly ended: WaitQueue;

  constructor(readonly engine: Engine) {
    this.ended = new WaitQueue(engine.host.world.scheduler);
    this.overlay = new Overlay(this);
    this.networks = new MemberNetworks(this, this.overlay);
    this.balancing = new Balancing(this, this.overlay.gossip);
    this.discovery = new Discovery(this.overlay.gossip);
  }

  /** The node as the managers know it. */
  get node(): NodeObject {
    const node = this.cluster?.store.nodes.get(this.nodeId);
    if (node === undefined) throw new Error(`bug in hopbook: ${this.engine.host.name} is no node of a swarm`);
    return node;
  }

  get isManager(): boolean {
    return this.cluster?.store.nodes.get(this.nodeId)?.role === "manager";
  }

  /** The swarm that this node manages, for a command that needs a manager. Throws DockerError. */
  expectManager(): Cluster {
    if (this.cluster === null) throw new DockerError(NOT_IN_SWARM, "server");
    if (!this.isManager) throw new DockerError(ONLY_WORKER, "server");
    return this.cluster;
  }

  /** Runs steps beside the daemon until they are done, it ends, or the node leaves. Without a cause unless they say one. */
  background(steps: Steps<void>): Thread {
    return new Thread(this.engine.daemon, steps, [this.ended]);
  }

  /** Tells the leader how a task of this node goes. What cannot be told now is told when the session stands again. */
  report(taskId: string, status: TaskStatus): void {
    const task = this.cluster?.store.tasks.get(taskId);
    if (task === undefined) return;
    task.status = status;
    task.updatedAt = this.engine.host.world.scheduler.now;
    this.cluster!.store.put("task", task);
  }

  /** The node begins its work: after it has come into a swarm, and at each later start of the daemon. */
  *start(): Steps<void> {
    for (const part of this.parts) yield* part.start?.() ?? nothing();
    this.connect();
  }

  *stop(leaving: boolean): Steps<void> {
    this.disconnect();
    for (const part of [...this.parts].reverse()) yield* part.stop?.(leaving) ?? nothing();
    this.ended.wakeAll();
  }

  /** The session stands. */
  connect(): void {
    if (this.connected) return;
    this.connected = true;
    for (const part of this.parts) part.connected?.();
    for (const part of this.parts) part.assigned?.();
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    for (const part of this.parts) part.disconnected?.();
  }
}

function* nothing(): Steps<void> {}
