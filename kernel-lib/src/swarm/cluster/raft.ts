import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import { sleep, until } from "../../host/waits.js";
import type { Random } from "../../sim/random.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { SwarmMember } from "../member.js";
import { rpcError } from "../service/rpc-error.js";
import type { Cluster } from "./cluster.js";
import type { RaftMessage } from "./messages.js";
import { noLeader } from "./no-leader.js";
import { PeerLink } from "./peer-link.js";

/** A tick of Raft, at which the leader is heard (raft.DefaultNodeConfig: HeartbeatTick 1). */
const TICK: Nanoseconds = seconds(1);
/** Without a leader for so long, a manager asks for votes (ElectionTick 10); up to twice that, by chance. */
const ELECTION: Nanoseconds = seconds(10);
/** A manager that has not answered for so long counts as unreachable. */
const UNREACHABLE: Nanoseconds = seconds(3);
/** Answers that are younger count when the leader makes sure of its majority. */
const FRESH: Nanoseconds = seconds(1.5);
/** How long a request to the swarm may take (cluster.swarmRequestTimeout). */
const REQUEST_TIMEOUT: Nanoseconds = seconds(20);

/**
 * A manager's part in choosing a leader: heartbeats, votes and the majority as in Raft, by real messages. The log is not copied: all managers look at the
 * one store of their {@link Cluster}.
 */
export class Raft {
  /** The node that leads as far as this manager knows; null when it has heard of none for too long. */
  leader: string | null = null;
  /** Wakes when `leader` changes. */
  readonly changed: WaitQueue;
  private readonly answered: WaitQueue;
  private readonly links = new Map<string, PeerLink>();
  /** When each other manager was last heard, while this one leads. */
  private readonly heard = new Map<string, Nanoseconds>();
  private readonly random: Random;
  private term = 0;
  private votedIn = 0;
  private votes = new Set<string>();
  private lastHeard: Nanoseconds;
  private patience: Nanoseconds;
  private leadsSince: Nanoseconds = 0;
  private ended = false;

  constructor(
    private readonly member: SwarmMember,
    private readonly cluster: Cluster,
  ) {
    const { world } = member.engine.host;
    this.changed = new WaitQueue(world.scheduler);
    this.answered = new WaitQueue(world.scheduler);
    this.random = cluster.ids.fork(`raft/${member.nodeId}`);
    this.lastHeard = world.scheduler.now;
    this.patience = this.newPatience();
  }

  get leads(): boolean {
    return this.leader === this.member.nodeId;
  }

  /** Whether the manager can hand a request to a leader. */
  get knowsLeader(): boolean {
    return this.leader !== null && this.leader === this.cluster.leader?.nodeId;
  }

  /** Ticks until the manager ends. A manager that is alone leads at once. */
  *run(): Steps<void> {
    try {
      for (;;) {
        this.tick();
        yield* sleep(this.member.engine.daemon, TICK);
      }
    } finally {
      this.ended = true;
      this.follow(null);
    }
  }

  receive(message: RaftMessage): void {
    if (this.ended || (message.kind !== "campaign" && !this.others.includes(message.from))) return;
    const { now } = this.cluster.world.scheduler;
    switch (message.kind) {
      case "lead":
        this.term = Math.max(this.term, message.term);
        this.lastHeard = now;
        this.follow(message.from);
        this.send(message.from, { kind: "follow", from: this.member.nodeId, term: this.term });
        return;
      case "follow":
        this.term = Math.max(this.term, message.term);
        this.heard.set(message.from, now);
        this.answered.wakeAll();
        return;
      case "campaign":
        this.term = Math.max(this.term, message.term);
        this.campaign(now, true);
        return;
      case "vote":
        this.send(message.from, {
          kind: "voted",
          from: this.member.nodeId,
          term: message.term,
          granted: this.grants(message.term, message.transfer),
        });
        return;
      case "voted":
        if (message.term !== this.term || !message.granted || this.leader !== null) return;
        this.votes.add(message.from);
        this.count();
    }
  }

  /** Whether the leader has heard of a manager lately. */
  reaches(nodeId: string): boolean {
    if (nodeId === this.member.nodeId) return true;
    return this.cluster.world.scheduler.now - (this.heard.get(nodeId) ?? this.leadsSince) < UNREACHABLE;
  }

  /** Waits until a majority stands behind the leader, so that a change holds. Throws DockerError when there is no leader, or no majority in time. */
  *consent(): Steps<void> {
    const { scheduler } = this.cluster.world;
    const deadline = scheduler.now + REQUEST_TIMEOUT;
    if (!this.leads) {
      if (!this.knowsLeader) throw noLeader(this.member.engine.version);
      yield* this.cluster.leader!.manager!.raft.consent();
      return;
    }
    if (this.isBacked(scheduler.now - FRESH)) return;
    this.beat();
    while (!this.isBacked(scheduler.now - FRESH)) {
      if (!this.leads) throw noLeader(this.member.engine.version);
      if (scheduler.now >= deadline)
        throw rpcError(this.member.engine.version, "DeadlineExceeded", "context deadline exceeded");
      yield* until([this.answered, this.changed], deadline);
    }
  }

  /** Whether a majority of the managers is left without that one (raft.CanRemoveMember). */
  canLose(nodeId: string): boolean {
    const left = this.cluster.managers.map(({ id }) => id).filter((id) => id !== nodeId);
    return left.filter((id) => this.reaches(id)).length > left.length / 2;
  }

  /** Takes a manager's vote; the leader's own goes with its place, to one that it hears. */
  remove(nodeId: string): void {
    this.cluster.voters.delete(nodeId);
    if (nodeId === this.member.nodeId) this.handOver();
  }

  /** The leader asks a manager that it hears to ask for votes at once (raft.TransferLeadership). */
  handOver(): void {
    const next = this.others.find((id) => this.reaches(id));
    if (next !== undefined) this.send(next, { kind: "campaign", from: this.member.nodeId, term: this.term });
    this.follow(null);
  }

  private get others(): readonly string[] {
    return this.cluster.managers.map(({ id }) => id).filter((id) => id !== this.member.nodeId);
  }

  /** Number of managers of which a majority is needed. */
  private get majorityOf(): number {
    return this.others.length + 1;
  }

  private isBacked(since: Nanoseconds): boolean {
    const near = this.others.filter((id) => (this.heard.get(id) ?? this.leadsSince) >= since).length + 1;
    return near > this.majorityOf / 2;
  }

  private tick(): void {
    const { now } = this.cluster.world.scheduler;
    if (this.leads) {
      if (this.isBacked(now - ELECTION)) this.beat();
      else this.follow(null);
      return;
    }
    if (this.others.length === 0) this.lead();
    else if (now - this.lastHeard >= this.patience) this.campaign(now);
  }

  private beat(): void {
    for (const id of this.others) this.send(id, { kind: "lead", from: this.member.nodeId, term: this.term });
  }

  private campaign(now: Nanoseconds, transfer = false): void {
    this.follow(null);
    this.lastHeard = now;
    this.patience = this.newPatience();
    this.term = Math.max(this.term, this.votedIn) + 1;
    this.votedIn = this.term;
    this.votes = new Set([this.member.nodeId]);
    for (const id of this.others)
      this.send(id, { kind: "vote", from: this.member.nodeId, term: this.term, transfer });
    this.count();
  }

  /** With the votes of a majority it leads. */
  private count(): void {
    if (this.votes.size > this.majorityOf / 2) this.lead();
  }

  /** A vote a term, and none while a leader is heard (CheckQuorum's lease). */
  private grants(term: number, transfer: boolean): boolean {
    const { now } = this.cluster.world.scheduler;
    if (term <= this.votedIn || (this.leads && !transfer)) return false;
    if (transfer) this.follow(null);
    if (this.leader !== null && now - this.lastHeard < ELECTION) return false;
    this.votedIn = term;
    this.term = Math.max(this.term, term);
    this.lastHeard = now;
    return true;
  }

  private lead(): void {
    this.heard.clear();
    this.leadsSince = this.cluster.world.scheduler.now;
    this.leader = this.member.nodeId;
    this.cluster.setLeader(this.member);
    this.changed.wakeAll();
    this.beat();
  }

  private follow(leader: string | null): void {
    if (this.leader === leader) return;
    if (this.leads) {
      this.lastHeard = this.cluster.world.scheduler.now;
      this.cluster.loseLeader(this.member);
    }
    this.leader = leader;
    this.changed.wakeAll();
  }

  private send(id: string, message: RaftMessage): void {
    let link = this.links.get(id);
    if (link === undefined) {
      link = new PeerLink(this.member, id);
      this.links.set(id, link);
    }
    link.send(message);
  }

  private newPatience(): Nanoseconds {
    return ELECTION + this.random.between(0, ELECTION / TICK - 1) * TICK;
  }
}
