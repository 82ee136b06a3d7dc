import type { Availability, NodeRole } from "../model/node.js";
import type { TaskStatus } from "../model/task.js";

/** What a node that wants to come in says (ca.IssueNodeCertificate, and what its agent tells in its first session). */
export interface JoinMessage {
  readonly kind: "join";
  readonly secret: string;
  /** The lab's name of the machine. */
  readonly machine: string;
  /** `--advertise-addr`; null: the manager takes the address that it sees. */
  readonly address: number | null;
  readonly availability: Availability;
}

/** What is said on the control plane's connections to port 2377. */
export type Message =
  | { readonly kind: "certificate" }
  | { readonly kind: "root"; readonly digest: string }
  | JoinMessage
  | { readonly kind: "joined"; readonly role: NodeRole }
  | { readonly kind: "refused"; readonly why: string }
  /** A node's agent opens its session (Dispatcher.Session). */
  | { readonly kind: "session"; readonly node: string }
  | { readonly kind: "opened" }
  /** This manager does not lead. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "heartbeat" }
  | { readonly kind: "heard" }
  /** What the node is to do has changed (Dispatcher.Assignments). */
  | { readonly kind: "assigned" }
  | { readonly kind: "status"; readonly updates: readonly (readonly [string, TaskStatus])[] }
  | RaftMessage;

/** Between managers. `term` as in Raft; `from` is the node's id. */
export type RaftMessage =
  /** The leader hands its place on (MsgTimeoutNow). */
  | { readonly kind: "campaign"; readonly from: string; readonly term: number }
  | { readonly kind: "lead"; readonly from: string; readonly term: number }
  | { readonly kind: "follow"; readonly from: string; readonly term: number }
  | { readonly kind: "vote"; readonly from: string; readonly term: number; readonly transfer: boolean }
  | { readonly kind: "voted"; readonly from: string; readonly term: number; readonly granted: boolean };
