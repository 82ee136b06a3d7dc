import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { AssignedAddress, Device } from "../../link/device.js";
import type { Netns } from "../netns.js";

/** What `ip address add` asks for. */
export interface AddressSpec {
  readonly address: Ipv4;
  readonly prefix: number;
  /** Absent: none (`ip` computes it only for `brd +`). */
  readonly broadcast?: Ipv4;
  readonly scope?: AssignedAddress["scope"];
  readonly label?: string;
  readonly peer?: Ipv4;
}

/** RTM_NEWADDR. Throws EEXIST ("Address already assigned."), EINVAL … */
export function addAddress(_netns: Netns, _device: Device, _spec: AddressSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** RTM_NEWADDR with NLM_F_REPLACE. */
export function replaceAddress(_netns: Netns, _device: Device, _spec: AddressSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** RTM_DELADDR. A primary address takes its secondaries with it. Throws EADDRNOTAVAIL. */
export function deleteAddress(_netns: Netns, _device: Device, _address: Ipv4, _prefix?: number): void {
  throw new KernelError("EOPNOTSUPP");
}

export function flushAddresses(_netns: Netns, _device: Device): void {
  throw new KernelError("EOPNOTSUPP");
}
