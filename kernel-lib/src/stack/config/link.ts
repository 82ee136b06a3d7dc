import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { Bridge } from "../../link/bridge.js";
import type { Cable } from "../../link/cable.js";
import type { Device } from "../../link/device.js";
import { Dummy } from "../../link/dummy.js";
import { Nic } from "../../link/nic.js";
import { Veth } from "../../link/veth.js";
import { Vxlan, type VxlanConfig } from "../../link/vxlan.js";
import type { Netns } from "../netns.js";
import { checkMtu, checkName, isUnicast, numberedName } from "./link-checks.js";
import { removeDevice } from "./remove-device.js";
import { checkBirthMtu, checkVxlan, makeVxlan, withinLower } from "./vxlan.js";

export { type LinkChange, setLink } from "./set-link.js";

interface CommonSpec {
  readonly name: string;
  readonly mac?: Mac;
  readonly mtu?: number;
  readonly txQueueLength?: number;
  /** Asked-for interface index. */
  readonly index?: number;
}

/** What `ip link add` asks for. `nic` is the hardware: only the builder of a machine adds one. */
export type LinkSpec =
  | (CommonSpec & { readonly kind: "bridge" | "dummy" })
  | (CommonSpec & { readonly kind: "nic"; readonly cable?: Cable })
  | (CommonSpec & { readonly kind: "vxlan"; readonly config: VxlanConfig })
  | (CommonSpec & {
      readonly kind: "veth";
      /** The other end: a free `vethN` name in the same namespace when left out. */
      readonly peer?: {
        readonly name?: string;
        readonly netns?: Netns;
        readonly mac?: Mac;
        readonly mtu?: number;
        readonly index?: number;
      };
    });

/** RTM_NEWLINK with NLM_F_CREATE|NLM_F_EXCL. Throws EEXIST, EINVAL, ERANGE … A `%d` in a name takes the lowest free number. */
export function createLink(netns: Netns, spec: LinkSpec): Device {
  if (spec.kind === "veth") return createPair(netns, spec);
  const name = numberedName(netns, spec.name);
  checkName(netns, name);
  checkSpec(netns, spec);
  const mac = spec.mac ?? randomMac(netns, name);
  if (spec.kind === "vxlan") checkVxlan(netns, spec.config);
  const device =
    spec.kind === "vxlan" ? makeVxlan(netns, name, mac, spec.config) : make(netns, spec.kind, name, mac);
  if (device instanceof Bridge && spec.mac !== undefined) device.setMac(mac);
  if (device instanceof Bridge && spec.mtu !== undefined) device.mtuSet = true;
  settle(netns, device, device instanceof Vxlan ? withinLower(device, spec) : spec);
  if (spec.kind === "nic" && spec.cable !== undefined) (device as Nic).cable = spec.cable;
  return device;
}

function make(netns: Netns, kind: "bridge" | "dummy" | "nic", name: string, mac: Mac): Device {
  if (kind === "bridge") {
    const bridge = new Bridge(netns, name, mac);
    bridge.netfilter = netns.bridgeNetfilter;
    return bridge;
  }
  if (kind === "dummy") return new Dummy(netns, name, mac);
  const nic = new Nic(netns, name, mac);
  nic.defaultQdisc = netns.kernel.cardQdisc;
  return nic;
}

function checkSpec(netns: Netns, spec: LinkSpec): void {
  if (spec.mac !== undefined && !isUnicast(spec.mac)) throw new KernelError("EADDRNOTAVAIL");
  if (spec.mtu !== undefined && spec.kind === "vxlan") checkBirthMtu(spec.mtu);
  if (spec.mtu !== undefined) checkMtu(spec.kind, spec.mtu);
  if (spec.index !== undefined && netns.deviceByIndex(spec.index) !== undefined)
    throw new KernelError("EEXIST");
}

/** Puts a new device into its namespace. */
function settle(
  netns: Netns,
  device: Device,
  spec: { readonly mtu?: number; readonly txQueueLength?: number; readonly index?: number },
): void {
  if (spec.mtu !== undefined) device.mtu = spec.mtu;
  if (spec.txQueueLength !== undefined) device.txQueueLength = spec.txQueueLength;
  if (spec.index !== undefined) device.ifindex = spec.index;
  netns.links.add(device);
  netns.sysctls.addDevice(device);
  netns.fib.changed();
}

/** The peer gets its index first, and its name if it has none yet, as veth_newlink registers it first. */
function createPair(netns: Netns, spec: LinkSpec & { kind: "veth" }): Device {
  const other = spec.peer ?? {};
  const home = other.netns ?? netns;
  const peerName = numberedName(home, other.name ?? "veth%d");
  const name = numberedName(netns, spec.name, home === netns ? peerName : "");
  checkName(netns, name);
  checkSpec(netns, spec);
  if (home === netns && peerName === name) throw new KernelError("EEXIST");
  checkName(home, peerName);
  if (other.mac !== undefined && !isUnicast(other.mac)) throw new KernelError("EADDRNOTAVAIL");
  if (other.mtu !== undefined) checkMtu("veth", other.mtu);
  const mac = spec.mac ?? randomMac(netns, name);
  const peerMac = other.mac ?? randomMac(home, peerName);
  const [first, second] = Veth.pair(netns, name, mac, { home, name: peerName, mac: peerMac });
  settle(home, second, { ...other });
  settle(netns, first, spec);
  return first;
}

/** A locally administered unicast address (eth_random_addr), by the seed, the machine, the namespace and the name. */
export function randomMac(netns: Netns, name: string): Mac {
  netns.links.macsDrawn++;
  const random = netns.world.random.fork(`mac/${netns.machine}/${netns.id}/${name}/${netns.links.macsDrawn}`);
  const first = (random.uint32() & 0xfc) | 0x02;
  return first * 2 ** 40 + (random.uint32() & 0xff) * 2 ** 32 + random.uint32();
}

/** RTM_DELLINK. The other end of a veth pair goes too. Throws EOPNOTSUPP for lo and for hardware. */
export function deleteLink(netns: Netns, device: Device): void {
  if (device.kind === "loopback" || device.kind === "nic") throw new KernelError("EOPNOTSUPP");
  removeDevice(netns, device);
}
