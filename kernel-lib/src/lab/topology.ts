import { formatCidr, formatMac } from "../base/addresses.js";
import type { Host } from "../host/host.js";
import { Cable } from "../link/cable.js";
import type { Device } from "../link/device.js";
import type { DeviceKind } from "../link/device-kind.js";
import { Nic } from "../link/nic.js";
import type { Netns } from "../stack/netns.js";
import { cableNotes } from "./cable-text.js";

/** What is wired to what, at this moment: plain data for drawings, checks and tests. */
export interface Topology {
  readonly machines: readonly MachineView[];
  readonly links: readonly LinkView[];
}

export interface MachineView {
  readonly name: string;
  readonly namespaces: readonly NamespaceView[];
}

export interface NamespaceView {
  readonly label: string;
  /** The machine's own namespace. */
  readonly root: boolean;
  readonly devices: readonly DeviceView[];
}

export interface DeviceView {
  /** `machine/namespace/device`: unique in the lab. */
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly mac: string;
  readonly addresses: readonly string[];
  readonly up: boolean;
}

/** `veth`: two ends of a pair. `port`: from a bridge to its port. `cable`: between machines. */
export interface LinkView {
  readonly from: string;
  readonly to: string;
  readonly kind: "veth" | "port" | "cable";
  /** Of a cable: what is not as by default, `delay 5.00 ms, loss 1 %`; a line for each direction where they differ. */
  readonly notes?: readonly string[];
}

export function deviceId(machine: string, netns: string, device: string): string {
  return `${machine}/${netns}/${device}`;
}

/** Reads the topology off the machines. Loopbacks are left out, and namespaces that hold nothing else. @internal */
export function topologyOf(hosts: readonly Host[]): Topology {
  const machines = hosts.map((host) => ({
    name: host.name,
    namespaces: host
      .netnsList()
      .map((netns) => viewOf(netns, netns === host.rootNetns))
      .filter((view) => view.root || view.devices.length > 0),
  }));
  const links = new Map<string, LinkView>();
  for (const host of hosts)
    for (const netns of host.netnsList())
      for (const device of netns.devices.values()) addLinks(links, device);
  const shown = new Set(hosts.map((host) => host.name));
  const isShown = (id: string) => shown.has(id.slice(0, id.indexOf("/")));
  return {
    machines,
    links: [...links.values()].filter(({ from, to }) => isShown(from) && isShown(to)),
  };
}

function viewOf(netns: Netns, root: boolean): NamespaceView {
  const devices = [...netns.devices.values()].filter((device) => device.kind !== "loopback");
  return {
    label: netns.label,
    root,
    devices: devices.map((device) => ({
      id: idOf(device),
      name: device.name,
      kind: device.kind,
      mac: formatMac(device.mac),
      addresses: device.addresses.map(formatCidr),
      up: device.up,
    })),
  };
}

function idOf(device: Device): string {
  return deviceId(device.home.machine, device.home.label, device.name);
}

function addLinks(links: Map<string, LinkView>, device: Device): void {
  const here = idOf(device);
  if (device.master !== null)
    links.set(`${here} port`, { from: idOf(device.master), to: here, kind: "port" });
  const other = otherEnd(device);
  if (other === null) return;
  const there = idOf(other);
  const [from, to] = here < there ? [here, there] : [there, here];
  const wire = device instanceof Nic && device.cable instanceof Cable ? device.cable : null;
  const notes = wire === null ? [] : cableNotes(wire);
  links.set(`${from} ${to}`, {
    from,
    to,
    kind: wire === null ? "veth" : "cable",
    ...(notes.length === 0 ? {} : { notes }),
  });
}

/** What a device is wired to: the other end of its pair, or of its cable. */
function otherEnd(device: Device): Device | null {
  if (device.kind === "veth") return device.link;
  if (!(device instanceof Nic)) return null;
  return device.cable?.nics?.find((nic) => nic !== device) ?? null;
}
