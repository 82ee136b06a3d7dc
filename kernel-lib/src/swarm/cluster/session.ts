import { KernelError } from "../../base/errno.js";
import { ms, type Nanoseconds, seconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import { sleep, until } from "../../host/waits.js";
import type { Random } from "../../sim/random.js";
import type { SwarmMember } from "../member.js";
import type { TaskStatus } from "../model/task.js";
import type { Cluster } from "./cluster.js";
import { CONTROL_PORT, type ControlChannel, openChannel } from "./control-channel.js";
import type { Message } from "./messages.js";

/** Time for a connection, and for an answer on it. */
const DIAL: Nanoseconds = seconds(5);
/** First and longest pause before another try (agent.initialSessionFailureBackoff, maxSessionFailureBackoff). */
const FIRST_PAUSE: Nanoseconds = ms(100);
const LONGEST_PAUSE: Nanoseconds = seconds(8);
/** A heartbeat comes up to so much earlier or later, by chance (dispatcher.defaultHeartBeatEpsilon). */
const EPSILON_MS = 500;

/**
 * A node's session with the leader (swarmkit's agent.session): a connection on which it says that it lives, hears that it has something to do, and tells how
 * its tasks go. A leader's own needs no connection. Divergence: a manager that does not lead sends the node on, where swarmkit's hands the
 * stream on itself.
 */
export class Session {
  private channel: ControlChannel | null = null;
  /** What has not been told yet: the last status of each task. */
  private readonly untold = new Map<string, TaskStatus>();
  private readonly random: Random;
  /** The manager that led last. */
  private last: string | null = null;

  constructor(
    private readonly member: SwarmMember,
    private readonly cluster: Cluster,
  ) {
    this.random = cluster.ids.fork(`session/${member.nodeId}`);
  }

  /** Keeps a session open as long as the node is in the swarm. */
  *run(): Steps<void> {
    const { daemon } = this.member.engine;
    const { scheduler } = this.cluster.world;
    let pause = FIRST_PAUSE;
    for (;;) {
      const began = scheduler.now;
      yield* this.attempt();
      if (scheduler.now - began > DIAL) pause = FIRST_PAUSE;
      yield* sleep(daemon, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** Tells how a task goes, as soon as the session stands. */
  report(taskId: string, status: TaskStatus): void {
    if (this.untold.size === 0) this.cluster.world.scheduler.after(0, () => this.tellAll());
    this.untold.set(taskId, status);
  }

  private tellAll(): void {
    if (!this.member.connected || this.untold.size === 0) return;
    const updates = [...this.untold];
    this.untold.clear();
    if (this.channel === null) this.cluster.sessions.take(updates);
    else this.channel.send({ kind: "status", updates });
  }

  private *attempt(): Steps<void> {
    const raft = this.member.manager?.raft;
    if (raft?.leads) {
      this.cluster.sessions.open(this.member.nodeId, null);
      try {
        this.stand();
        while (raft.leads) yield* until([raft.changed]);
      } finally {
        this.member.disconnect();
      }
      return;
    }
    for (const id of this.candidates()) {
      if (yield* this.attemptWith(id)) return;
    }
  }

  /** The managers that the node knows, the one that led last first. */
  private candidates(): readonly string[] {
    const known = this.member.manager?.raft.leader ?? this.last;
    const all = this.cluster.managers.map(({ id }) => id).filter((id) => id !== this.member.nodeId);
    return known === null || !all.includes(known) ? all : [known, ...all.filter((id) => id !== known)];
  }

  /** True when there was a session; it has ended by now. */
  private *attemptWith(id: string): Steps<boolean> {
    const { daemon } = this.member.engine;
    const { scheduler } = this.cluster.world;
    const address = this.cluster.store.nodes.get(id)?.address;
    if (address === undefined) return false;
    let channel: ControlChannel | null = null;
    try {
      channel = yield* openChannel(daemon, address, CONTROL_PORT, scheduler.now + DIAL);
      channel.send({ kind: "session", node: this.member.nodeId });
      const answer = yield* channel.answer(daemon, scheduler.now + DIAL);
      if (answer?.kind !== "opened") return false;
      this.last = id;
      this.channel = channel;
      this.stand();
      yield* this.follow(channel);
      return true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return false;
    } finally {
      channel?.close();
      if (this.channel === channel && channel !== null) {
        this.channel = null;
        this.member.disconnect();
      }
    }
  }

  private stand(): void {
    this.member.connect();
    this.tellAll();
  }

  /** Until the session breaks. */
  private *follow(channel: ControlChannel): Steps<void> {
    const { scheduler } = this.cluster.world;
    let next = scheduler.now + this.period();
    let asked: Nanoseconds | null = null;
    for (;;) {
      for (const message of channel.receive()) if (this.takes(message)) asked = null;
      if (channel.closed || (asked !== null && scheduler.now >= asked + DIAL)) return;
      if (scheduler.now >= next) {
        channel.send({ kind: "heartbeat" });
        asked ??= scheduler.now;
        next = scheduler.now + this.period();
      }
      yield* until([channel.socket.wait], Math.min(next, (asked ?? next) + DIAL));
    }
  }

  /** True for the answer to a heartbeat. */
  private takes(message: Message): boolean {
    if (message.kind === "assigned") this.member.assigned();
    return message.kind === "heard";
  }

  private period(): Nanoseconds {
    return this.cluster.spec.heartbeat + ms(this.random.between(-EPSILON_MS, EPSILON_MS));
  }
}
