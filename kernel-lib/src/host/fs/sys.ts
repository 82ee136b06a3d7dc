import type { Device } from "../../link/device.js";
import type { Netns } from "../../stack/netns.js";
import type { Host } from "../host.js";
import type { Directory, Inode, Viewer } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { fixedDirectory, generatedDirectory, kernelLink } from "./nodes.js";
import { deviceDirectory } from "./sys-device.js";

/** /sys: the devices of the network namespace for which it was mounted. */
export function sysFs(host: Host, source: InodeSource): Directory {
  const mtime = host.unixTime(host.bootTime);
  const netnsOf = (viewer: Viewer) => viewer.sysNetns ?? host.rootNetns;
  const classNet = generatedDirectory(
    source,
    (viewer) => sorted(netnsOf(viewer)).map(({ name }) => name),
    (name, viewer) => {
      const device = netnsOf(viewer).device(name);
      return device === undefined
        ? null
        : kernelLink(source, `../../devices/${location(device)}/net/${name}`, { mtime });
    },
    { mode: 0o755, mtime },
  );
  const folder = (wanted: (device: Device) => boolean): Directory =>
    generatedDirectory(
      source,
      (viewer) =>
        sorted(netnsOf(viewer))
          .filter(wanted)
          .map(({ name }) => name),
      (name, viewer): Inode | null => {
        const device = netnsOf(viewer).device(name);
        return device === undefined || !wanted(device) ? null : deviceDirectory(device, source);
      },
      { mode: 0o755, mtime },
    );
  const fixed = (entries: Readonly<Record<string, Directory>>): Directory =>
    fixedDirectory(
      source,
      Object.fromEntries(Object.entries(entries).map(([name, inode]) => [name, () => inode])),
      { mode: 0o755, mtime },
    );
  const virtual = fixed({ net: folder((device) => device.kind !== "nic") });
  const pci = generatedDirectory(
    source,
    (viewer) => nics(netnsOf(viewer)).map((_, i) => slot(i)),
    (name, viewer) => {
      const nic = nics(netnsOf(viewer)).find((_, i) => slot(i) === name);
      if (nic === undefined) return null;
      return fixed({ [`virtio${name.slice(-3, -2)}`]: fixed({ net: folder((device) => device === nic) }) });
    },
    { mode: 0o755, mtime },
  );
  return fixed({
    block: fixed({}),
    bus: fixed({}),
    class: fixed({ net: classNet }),
    devices: fixed({ "pci0000:00": pci, virtual }),
    fs: fixed({}),
    kernel: fixed({}),
    module: fixed({}),
  });
}

function sorted(netns: Netns): Device[] {
  return [...netns.devices.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nics(netns: Netns): Device[] {
  return [...netns.devices.values()]
    .filter((device) => device.kind === "nic")
    .sort((a, b) => a.ifindex - b.ifindex);
}

/** PCI slots from 3 on, as virtio NICs of a virtual machine have them. */
function slot(i: number): string {
  return `0000:00:0${3 + i}.0`;
}

/** Where a device hangs under /sys/devices. */
function location(device: Device): string {
  if (device.kind !== "nic") return "virtual";
  const name = slot(nics(device.home as Netns).indexOf(device));
  return `pci0000:00/${name}/virtio${name.slice(-3, -2)}`;
}
