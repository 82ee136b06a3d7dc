import type { Ipv4, Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Device } from "../../link/device.js";
import type { NeighbourState } from "../../route/neighbour.js";
import type { Netns } from "../netns.js";

/** What `ip neigh add` asks for. State: PERMANENT when absent. */
export interface NeighbourSpec {
  readonly address: Ipv4;
  readonly device: Device;
  readonly mac?: Mac;
  readonly state?: NeighbourState;
}

/** RTM_NEWNEIGH with CREATE|EXCL. Throws EEXIST. */
export function addNeighbour(_netns: Netns, _spec: NeighbourSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** With CREATE|REPLACE. */
export function replaceNeighbour(_netns: Netns, _spec: NeighbourSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** With REPLACE only: throws ENOENT. */
export function changeNeighbour(_netns: Netns, _spec: NeighbourSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** RTM_DELNEIGH. Throws ENOENT. */
export function deleteNeighbour(_netns: Netns, _address: Ipv4, _device: Device): void {
  throw new KernelError("EOPNOTSUPP");
}

/** `ip neigh flush`: all but PERMANENT and NOARP entries of a device, or of all. Returns how many went. */
export function flushNeighbours(_netns: Netns, _device?: Device): number {
  throw new KernelError("EOPNOTSUPP");
}
