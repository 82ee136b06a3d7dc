import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { Bridge, MAX_BRIDGE_PORTS } from "../../link/bridge.js";
import { BridgePort } from "../../link/bridge-port.js";
import type { Device } from "../../link/device.js";
import { linkNamespace } from "../../link/link-namespace.js";
import { Vxlan } from "../../link/vxlan.js";
import type { Netns } from "../netns.js";
import { addAddress } from "./address.js";
import { checkMtu, checkName, isUnicast, numberedName } from "./link-checks.js";
import { detach } from "./remove-device.js";
import { largestMtu } from "./vxlan.js";

/** 127.0.0.1. */
const LOOPBACK_ADDRESS = 0x7f000001;

/** What `ip link set` changes; parts that are left out stay. */
export interface LinkChange {
  readonly up?: boolean;
  readonly mtu?: number;
  readonly mac?: Mac;
  readonly name?: string;
  readonly master?: Device | null;
  readonly netns?: Netns;
  readonly txQueueLength?: number;
  readonly promiscuous?: boolean;
  readonly arp?: boolean;
  readonly multicast?: boolean;
  readonly allMulticast?: boolean;
  readonly alias?: string;
}

/** RTM_NEWLINK on an existing device: checked as a whole first, then done in the kernel's order (do_setlink). */
export function setLink(netns: Netns, device: Device, change: LinkChange): void {
  const home = change.netns ?? netns;
  check(home, device, change);
  if (change.netns !== undefined && change.netns !== netns) moveTo(netns, device, change.netns, change.name);
  if (change.mac !== undefined) setMac(home, device, change.mac);
  if (change.mtu !== undefined) setMtu(device, change.mtu);
  if (change.name !== undefined && change.name !== device.name)
    rename(home, device, numberedName(home, change.name));
  if (change.alias !== undefined) device.alias = change.alias;
  setFlags(home, device, change);
  if (change.txQueueLength !== undefined) device.txQueueLength = change.txQueueLength;
  if (change.master !== undefined) setMaster(device, change.master);
}

function check(home: Netns, device: Device, change: LinkChange): void {
  const { netns, mac, mtu, name, master } = change;
  if (netns !== undefined && netns !== device.home) checkMove(netns, device, name);
  if (mac !== undefined && !isUnicast(mac)) throw new KernelError("EADDRNOTAVAIL");
  if (mtu !== undefined) {
    checkMtu(device.kind, mtu);
    if (device instanceof Vxlan && mtu > largestMtu(device)) throw new KernelError("EINVAL");
  }
  if (name !== undefined && name !== device.name) {
    if (device.up && netns === undefined) throw new KernelError("EBUSY");
    checkName(home, numberedName(home, name));
  }
  if (master !== undefined && master !== null) checkMaster(device, master);
}

/** Devices that belong to their namespace (lo, bridges) stay (NETIF_F_NETNS_LOCAL). */
function checkMove(to: Netns, device: Device, name: string | undefined): void {
  if (device.kind === "loopback" || device.kind === "bridge") {
    throw new KernelError("EINVAL");
  }
  if (to.device(name ?? device.name) !== undefined) throw new KernelError("EEXIST");
}

function checkMaster(device: Device, master: Device): void {
  if (!(master instanceof Bridge)) throw new KernelError("EOPNOTSUPP");
  if (device instanceof Bridge) throw new KernelError("ELOOP", "Can not enslave a bridge to a bridge.");
  if (device.kind === "loopback") throw new KernelError("EINVAL");
  if (device.master !== master && master.ports.length >= MAX_BRIDGE_PORTS - 1) throw new KernelError("EXDEV");
}

/** Gives a device to another namespace: down, without addresses, under its index if that is free there (dev_change_net_namespace). */
function moveTo(from: Netns, device: Device, to: Netns, name: string | undefined): void {
  detach(from, device);
  device.replaceQdisc(null);
  device.home = to;
  if (name !== undefined) device.name = name;
  to.links.add(device);
  to.sysctls.addDevice(device);
  numberNamespaces(from, device, to);
  to.fib.changed();
}

/** The message about a device that moves names the namespaces, which get their numbers by it: the new one in the old, that of the device's other half in the new. */
function numberNamespaces(from: Netns, device: Device, to: Netns): void {
  from.netnsIdOf(to);
  const other = linkNamespace(device);
  if (other !== null) to.netnsIdOf(other as Netns);
}

function setMac(netns: Netns, device: Device, mac: Mac): void {
  if (device instanceof Bridge) device.setMac(mac);
  else device.mac = mac;
  for (const entry of netns.neighbours.list(device))
    if (entry.state !== "PERMANENT") netns.neighbours.remove(entry);
  device.refresh();
}

function setMtu(device: Device, mtu: number): void {
  device.mtu = mtu;
  if (device instanceof Bridge) device.mtuSet = true;
  device.refresh();
}

function rename(netns: Netns, device: Device, name: string): void {
  const old = device.name;
  netns.links.rename(device, name);
  netns.sysctls.renameDevice(device, old);
  device.addresses = device.addresses.map((at) => ({ ...at, label: at.label.replace(old, name) }));
}

function setFlags(netns: Netns, device: Device, change: LinkChange): void {
  if (change.promiscuous !== undefined && change.promiscuous !== device.promiscuous) {
    device.promiscuous = change.promiscuous;
    device.promiscuity += change.promiscuous ? 1 : -1;
  }
  if (change.arp !== undefined && change.arp !== device.arp) {
    device.arp = change.arp;
    netns.neighbours.removeDevice(device);
  }
  if (change.multicast !== undefined) device.multicast = change.multicast;
  if (change.allMulticast !== undefined) device.allMulticast = change.allMulticast;
  if (change.up !== undefined) device.setUp(change.up);
  if (change.up === true && device.kind === "loopback" && device.addresses.length === 0) {
    // inetdev_event: loopback gets its address when it is set up.
    addAddress(netns, device, { address: LOOPBACK_ADDRESS, prefix: 8, scope: "host" });
  }
}

function setMaster(device: Device, master: Device | null): void {
  const port = device.frameHandler;
  if (device.master === master) return;
  if (port instanceof BridgePort) port.bridge.removePort(port);
  if (master instanceof Bridge) master.addPort(device);
}
