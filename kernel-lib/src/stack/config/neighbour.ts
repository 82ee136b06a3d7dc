import type { Ipv4, Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Device } from "../../link/device.js";
import { isValid, type NeighbourState } from "../../route/neighbour.js";
import type { Netns } from "../netns.js";

/** What `ip neigh add` asks for. State: PERMANENT when absent. */
export interface NeighbourSpec {
  readonly address: Ipv4;
  readonly device: Device;
  readonly mac?: Mac;
  readonly state?: NeighbourState;
}

function put(netns: Netns, spec: NeighbourSpec): void {
  const state = spec.state ?? "PERMANENT";
  const known = netns.neighbours.find(spec.address, spec.device);
  if (isValid(state) && spec.mac === undefined && (known === null || known.mac === null)) {
    throw new KernelError("EINVAL", "No link layer address given.");
  }
  netns.neighbours.update(netns.neighbours.obtain(spec.address, spec.device), spec.mac ?? null, state, {
    override: true,
    admin: true,
  });
}

/** RTM_NEWNEIGH with CREATE|EXCL. Throws EEXIST, EINVAL. */
export function addNeighbour(netns: Netns, spec: NeighbourSpec): void {
  if (netns.neighbours.find(spec.address, spec.device) !== null) throw new KernelError("EEXIST");
  put(netns, spec);
}

/** With CREATE|REPLACE. */
export function replaceNeighbour(netns: Netns, spec: NeighbourSpec): void {
  put(netns, spec);
}

/** With REPLACE only: throws ENOENT. */
export function changeNeighbour(netns: Netns, spec: NeighbourSpec): void {
  if (netns.neighbours.find(spec.address, spec.device) === null) throw new KernelError("ENOENT");
  put(netns, spec);
}

/** RTM_DELNEIGH. Throws ENOENT. */
export function deleteNeighbour(netns: Netns, address: Ipv4, device: Device): void {
  const entry = netns.neighbours.find(address, device);
  if (entry === null) throw new KernelError("ENOENT");
  netns.neighbours.remove(entry);
}

/** `ip neigh flush`: all but PERMANENT and NOARP entries of a device, or of all. Returns how many went. */
export function flushNeighbours(netns: Netns, device?: Device): number {
  const gone = netns.neighbours
    .list(device)
    .filter((entry) => entry.state !== "PERMANENT" && entry.state !== "NOARP");
  for (const entry of gone) netns.neighbours.remove(entry);
  return gone.length;
}
