import type { Cidr } from "../../base/addresses.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import { ENGINE_VERSIONS } from "../../docker/versions/version.js";
import type { World } from "../../trace/world.js";
import { Allocator } from "../allocator/allocator.js";
import { directoryOf } from "../directory.js";
import type { SwarmMember } from "../member.js";
import type { NodeObject, NodeRole } from "../model/node.js";
import { Store } from "../model/store.js";
import type { LeaderPart } from "../parts.js";
import { noLeader } from "./no-leader.js";
import { Sessions } from "./sessions.js";
import { SwarmIds } from "./swarm-ids.js";
import { formatToken, newDigest, newSecret } from "./tokens.js";

/** What `docker swarm init` decides for good. */
export interface ClusterOptions {
  /** `--default-addr-pool`; empty is the release's own choice. */
  readonly addressPools: readonly Cidr[];
  /** `--default-addr-pool-mask-length`. */
  readonly subnetSize: number;
  /** UDP port of VXLAN. */
  readonly dataPathPort: number;
}

/** What `docker swarm update` can change (api.ClusterSpec), of what the lab models. */
export interface ClusterSpec {
  /** Tasks of a slot that are kept besides the one that is wanted (`--task-history-limit`). */
  taskHistoryLimit: number;
  /** A node says that it lives so often (`--dispatcher-heartbeat`). */
  heartbeat: Nanoseconds;
}

/**
 * One swarm: what all its members share. Who leads is decided by the managers' votes, which cross the network ({@link Raft}); what they agree on is in
 * the one {@link Store}.
 */
export class Cluster {
  /** 25 characters of 0-9a-z. */
  readonly id: string;
  readonly ids: SwarmIds;
  readonly store: Store;
  /** Gives networks, services, tasks and nodes their addresses; to be asked where there is a leader. */
  readonly allocator: Allocator;
  /** The machines of the nodes, by the node's id. */
  readonly members = new Map<string, SwarmMember>();
  /** Ids of the managers of whom a majority decides (the members of the Raft group): a promoted node is one when it has begun to work as a manager. */
  readonly voters = new Set<string>();
  readonly spec: ClusterSpec = { taskHistoryLimit: 5, heartbeat: seconds(5) };
  /** The nodes that the leader hears. */
  readonly sessions: Sessions;
  /** What the leader does, in this order. */
  readonly parts: LeaderPart[] = [];
  /** Digest of the root certificate, part of the tokens. */
  readonly digest: string;
  private readonly secrets: Record<NodeRole, string>;
  /** The release that its managers run. */
  private readonly version: EngineVersion;
  private current: SwarmMember | null = null;

  constructor(
    readonly world: World,
    machine: string,
    readonly options: ClusterOptions,
  ) {
    const founder = directoryOf(world).get(machine);
    // A second swarm of the same machine has other ids.
    const before = founder === undefined ? 0 : founder.swarmsBegun++;
    this.ids = new SwarmIds(world.random, before === 0 ? machine : `${machine}/${before}`);
    this.id = this.ids.next();
    this.store = new Store(world.scheduler);
    this.sessions = new Sessions(this);
    this.parts.push(this.sessions);
    this.digest = newDigest(this.ids);
    this.secrets = { worker: newSecret(this.ids), manager: newSecret(this.ids) };
    this.version = founder?.engine.version ?? ENGINE_VERSIONS["28"];
    this.allocator = new Allocator(this, founder?.engine.release ?? "28");
  }

  /** The manager that leads: it has a majority of the managers behind it. Null when there is none. */
  get leader(): SwarmMember | null {
    return this.current;
  }

  /** The managers have chosen a leader, or lost it. */
  setLeader(member: SwarmMember | null): void {
    if (member === this.current) return;
    if (this.current !== null) for (const part of this.parts) part.resign();
    this.current = member;
    if (member !== null) for (const part of this.parts) part.lead();
  }

  /** The leader; throws DockerError where there is none. */
  expectLeader(): SwarmMember {
    if (this.current === null) throw noLeader(this.version);
    return this.current;
  }

  /** A manager does not lead any more. */
  loseLeader(member: SwarmMember): void {
    if (this.current === member) this.setLeader(null);
  }

  /** The managers that have a vote, in the order in which they joined. */
  get managers(): readonly NodeObject[] {
    return [...this.store.nodes.values()].filter(({ id }) => this.voters.has(id));
  }

  token(role: NodeRole): string {
    return formatToken({ digest: this.digest, secret: this.secrets[role] });
  }

  /** `--rotate`: the old token lets nobody in any more. */
  rotateToken(role: NodeRole): void {
    this.secrets[role] = newSecret(this.ids);
  }

  /** What a secret lets a node join as; null when it is none of this swarm's. */
  roleOf(secret: string): NodeRole | null {
    if (secret === this.secrets.manager) return "manager";
    return secret === this.secrets.worker ? "worker" : null;
  }
}
