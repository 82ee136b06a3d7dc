import type { Ipv4 } from "../base/addresses.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import { DockerError } from "../docker/docker-error.js";
import type { Engine } from "../docker/engine.js";
import type { Steps } from "../host/process.js";
import { Thread } from "../host/thread.js";
import { until } from "../host/waits.js";
import { WaitQueue } from "../sim/wait-queue.js";
import { Agent } from "./agent/agent.js";
import { Balancing } from "./balancing/balancing.js";
import { TaskEndpoints } from "./balancing/task-endpoints.js";
import type { Cluster } from "./cluster/cluster.js";
import { Manager } from "./cluster/manager.js";
import { noLeader } from "./cluster/no-leader.js";
import { Session } from "./cluster/session.js";
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

/** How long a start waits for the session (cluster.swarmConnectTimeout). */
const CONNECT_TIMEOUT: Nanoseconds = seconds(20);

/** Time in which a node that was promoted or demoted gets a certificate for its new role. */
const CERTIFICATE_MS = 500;

/** An engine with swarm mode: a node of a swarm, or not (yet). */
export class SwarmMember {
  /** Null while the engine is in no swarm. It lasts from one dockerd to the next. */
  cluster: Cluster | null = null;
  nodeId = "";
  /** How many swarms it has begun. */
  swarmsBegun = 0;
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
  /** Whether there has been a session since it came into the swarm. */
  welcomed = false;
  /** What it does as a manager; null on a worker, and while its daemon is down. */
  manager: Manager | null = null;
  private session: Session | null = null;
  /** Wakes when the session stands. */
  private readonly met: WaitQueue;
  /** Wakes when the node leaves the swarm or its daemon ends: what runs in the background ends then. */
  readonly ended: WaitQueue;

  constructor(readonly engine: Engine) {
    this.ended = new WaitQueue(engine.host.world.scheduler);
    this.met = new WaitQueue(engine.host.world.scheduler);
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
    return this.manager !== null;
  }

  /** The swarm that this node manages, for a command that needs a manager and a leader. Throws DockerError. */
  expectManager(): Cluster {
    if (this.cluster === null) throw new DockerError(NOT_IN_SWARM, "server");
    if (this.manager === null) throw new DockerError(ONLY_WORKER, "server");
    if (!this.manager.raft.knowsLeader) throw noLeader(this.engine.version);
    return this.cluster;
  }

  /** Waits until a majority of the managers stands behind a change that is to come: for every command that changes the swarm. Throws DockerError. */
  *consent(): Steps<void> {
    this.expectManager();
    yield* this.manager!.raft.consent();
  }

  /** Runs steps beside the daemon until they are done, it ends, or the node leaves. Without a cause unless they say one. */
  background(steps: Steps<void>): Thread {
    return new Thread(this.engine.daemon, steps, [this.ended]);
  }

  /** Tells the leader how a task of this node goes. What cannot be told now is told when the session stands again. */
  report(taskId: string, status: TaskStatus): void {
    this.session?.report(taskId, status);
  }

  /**
   * The node begins its work: after it has come into a swarm, and at each later start of the daemon. Waits a while for its session, as dockerd
   * does before it takes commands.
   */
  *start(): Steps<void> {
    const { scheduler } = this.engine.host.world;
    if (this.node.role === "manager") this.beManager();
    const session = new Session(this, this.cluster!);
    this.session = session;
    for (const part of this.parts) yield* part.start?.() ?? [];
    this.background(session.run());
    const deadline = scheduler.now + CONNECT_TIMEOUT;
    while (!this.connected && scheduler.now < deadline) yield* until([this.met], deadline);
  }

  *stop(leaving: boolean): Steps<void> {
    for (const part of [...this.parts].reverse()) yield* part.stop?.(leaving) ?? [];
    this.end();
  }

  /** What ran in the background ends; also after the daemon was killed. */
  end(): void {
    this.disconnect();
    this.session = null;
    this.manager?.stop();
    this.manager = null;
    this.ended.wakeAll();
  }

  /** The node is a manager from now on. */
  beManager(): void {
    this.manager = new Manager(this, this.cluster!);
    this.manager.start();
  }

  /** The node does as its role says, when it has a certificate for it. */
  private *followRole(): Steps<void> {
    yield* this.engine.work(CERTIFICATE_MS);
    const wanted = this.cluster?.store.nodes.get(this.nodeId)?.role;
    if (wanted === "manager" && this.manager === null) this.beManager();
    if (wanted === "worker" && this.manager !== null) {
      this.manager.stop();
      this.manager = null;
    }
  }

  /** The leader says that what the node is to do has changed. */
  assigned(): void {
    const role = this.cluster?.store.nodes.get(this.nodeId)?.role;
    if (role !== undefined && (role === "manager") !== this.isManager) this.background(this.followRole());
    for (const part of this.parts) part.assigned?.();
  }

  /** The session stands. */
  connect(): void {
    if (this.connected) return;
    this.connected = true;
    this.welcomed = true;
    for (const part of this.parts) part.connected?.();
    this.assigned();
    this.met.wakeAll();
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    for (const part of this.parts) part.disconnected?.();
  }
}
