import { DockerError } from "../../docker/docker-error.js";
import type { SwarmMember } from "../member.js";
import type { Availability, NodeObject, NodeRole } from "../model/node.js";
import { rpcError } from "../service/rpc-error.js";
import type { Cluster } from "./cluster.js";

/** What `docker node update` changes; undefined leaves as it is. */
export interface NodeChange {
  readonly availability?: Availability;
  readonly role?: NodeRole;
  readonly labels?: ReadonlyMap<string, string>;
}

/** What a manager does with nodes when its API is asked to (swarmkit's controlapi). Each call throws DockerError and then has changed nothing. */
export class NodeControl {
  readonly cluster: Cluster;

  constructor(private readonly member: SwarmMember) {
    this.cluster = member.expectManager();
  }

  /** `self`, an id or a host name, whole, or the beginning of an id (cluster.getNode). */
  find(text: string): NodeObject {
    const found = this.tryFind(text);
    if (found === "several") throw new DockerError(`node ${text} is ambiguous (2 matches found)`, "invalid");
    if (found === null) throw new DockerError(`node ${text} not found`, "notFound", "node");
    return found;
  }

  private tryFind(text: string): NodeObject | "several" | null {
    const { nodes } = this.cluster.store;
    const exact = nodes.get(text === "self" ? this.member.nodeId : text);
    if (exact !== undefined) return exact;
    const all = [...nodes.values()];
    const named = all.filter(({ hostname }) => hostname === text);
    const matches = named.length > 0 || text === "" ? named : all.filter(({ id }) => id.startsWith(text));
    return matches.length > 1 ? "several" : (matches[0] ?? null);
  }

  update(node: NodeObject, { availability, role, labels }: NodeChange): void {
    const { cluster } = this;
    if (role === "worker" && node.role === "manager") this.demote(node);
    if (role !== undefined) node.role = role;
    if (availability !== undefined) node.availability = availability;
    if (labels !== undefined) {
      node.labels.clear();
      for (const [key, value] of labels) node.labels.set(key, value);
    }
    node.updatedAt = cluster.world.scheduler.now;
    cluster.store.put("node", node);
    cluster.sessions.tell(node.id);
  }

  /** The manager has no vote from now on. */
  private demote(node: NodeObject): void {
    const { cluster } = this;
    const { version } = this.member.engine;
    const managers = [...cluster.store.nodes.values()].filter(({ role }) => role === "manager");
    if (managers.length === 1)
      throw rpcError(version, "FailedPrecondition", "attempting to demote the last manager of the swarm");
    if (!cluster.voters.has(node.id))
      throw rpcError(version, "NotFound", "can't find manager in raft memberlist");
    const { raft } = cluster.expectLeader().manager!;
    if (!raft.canLose(node.id))
      throw rpcError(
        version,
        "FailedPrecondition",
        "can't remove member from the raft: this would result in a loss of quorum",
      );
    raft.remove(node.id);
  }

  remove(node: NodeObject, force: boolean): void {
    const { cluster } = this;
    const refuse = (why: string) =>
      rpcError(this.member.engine.version, "FailedPrecondition", `node ${node.id} ${why}`);
    if (cluster.voters.has(node.id))
      throw refuse(
        "is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal",
      );
    if (!force && node.state === "ready") throw refuse("is not down and can't be removed");
    cluster.store.remove("node", node.id);
    cluster.sessions.end(node.id);
  }
}
