import { formatIpv4, formatMac, type Ipv4, tryParseIpv4, tryParseMac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Device } from "../../link/device.js";
import { linkNamespace } from "../../link/link-namespace.js";
import { Vxlan } from "../../link/vxlan.js";
import type { VxlanRemote } from "../../link/vxlan-fdb.js";
import { addFdb, deleteFdb, type FdbLine, type FdbSpec, listFdb } from "../../stack/config/fdb.js";
import type { Netns } from "../../stack/netns.js";
import {
  cannotFind,
  garbage,
  invalidArgument,
  matches,
  readUnsigned,
  unsupported,
  Words,
} from "../ip/words.js";
import { netlink, ToolExit } from "../tool-exit.js";
import type { BridgeRun } from "./bridge.js";
import { FDB_USAGE } from "./usage.js";

/** `bridge fdb`: show, add, append, replace, del, flush. */
export function bridgeFdb(run: BridgeRun, words: readonly string[]): number {
  const [verb = "show", ...rest] = words;
  if (matches(verb, "add")) return modify(run, rest, (spec) => addFdb(run.netns, spec));
  if (matches(verb, "append")) return modify(run, rest, (spec) => addFdb(run.netns, spec, { append: true }));
  if (matches(verb, "replace"))
    return modify(run, rest, (spec) => addFdb(run.netns, spec, { replace: true }));
  if (matches(verb, "delete")) return modify(run, rest, (spec) => deleteFdb(run.netns, spec));
  if (matches(verb, "get")) throw unsupported('command "fdb get"', "bridge");
  if (matches(verb, "show") || verb === "lst" || matches(verb, "list")) return show(run, rest);
  if (matches(verb, "flush")) return flush(run, rest);
  if (matches(verb, "help")) throw new ToolExit(255, FDB_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "bridge fdb help".\n`);
}

interface Selection {
  readonly bridge: Device | null;
  readonly port: Device | null;
}

function readSelection(run: BridgeRun, list: readonly string[]): Selection {
  const words = new Words(list);
  let bridge: string | null = null;
  let port: string | null = null;
  while (!words.done) {
    const word = words.next();
    if (word === "br") bridge = words.next();
    else if (word === "brport" || word === "dev") {
      const name = words.next();
      if (port !== null) throw garbage("brport", name);
      port = name;
    } else if (["vlan", "state", "dynamic"].includes(word)) throw unsupported(`selector "${word}"`, "bridge");
    else if (matches(word, "help")) throw new ToolExit(255, FDB_USAGE);
  }
  return {
    bridge: bridge === null ? null : findBridge(run, bridge),
    port: port === null ? null : findPort(run, port),
  };
}

function findBridge(run: BridgeRun, name: string): Device {
  const device = run.netns.device(name);
  if (device === undefined) throw new ToolExit(255, `Cannot find bridge device "${name}"\n`);
  return device;
}

function findPort(run: BridgeRun, name: string): Device {
  const device = run.netns.device(name);
  if (device === undefined) throw cannotFind(name, 255);
  return device;
}

function show(run: BridgeRun, list: readonly string[]): number {
  const { bridge, port } = readSelection(run, list);
  const nameOf = (ifindex: number) => run.netns.deviceByIndex(ifindex)?.name;
  for (const line of listFdb(run.netns, port ?? undefined)) {
    if (port !== null && line.device !== port) continue;
    if (bridge !== null && line.device !== bridge && line.device.master !== bridge) continue;
    run.write(
      `${printFdbLine(line, { hideDevice: port !== null, now: run.now, statistics: run.statistics, nameOf, netnsId: idOf(run, line) })}\n`,
    );
  }
  return 0;
}

/** Of a remote: the number of the namespace in which its device was made, where it is not the one looked at. */
function idOf({ netns }: BridgeRun, { device, remote }: FdbLine): number | null {
  const other = remote === undefined ? null : linkNamespace(device);
  return other === null ? null : netns.netnsIdOf(other as Netns);
}

/** One entry (print_fdb in bridge/fdb.c). Entries that age end in a blank, as the tool prints them. */
export function printFdbLine(
  line: FdbLine,
  options: {
    hideDevice?: boolean;
    statistics?: boolean;
    now?: number;
    nameOf?: (ifindex: number) => string | undefined;
    netnsId?: number | null;
  } = {},
): string {
  const parts = [formatMac(line.mac)];
  if (options.hideDevice !== true) parts.push(`dev ${line.device.name}`);
  const { remote, times } = line;
  if (remote !== undefined) parts.push(`dst ${formatIpv4(remote.address)}`);
  if (line.vlan !== 0) parts.push(`vlan ${line.vlan}`);
  if (remote !== undefined && remote.port !== 0) parts.push(`port ${remote.port}`);
  if (remote !== undefined && remote.vni >= 0) parts.push(`vni ${remote.vni}`);
  if (remote !== undefined && remote.via !== 0)
    parts.push(`via ${options.nameOf?.(remote.via) ?? `if${remote.via}`}`);
  if (typeof options.netnsId === "number") parts.push(`link-netnsid ${options.netnsId}`);
  if (options.statistics === true && times !== undefined) {
    const seconds = (at: number): number => Math.floor(((options.now ?? 0) - at) / 1e9);
    parts.push(`used ${seconds(times.usedAt)}/${seconds(times.updatedAt)}`);
  }
  parts.push(line.master === null ? "self" : `master ${line.master.name}`);
  parts.push(line.state === "reachable" ? "" : line.state);
  return parts.join(" ");
}

function modify(run: BridgeRun, list: readonly string[], apply: (spec: FdbSpec) => void): number {
  const words = new Words(list);
  let address: string | null = null;
  let name: string | null = null;
  let state: FdbSpec["state"];
  let target: FdbSpec["target"];
  let vlan: number | null = null;
  const remote: { address?: number; port?: number; vni?: number; via?: number } = {};
  while (!words.done) {
    const word = words.next();
    if (word === "dst") {
      const address = words.next();
      if (remote.address !== undefined) throw garbage("dst", address);
      remote.address = readDestination(address);
    } else if (word === "port") remote.port = readLimited(words.next(), 65535, "invalid port\n");
    else if (word === "vni") remote.vni = readLimited(words.next(), 0xffffff, "invalid VNI\n");
    else if (word === "via") remote.via = findPort(run, words.next()).ifindex;
    else if (word === "dev") name = words.next();
    else if (word === "self" || word === "master") target = word;
    else if (matches(word, "local") || matches(word, "permanent")) state = "local";
    else if (word === "temp" || matches(word, "static")) state = "static";
    else if (matches(word, "dynamic")) state = "dynamic";
    else if (matches(word, "vlan")) vlan = readUnsigned(words.next()) ?? 0;
    else if (
      ["src_vni", "use", "extern_learn", "sticky", "router", "nhid", "activity_notify"].includes(word)
    ) {
      throw unsupported(`fdb option "${word}"`, "bridge");
    } else {
      if (matches(word, "help")) throw new ToolExit(255, FDB_USAGE);
      if (address !== null) throw garbage("to", word);
      address = word === "to" ? words.next() : word;
    }
  }
  if (name === null || address === null)
    throw new ToolExit(255, "Device and address are required arguments.\n");
  const mac = tryParseMac(address);
  if (mac === null) throw new ToolExit(255, `Invalid mac address ${address}\n`);
  const device = findPort(run, name);
  const spec: FdbSpec = {
    mac,
    device,
    ...(state === undefined ? {} : { state }),
    ...(target === undefined ? {} : { target }),
    ...(vlan === null ? {} : { vlan }),
    ...(remote.address === undefined ? {} : { remote: remoteOf(device, remote.address, remote) }),
  };
  netlink(() => {
    if (vlan === 0 || (vlan !== null && vlan > MAX_VLAN)) throw new KernelError("EINVAL", "invalid vlan id");
    apply(spec);
  }, 255);
  return 0;
}

/** The largest VLAN number (VLAN_VID_MASK less one). */
const MAX_VLAN = 4094;

function readDestination(word: string): Ipv4 {
  const address = tryParseIpv4(word);
  if (address === null)
    throw new ToolExit(1, `Error: any valid address is expected rather than "${word}".\n`);
  return address;
}

function readLimited(word: string, most: number, complaint: string): number {
  const value = readUnsigned(word, most);
  if (value === null) throw invalidArgument(word, complaint);
  return value;
}

/** Port and VNI of the device itself are kept as "the device's own", and not listed. */
function remoteOf(
  device: Device,
  address: Ipv4,
  { port = 0, vni = -1, via = 0 }: { port?: number; vni?: number; via?: number },
): VxlanRemote {
  const own = device instanceof Vxlan ? device.config : null;
  return {
    address,
    port: port === own?.destinationPort ? 0 : port,
    vni: vni === own?.vni ? -1 : vni,
    via,
  };
}

/** Came with Linux 6.2: 6.1, which the machines here run, refuses it. */
function flush(run: BridgeRun, list: readonly string[]): number {
  const words = new Words(list);
  let name: string | null = null;
  while (!words.done) {
    const word = words.next();
    if (word !== "dev") throw unsupported(`fdb flush option "${word}"`, "bridge");
    name = words.next();
  }
  if (name === null) throw new ToolExit(255, "Device is a required argument.\n");
  findPort(run, name);
  return netlink(() => {
    throw new KernelError("EOPNOTSUPP");
  }, 255);
}
