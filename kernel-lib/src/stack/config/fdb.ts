import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import { Bridge } from "../../link/bridge.js";
import { BridgePort } from "../../link/bridge-port.js";
import type { Device } from "../../link/device.js";
import { FdbEntry } from "../../link/fdb.js";
import { Vxlan } from "../../link/vxlan.js";
import type { VxlanRemote } from "../../link/vxlan-fdb.js";
import type { Netns } from "../netns.js";
import { filterMacs } from "./multicast-filter.js";
import { addToVxlan, deleteFromVxlan, vxlanLines } from "./vxlan-fdb.js";

/** What `bridge fdb add MAC dev DEV` asks for. */
export interface FdbSpec {
  readonly mac: Mac;
  readonly device: Device;
  /** `local` (permanent, the default of the tool), `static`, or `dynamic`. */
  readonly state?: "local" | "static" | "dynamic";
  /** `master`: into the bridge of the device; `self` (the default): into the device's own table. */
  readonly target?: "self" | "master";
  readonly vlan?: number;
  /** Of a VXLAN device: where frames for the address go. */
  readonly remote?: VxlanRemote;
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
  /** Of a VXLAN device: one of the entry's remotes. */
  readonly remote?: VxlanRemote;
  /** Last use and last change, where the table keeps them. */
  readonly times?: { readonly usedAt: Nanoseconds; readonly updatedAt: Nanoseconds };
}

export interface FdbAddOptions {
  readonly replace?: boolean;
  readonly append?: boolean;
}

/** The one VLAN that ports belong to while nobody configures VLANs (default_pvid): what is set for no VLAN is set for it too. */
const DEFAULT_VLAN = 1;

/** RTM_NEWNEIGH in PF_BRIDGE. Throws EEXIST, EINVAL, EOPNOTSUPP, EPERM. */
export function addFdb(_netns: Netns, spec: FdbSpec, options: FdbAddOptions = {}): void {
  const { device, target = "self" } = spec;
  if (target === "master") {
    if (!(device.frameHandler instanceof BridgePort)) throw new KernelError("EOPNOTSUPP");
    addToBridge(device.frameHandler.bridge, device.frameHandler, spec, options);
  } else if (device instanceof Bridge) addToBridge(device, null, spec, options);
  else if (device instanceof Vxlan) addToVxlan(device, spec, options);
  else {
    if ((spec.state ?? "local") !== "local") throw new KernelError("EINVAL");
    if (!device.filters.includes(spec.mac)) device.filters = [...device.filters, spec.mac];
    else if (options.append !== true) throw new KernelError("EEXIST");
  }
}

/** br_fdb_add: for the VLAN that is named, else without one and once more for the default VLAN. */
function addToBridge(bridge: Bridge, port: BridgePort | null, spec: FdbSpec, options: FdbAddOptions): void {
  const { mac, state = "local", vlan = 0 } = spec;
  if (mac === 0 || (vlan !== 0 && vlan !== DEFAULT_VLAN)) throw new KernelError("EINVAL");
  if (port !== null && state === "dynamic" && port.state !== "forwarding") throw new KernelError("EPERM");
  if (port === null && state !== "local") throw new KernelError("EINVAL");
  const vlans = vlan !== 0 ? [vlan] : bridge.defaultPvid === 0 ? [0] : [0, DEFAULT_VLAN];
  const exclusive = options.replace !== true && options.append !== true;
  if (exclusive && bridge.fdb.findVlan(mac, vlans[0]!) !== null) throw new KernelError("EEXIST");
  for (const each of vlans) setEntry(bridge, port, mac, each, state);
}

/** Makes an entry, or changes the one that is there in its place (fdb_add_entry). */
function setEntry(
  bridge: Bridge,
  port: BridgePort | null,
  mac: Mac,
  vlan: number,
  state: "local" | "static" | "dynamic",
): void {
  const { now } = bridge.home.world.scheduler;
  const entry = bridge.fdb.findVlan(mac, vlan) ?? bridge.fdb.add(new FdbEntry(mac, vlan, port, now));
  const local = state === "local";
  const isStatic = state === "static";
  if (entry.port !== port || entry.local !== local || entry.static !== isStatic) entry.updatedAt = now;
  entry.usedAt = now;
  entry.port = port;
  entry.local = local;
  entry.static = isStatic;
  entry.userMade = true;
}

/** RTM_DELNEIGH in PF_BRIDGE (br_fdb_delete): without a VLAN, the entry and its copy, of which one is enough. Throws ENOENT. */
export function deleteFdb(_netns: Netns, spec: FdbSpec): void {
  const { device, target = "self", mac, vlan = 0 } = spec;
  if (target === "self" && device instanceof Vxlan) {
    deleteFromVxlan(device, spec);
    return;
  }
  if (target === "self" && !(device instanceof Bridge)) {
    if (!device.filters.includes(mac)) throw new KernelError("ENOENT");
    device.filters = device.filters.filter((other) => other !== mac);
    return;
  }
  const port = device.frameHandler instanceof BridgePort ? device.frameHandler : null;
  const bridge = target === "self" ? (device as Bridge) : port?.bridge;
  if (bridge === undefined) throw new KernelError("EOPNOTSUPP");
  const owner = target === "self" ? null : port;
  const gone = bridge.fdb.removeWhere(
    (entry) => entry.mac === mac && entry.port === owner && (vlan === 0 || entry.vlan === vlan),
  );
  if (gone === 0) throw new KernelError("ENOENT");
}

/** Forgets what was learned on a port, or on all ports of a bridge. */
export function flushFdb(_netns: Netns, device: Device): void {
  const port = device.frameHandler;
  const bridge = device instanceof Bridge ? device : port instanceof BridgePort ? port.bridge : null;
  if (bridge === null) throw new KernelError("EOPNOTSUPP");
  bridge.fdb.removeWhere(
    (entry) => !entry.local && !entry.static && (bridge === device || entry.port === port),
  );
}

/**
 * All lines in the kernel's order (rtnl_fdb_dump): device by device, for a port first what its bridge knows of it, then the device's own
 * multicast filter; for a bridge its filter first. With `device`, only that device's.
 */
export function listFdb(netns: Netns, device?: Device): readonly FdbLine[] {
  const lines: FdbLine[] = [];
  for (const each of netns.devices.values()) {
    if (device !== undefined && each !== device) continue;
    const port = each.frameHandler;
    if (port instanceof BridgePort) lines.push(...bridgeLines(port.bridge, port, each));
    if (each instanceof Vxlan) {
      lines.push(...vxlanLines(each));
      continue;
    }
    for (const mac of filterMacs(netns, each)) {
      lines.push({ mac, device: each, master: null, vlan: 0, entry: null, state: "permanent" });
    }
    if (each instanceof Bridge) lines.push(...bridgeLines(each, null, each));
  }
  return lines;
}

function bridgeLines(bridge: Bridge, port: BridgePort | null, device: Device): FdbLine[] {
  return bridge
    .listFdb()
    .filter((entry) => entry.port === port)
    .map((entry) => ({
      mac: entry.mac,
      device,
      master: bridge,
      vlan: entry.vlan,
      entry,
      times: entry,
      state: stateOf(bridge, entry),
    }));
}

function stateOf(bridge: Bridge, entry: FdbEntry): FdbLine["state"] {
  if (entry.local) return "permanent";
  if (entry.static) return "static";
  const age = bridge.home.world.scheduler.now - entry.updatedAt;
  return age >= bridge.ageingTime ? "stale" : "reachable";
}
