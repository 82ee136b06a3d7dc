import { isMulticastMac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Vxlan } from "../../link/vxlan.js";
import { sameRemote, VxlanEntry, type VxlanEntryState } from "../../link/vxlan-fdb.js";
import type { FdbAddOptions, FdbLine, FdbSpec } from "./fdb.js";

const STATES: Readonly<Record<NonNullable<FdbSpec["state"]>, VxlanEntryState>> = {
  local: "permanent",
  static: "static",
  dynamic: "reachable",
};

/** vxlan_fdb_update: several remotes are for groups and the default entry only; a second one for a single address is passed over. */
export function addToVxlan(device: Vxlan, spec: FdbSpec, options: FdbAddOptions): void {
  const { mac, remote } = spec;
  if (remote === undefined) throw new KernelError("EINVAL");
  const { now } = device.home.world.scheduler;
  const state = STATES[spec.state ?? "local"];
  const shared = mac === 0 || isMulticastMac(mac);
  const known = device.fdb.find(mac);
  if (known === null) {
    if (options.replace === true && shared) throw new KernelError("EOPNOTSUPP");
    device.fdb.add(new VxlanEntry(mac, state, remote, now));
    return;
  }
  if (options.replace === true && shared)
    throw new KernelError("EOPNOTSUPP", "Cannot replace non-unicast fdb entries.");
  if (options.replace !== true && options.append !== true) throw new KernelError("EEXIST");
  known.state = state;
  known.updatedAt = now;
  known.usedAt = now;
  if (options.replace === true) known.remotes = [remote];
  else if (shared && !known.remotes.some((other) => sameRemote(other, remote))) known.remotes.push(remote);
}

/** vxlan_fdb_delete: one remote when it is named and there are others, else the entry. A remote that is not there is no error. */
export function deleteFromVxlan(device: Vxlan, { mac, remote }: FdbSpec): void {
  const entry = device.fdb.find(mac);
  if (entry === null) throw new KernelError("ENOENT");
  if (remote !== undefined) {
    const at = entry.remotes.findIndex((other) => sameRemote(other, remote));
    if (at < 0) return;
    if (entry.remotes.length > 1) {
      entry.remotes.splice(at, 1);
      return;
    }
  }
  device.fdb.remove(mac);
}

/** The device's own table: one line a remote. */
export function vxlanLines(device: Vxlan): FdbLine[] {
  const { now } = device.home.world.scheduler;
  return device.fdb.list(now, device.config.ageing).flatMap((entry) =>
    entry.remotes.map((remote) => ({
      mac: entry.mac,
      device,
      master: null,
      vlan: 0,
      entry: null,
      state: entry.state,
      remote,
      times: entry,
    })),
  );
}
