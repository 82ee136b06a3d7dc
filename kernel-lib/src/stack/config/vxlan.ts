import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Device } from "../../link/device.js";
import { VXLAN_HEADROOM, Vxlan, type VxlanConfig } from "../../link/vxlan.js";
import type { Netns } from "../netns.js";
import { VxlanSockets } from "../vxlan-sockets.js";

/** IP_MAX_MTU less the headers. */
const MAX_MTU = 65535;

/** An MTU asked for when the device is made (vxlan_validate). */
export function checkBirthMtu(mtu: number): void {
  if (mtu < 68 || mtu > MAX_MTU) throw new KernelError("EINVAL", "MTU must be between 68 and 65535");
}

/** Two devices of a namespace may not share VNI and port (vxlan_vni_in_use). */
export function checkVxlan(netns: Netns, config: VxlanConfig, self: Vxlan | null = null): void {
  for (const other of netns.vxlans.devices) {
    if (other === self) continue;
    if (other.config.vni === config.vni && other.config.destinationPort === config.destinationPort)
      throw new KernelError("EEXIST", "A VXLAN device with the specified VNI already exists.");
  }
}

export function makeVxlan(netns: Netns, name: string, mac: Mac, config: VxlanConfig): Vxlan {
  const device = new Vxlan(netns, name, mac, config, netns.vxlans);
  netns.vxlans.devices.add(device);
  return device;
}

/** The largest MTU that the lower device leaves room for. */
export function largestMtu({ config: { lower } }: Vxlan): number {
  return lower === null ? MAX_MTU : lower.mtu - VXLAN_HEADROOM;
}

/** An MTU asked for at birth is cut to what fits. */
export function withinLower<Spec extends { readonly mtu?: number }>(device: Vxlan, spec: Spec): Spec {
  return spec.mtu === undefined ? spec : { ...spec, mtu: Math.min(spec.mtu, largestMtu(device)) };
}

/** `ip link set … type vxlan`: the peer and the timers may change, the rest is refused. */
export function changeVxlan(netns: Netns, device: Vxlan, config: VxlanConfig): void {
  if (config.vni !== device.config.vni) throw new KernelError("EOPNOTSUPP", "Cannot change VNI.");
  if (config.destinationPort !== device.config.destinationPort)
    throw new KernelError("EOPNOTSUPP", "Cannot change port.");
  checkVxlan(netns, config, device);
  const old = device.config;
  device.config = config;
  device.mtu = Math.min(device.mtu, largestMtu(device));
  if (config.remote !== old.remote) {
    const entry = device.fdb.find(0);
    if (entry !== null) {
      entry.remotes = entry.remotes.filter(
        ({ address, via }) => address !== old.remote || via !== (old.lower?.ifindex ?? 0),
      );
      if (entry.remotes.length === 0) device.fdb.remove(0);
    }
    device.addDefault();
  }
}

export function forgetVxlan(device: Vxlan): void {
  if (device.underlay instanceof VxlanSockets) device.underlay.devices.delete(device);
}

/** VXLAN devices that send by a device: they go with it (vxlan_handle_lowerdev_unregister). */
export function vxlansOver(netns: Netns, lower: Device): readonly Vxlan[] {
  return [...netns.vxlans.devices].filter((device) => device.config.lower === lower);
}
