import type { Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";

export type NodeRole = "worker" | "manager";
export type Availability = "active" | "pause" | "drain";

/** A machine of the swarm, as its managers know it (api.Node). */
export interface NodeObject {
  /** 25 characters of 0-9a-z. */
  readonly id: string;
  readonly hostname: string;
  /** Its address for the others: of the control plane, and the end of its VXLAN tunnels. */
  readonly address: Ipv4;
  role: NodeRole;
  availability: Availability;
  readonly labels: Map<string, string>;
  readonly engineLabels: ReadonlyMap<string, string>;
  /** `unknown`: after a new leader was chosen, until the node is heard. */
  state: "unknown" | "down" | "ready" | "disconnected";
  /** Why it is down: `heartbeat failure`. */
  message: string;
  /** `20.10.24+dfsg1`. */
  engineVersion: string;
  readonly createdAt: Nanoseconds;
  updatedAt: Nanoseconds;
  /** api.Meta.Version.Index. */
  version: number;
}
