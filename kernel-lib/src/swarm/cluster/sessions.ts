import type { Nanoseconds } from "../../base/units.js";
import type { NodeObject } from "../model/node.js";
import type { TaskStatus } from "../model/task.js";
import type { LeaderPart } from "../parts.js";
import type { Cluster } from "./cluster.js";
import type { ControlChannel } from "./control-channel.js";

/** Heartbeats that may be missed (dispatcher.defaultGracePeriodMultiplier). */
const GRACE = 3;

interface Session {
  readonly channel: ControlChannel | null;
  heardAt: Nanoseconds;
}

/** The leader's side of the nodes' sessions (swarmkit's dispatcher): who lives, and who is told what. */
export class Sessions implements LeaderPart {
  private readonly byNode = new Map<string, Session>();
  private readonly byChannel = new Map<ControlChannel, string>();
  /** Nodes with a look at them to come. */
  private readonly watched = new Set<string>();
  private era = 0;

  constructor(private readonly cluster: Cluster) {}

  /** A new leader has heard of nobody yet. */
  lead(): void {
    this.era++;
    const { store, leader } = this.cluster;
    for (const node of store.nodes.values()) {
      if (node.id === leader?.nodeId || node.state === "down") continue;
      this.change(node, "unknown", 'Node moved to "unknown" state due to leadership change in cluster');
      this.byNode.set(node.id, { channel: null, heardAt: this.now });
      this.watch(node.id);
    }
  }

  resign(): void {
    this.era++;
    for (const channel of this.byChannel.keys()) channel.close();
    this.byNode.clear();
    this.byChannel.clear();
    this.watched.clear();
  }

  /** A node's session begins; `channel` is null for the leader's own. False when the swarm does not know the node. */
  open(nodeId: string, channel: ControlChannel | null): boolean {
    const node = this.cluster.store.nodes.get(nodeId);
    if (node === undefined) return false;
    this.byNode.set(nodeId, { channel, heardAt: this.now });
    if (channel !== null) {
      this.byChannel.set(channel, nodeId);
      this.watch(nodeId);
    }
    if (node.state !== "ready") this.change(node, "ready", "");
    return true;
  }

  /** A node is no node of the swarm any more. */
  end(nodeId: string): void {
    const session = this.byNode.get(nodeId);
    this.byNode.delete(nodeId);
    if (session?.channel != null) {
      this.byChannel.delete(session.channel);
      session.channel.close();
    }
  }

  heard(channel: ControlChannel): void {
    const session = this.byNode.get(this.byChannel.get(channel) ?? "");
    if (session !== undefined) session.heardAt = this.now;
  }

  /** A connection has ended: the node has until its heartbeats are missed to open another. */
  broken(channel: ControlChannel): void {
    const nodeId = this.byChannel.get(channel);
    this.byChannel.delete(channel);
    const session = this.byNode.get(nodeId ?? "");
    if (session?.channel === channel) this.byNode.set(nodeId!, { channel: null, heardAt: session.heardAt });
  }

  /** What a node is to do has changed: it is told, if it can be. */
  tell(nodeId: string): void {
    if (this.cluster.leader?.nodeId === nodeId) this.cluster.leader.assigned();
    else this.byNode.get(nodeId)?.channel?.send({ kind: "assigned" });
  }

  report(channel: ControlChannel, updates: readonly (readonly [string, TaskStatus])[]): void {
    if (this.byChannel.has(channel)) this.take(updates);
  }

  /** Takes over how tasks go. */
  take(updates: readonly (readonly [string, TaskStatus])[]): void {
    const { store } = this.cluster;
    for (const [taskId, status] of updates) {
      const task = store.tasks.get(taskId);
      if (task === undefined) continue;
      task.status = status;
      task.updatedAt = this.now;
      store.put("task", task);
    }
  }

  private watch(nodeId: string): void {
    if (this.watched.has(nodeId)) return;
    this.watched.add(nodeId);
    this.lookLater(nodeId, this.patience);
  }

  private lookLater(nodeId: string, delay: Nanoseconds): void {
    const era = this.era;
    this.cluster.world.scheduler.after(delay, () => {
      if (era === this.era) this.look(nodeId);
    });
  }

  /** Is the node still heard? */
  private look(nodeId: string): void {
    const session = this.byNode.get(nodeId);
    const node = this.cluster.store.nodes.get(nodeId);
    const left = (session?.heardAt ?? 0) + this.patience - this.now;
    if (node !== undefined && session !== undefined && left > 0) {
      this.lookLater(nodeId, left);
      return;
    }
    this.watched.delete(nodeId);
    this.end(nodeId);
    if (node !== undefined) this.change(node, "down", "heartbeat failure");
  }

  private change(node: NodeObject, state: NodeObject["state"], message: string): void {
    node.state = state;
    node.message = message;
    node.updatedAt = this.now;
    this.cluster.store.put("node", node);
  }

  /** Silence after which a node counts as dead. */
  private get patience(): Nanoseconds {
    return this.cluster.spec.heartbeat * GRACE;
  }

  private get now(): Nanoseconds {
    return this.cluster.world.scheduler.now;
  }
}
