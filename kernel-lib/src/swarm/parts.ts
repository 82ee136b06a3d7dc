import type { Steps } from "../host/process.js";

/**
 * One part of what a node does in a swarm (its agent, its overlay networks, its load balancing). A member calls its parts in the order in which
 * they were added, when it stops in the opposite order. What a part does meanwhile has no cause of a command unless it says so by
 * `engine.serving.run`.
 */
export interface MemberPart {
  /** The node has come into the swarm, or its daemon has started again within one. Before the daemon takes commands. */
  start?(): Steps<void> | undefined;
  /** The daemon ends (`leaving` false) or the node leaves the swarm (true). Not called when the daemon is killed: `start` finds what is left over. */
  stop?(leaving: boolean): Steps<void> | undefined;
  /** The session with the leader stands from now on: the node hears what it is to do, and tells how it goes. */
  connected?(): void;
  /** The session is broken: the node goes on with what it knows. */
  disconnected?(): void;
  /** The leader says that tasks of this node, or networks and services that they need, have changed; only while the session stands. */
  assigned?(): void;
}

/**
 * One part of what the leader does for the whole swarm (orchestrators, scheduler, allocator). The store is one object, so a part may keep what it
 * knows from one leader to the next, but it changes the store only between `lead` and `resign`.
 */
export interface LeaderPart {
  /** A leader is there from now on: look at everything again. */
  lead(): void;
  /** The leader is lost, or has lost its majority. */
  resign(): void;
}
