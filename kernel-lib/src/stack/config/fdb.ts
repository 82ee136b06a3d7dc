import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Bridge } from "../../link/bridge.js";
import type { Device } from "../../link/device.js";
import type { FdbEntry } from "../../link/fdb.js";
import type { Netns } from "../netns.js";

/** What `bridge fdb add MAC dev DEV` asks for. */
export interface FdbSpec {
  readonly mac: Mac;
  readonly device: Device;
  /** `local` (permanent, the default of the tool), `static`, or `dynamic`. */
  readonly state?: "local" | "static" | "dynamic";
  /** `master`: into the bridge of the device; `self`: into the device's own table. */
  readonly target?: "self" | "master";
  readonly vlan?: number;
}

/** One line of `bridge fdb show`. */
export interface FdbLine {
  readonly mac: Mac;
  readonly device: Device;
  /** Null: an address of the device itself (`self`). */
  readonly master: Bridge | null;
  readonly vlan: number;
  readonly entry: FdbEntry | null;
  readonly state: "permanent" | "static" | "reachable" | "stale";
}

/** RTM_NEWNEIGH in PF_BRIDGE. Throws EEXIST, EINVAL, EOPNOTSUPP. */
export function addFdb(_netns: Netns, _spec: FdbSpec, _options: { readonly replace?: boolean; readonly append?: boolean } = {}): void {
  throw new KernelError("EOPNOTSUPP");
}

/** Throws ENOENT. */
export function deleteFdb(_netns: Netns, _spec: FdbSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** Forgets what was learned on a port, or on all ports of a bridge. */
export function flushFdb(_netns: Netns, _device: Device): void {
  throw new KernelError("EOPNOTSUPP");
}

/** All lines in the kernel's order, or those of one device (port or bridge). */
export function listFdb(_netns: Netns, _device?: Device): readonly FdbLine[] {
  throw new KernelError("EOPNOTSUPP");
}
