import { type Ipv4, prefixMask } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { AssignedAddress, Device } from "../../link/device.js";
import { SCOPE_NUMBER } from "../../route/route.js";
import { addAddressRoutes, removeAddressRoutes } from "../kernel-routes.js";
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

function sameNetwork(a: { peer: Ipv4; prefix: number }, b: { peer: Ipv4; prefix: number }): boolean {
  return a.prefix === b.prefix && ((a.peer ^ b.peer) & prefixMask(a.prefix)) === 0;
}

/** RTM_NEWADDR. Throws EEXIST, EINVAL. A second address of one network is secondary. */
export function addAddress(netns: Netns, device: Device, spec: AddressSpec): void {
  const peer = spec.peer ?? spec.address;
  if (spec.prefix < 0 || spec.prefix > 32) throw new KernelError("EINVAL");
  // 0.0.0.0 is taken without a word and not kept (inet_insert_ifa).
  if (spec.address === 0) return;
  if (
    device.addresses.some(
      (at) => at.address === spec.address && sameNetwork(at, { peer, prefix: spec.prefix }),
    )
  ) {
    throw new KernelError("EEXIST");
  }
  const scope = spec.scope ?? "global";
  const secondary = device.addresses.some(
    (at) => !at.secondary && sameNetwork(at, { peer, prefix: spec.prefix }),
  );
  const { address, prefix, broadcast = 0, label = device.name } = spec;
  const added: AssignedAddress = Object.freeze({ address, prefix, broadcast, scope, label, secondary, peer });
  device.addresses = insert(device.addresses, added);
  addAddressRoutes(netns, device, added);
  netns.fib.changed();
}

/** Primaries stand before secondaries; among them a nearer scope (link, host) stands first (inet_insert_ifa). */
function insert(list: readonly AssignedAddress[], added: AssignedAddress): AssignedAddress[] {
  if (added.secondary) return [...list, added];
  let at = 0;
  list.forEach((other, i) => {
    if (!other.secondary && SCOPE_NUMBER[added.scope] <= SCOPE_NUMBER[other.scope]) at = i + 1;
  });
  return [...list.slice(0, at), added, ...list.slice(at)];
}

/** RTM_NEWADDR with NLM_F_REPLACE: an address that is there stays as it is. */
export function replaceAddress(netns: Netns, device: Device, spec: AddressSpec): void {
  const there = device.addresses.some((at) => at.address === spec.address && at.prefix === spec.prefix);
  if (!there) addAddress(netns, device, spec);
}

/** RTM_DELADDR. A primary address takes its secondaries with it, unless promote_secondaries is set. Throws EADDRNOTAVAIL. */
export function deleteAddress(netns: Netns, device: Device, address: Ipv4, prefix?: number): void {
  const found = device.addresses.find(
    (at) => at.address === address && (prefix === undefined || at.prefix === prefix),
  );
  if (found === undefined) throw new KernelError("EADDRNOTAVAIL");
  remove(netns, device, found);
}

function remove(netns: Netns, device: Device, found: AssignedAddress): void {
  const followers = found.secondary
    ? []
    : device.addresses.filter((at) => at.secondary && sameNetwork(at, found));
  const promotes = netns.sysctls.promotesSecondaries(device.ifindex);
  const gone = promotes ? [found] : [found, ...followers];
  device.addresses = device.addresses.filter((at) => !gone.includes(at));
  if (promotes && followers.length > 0) {
    const promoted = { ...followers[0]!, secondary: false };
    device.addresses = insert(
      device.addresses.filter((at) => at !== followers[0]),
      promoted,
    );
  }
  for (const at of gone) {
    removeAddressRoutes(netns, device, at);
    netns.netfilter.nat.forgetMasqueraded(device.ifindex, at.address);
  }
  for (const at of device.addresses) addAddressRoutes(netns, device, at);
  netns.fib.changed();
}

/** Takes all IPv4 addresses off a device. */
export function flushAddresses(netns: Netns, device: Device): void {
  for (let at = device.addresses[0]; at !== undefined; at = device.addresses[0]) remove(netns, device, at);
}
