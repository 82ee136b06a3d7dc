import { Bridge } from "../../link/bridge.js";
import { BridgePort } from "../../link/bridge-port.js";
import type { Device } from "../../link/device.js";
import { Nic } from "../../link/nic.js";
import { Veth } from "../../link/veth.js";
import { Vxlan } from "../../link/vxlan.js";
import { forgetDevice, removeAddressRoutes } from "../kernel-routes.js";
import type { Netns } from "../netns.js";
import { forgetVxlan, vxlansOver } from "./vxlan.js";

/** Takes a device out of its namespace for good (unregister_netdevice): down, out of its bridge, its ports free, its routes gone. */
export function removeDevice(netns: Netns, device: Device): void {
  const peer = device instanceof Veth ? device.link : null;
  detach(netns, device);
  if (device instanceof Nic && device.cable !== null) device.setUp(false);
  device.gone = true;
  device.replaceQdisc(null);
  if (device instanceof Vxlan) forgetVxlan(device);
  for (const vxlan of vxlansOver(netns, device)) removeDevice(vxlan.home as Netns, vxlan);
  if (peer !== null && !peer.gone) {
    const home = peer.home as Netns;
    detach(home, peer);
    peer.gone = true;
    peer.replaceQdisc(null);
  }
}

/** Takes a device out of a namespace's tables: it keeps its name and MAC, and loses everything else. */
export function detach(netns: Netns, device: Device): void {
  device.setUp(false);
  if (device.frameHandler instanceof BridgePort) device.frameHandler.bridge.removePort(device.frameHandler);
  if (device instanceof Bridge) for (const port of [...device.ports]) device.removePort(port);
  const { addresses } = device;
  device.addresses = [];
  for (const at of addresses) removeAddressRoutes(netns, device, at);
  forgetDevice(netns, device);
  netns.links.remove(device);
  netns.sysctls.removeDevice(device);
}
