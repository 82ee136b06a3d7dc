import { formatMac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { Bridge } from "../../link/bridge.js";
import type { Device } from "../../link/device.js";
import { setLink } from "../../stack/config/link.js";
import type { Netns } from "../../stack/netns.js";
import type { Directory, Inode } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { fixedDirectory, generated, kernelLink } from "./nodes.js";
import { bridgeDirectory, portDirectory, portLinks } from "./sys-bridge.js";

/** A sysfs attribute shows 4096 bytes in `ls`, whatever it holds. */
export const ATTRIBUTE_SIZE = 4096;

const IFF = { UP: 0x1, BROADCAST: 0x2, LOOPBACK: 0x8, PROMISC: 0x100, MULTICAST: 0x1000 };

type Attribute = readonly [
  name: string,
  read: (device: Device) => string,
  write?: (device: Device, value: string) => void,
];

/** /sys/class/net/DEV (net-sysfs.c). */
const ATTRIBUTES: readonly Attribute[] = [
  ["addr_assign_type", (device) => (device.kind === "loopback" || device.kind === "nic" ? "0" : "1")],
  ["addr_len", () => "6"],
  ["address", (device) => formatMac(device.mac)],
  ["broadcast", (device) => (device.kind === "loopback" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff")],
  ["carrier", carrier],
  ["dev_id", () => "0x0"],
  ["dev_port", () => "0"],
  ["dormant", (device) => whileUp(device, "0")],
  [
    "duplex",
    (device) => whileUp(device, device.kind === "bridge" || device.kind === "dummy" ? "unknown" : "full"),
  ],
  ["flags", (device) => `0x${flags(device).toString(16)}`],
  ["ifalias", () => ""],
  ["ifindex", (device) => String(device.ifindex)],
  ["iflink", (device) => String(device.link?.ifindex ?? device.ifindex)],
  ["link_mode", () => "0"],
  ["mtu", (device) => String(device.mtu), (device, value) => change(device, { mtu: wholeNumber(value) })],
  ["name_assign_type", () => "3"],
  ["netdev_group", () => "0"],
  ["operstate", operationalState],
  ["proto_down", () => "0"],
  [
    "speed",
    (device) =>
      whileUp(
        device,
        device.kind === "nic" ? "1000" : device.kind === "veth" || device.kind === "bridge" ? "10000" : "-1",
      ),
  ],
  ["testing", (device) => whileUp(device, "0")],
  [
    "tx_queue_len",
    (device) => String(device.txQueueLength),
    (device, value) => change(device, { txQueueLength: wholeNumber(value) }),
  ],
  ["type", (device) => (device.kind === "loopback" ? "772" : "1")],
  [
    "uevent",
    (device) =>
      `${device.kind === "bridge" ? "DEVTYPE=bridge\n" : ""}INTERFACE=${device.name}\nIFINDEX=${device.ifindex}`,
  ],
];

function change(device: Device, what: Parameters<typeof setLink>[2]): void {
  setLink(device.home as Netns, device, what);
}

export function wholeNumber(text: string): number {
  const value = /^\s*(0x[0-9a-f]+|\d+)\s*$/i.exec(text);
  if (value === null) throw new KernelError("EINVAL");
  return Number(value[1]);
}

/** Attributes that cannot be read while the device is down: the read fails with EINVAL. */
function whileUp(device: Device, value: string): string {
  if (!device.up) throw new KernelError("EINVAL");
  return value;
}

function carrier(device: Device): string {
  return whileUp(device, device.carrier ? "1" : "0");
}

/** RFC 2863's ifOperStatus as the kernel names it: loopback and tunnels never leave `unknown`. */
export function operationalState(device: Device): string {
  if (!device.up) return device.kind === "loopback" || device.kind === "dummy" ? "unknown" : "down";
  if (device.kind === "loopback" || device.kind === "vxlan" || device.kind === "dummy") return "unknown";
  if (device.carrier) return "up";
  return device.kind === "veth" ? "lowerlayerdown" : "down";
}

function flags(device: Device): number {
  const kind = device.kind === "loopback" ? IFF.LOOPBACK : IFF.BROADCAST | IFF.MULTICAST;
  return kind | (device.up ? IFF.UP : 0) | (device.promiscuity > 0 ? IFF.PROMISC : 0);
}

const STATISTICS: Readonly<Record<string, (device: Device) => number>> = {
  collisions: () => 0,
  multicast: ({ stats }) => stats.rxMulticast,
  rx_bytes: ({ stats }) => stats.rxBytes,
  rx_compressed: () => 0,
  rx_crc_errors: () => 0,
  rx_dropped: ({ stats }) => stats.rxDropped,
  rx_errors: ({ stats }) => stats.rxErrors,
  rx_fifo_errors: () => 0,
  rx_frame_errors: () => 0,
  rx_length_errors: () => 0,
  rx_missed_errors: () => 0,
  rx_nohandler: () => 0,
  rx_over_errors: () => 0,
  rx_packets: ({ stats }) => stats.rxPackets,
  tx_aborted_errors: () => 0,
  tx_bytes: ({ stats }) => stats.txBytes,
  tx_carrier_errors: ({ stats }) => stats.txCarrier,
  tx_compressed: () => 0,
  tx_dropped: ({ stats }) => stats.txDropped,
  tx_errors: ({ stats }) => stats.txErrors,
  tx_fifo_errors: () => 0,
  tx_heartbeat_errors: () => 0,
  tx_packets: ({ stats }) => stats.txPackets,
  tx_window_errors: () => 0,
};

/** The folder of one device under /sys/devices. */
export function deviceDirectory(device: Device, source: InodeSource): Directory {
  const entries: Record<string, () => Inode> = {};
  for (const [name, read, write] of ATTRIBUTES) {
    entries[name] = () =>
      generated(source, () => `${read(device)}\n`, {
        shownSize: ATTRIBUTE_SIZE,
        ...(write === undefined ? {} : { write: (text: string) => write(device, text) }),
      });
  }
  entries.statistics = () => statisticsDirectory(device, source);
  entries.subsystem = () =>
    kernelLink(source, device.kind === "nic" ? "../../../../../../class/net" : "../../../../class/net");
  if (device.master !== null) {
    const { name } = device.master;
    const up = device.kind === "nic" ? "../../../../../virtual/net/" : "../";
    entries.master = () => kernelLink(source, `${up}${name}`);
    entries[`upper_${name}`] = () => kernelLink(source, `${up}${name}`);
    entries.brport = () => portDirectory(device, source);
  }
  if (device instanceof Bridge) {
    entries.bridge = () => bridgeDirectory(device, source);
    entries.brif = () => portLinks(device, source);
    for (const port of device.ports)
      entries[`lower_${port.device.name}`] = () => kernelLink(source, `../${port.device.name}`);
  }
  return fixedDirectory(
    source,
    Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))),
    { mode: 0o755 },
  );
}

function statisticsDirectory(device: Device, source: InodeSource): Directory {
  const entries: Record<string, () => Inode> = {};
  for (const [name, read] of Object.entries(STATISTICS)) {
    entries[name] = () => generated(source, () => `${read(device)}\n`, { shownSize: ATTRIBUTE_SIZE });
  }
  return fixedDirectory(source, entries, { mode: 0o755 });
}
