import type { Device } from "../../link/device.js";

/** Name, version and place of a driver. */
interface Driver {
  readonly name: string;
  readonly version: string;
  readonly firmware: string;
  readonly bus: string;
  readonly statistics: boolean;
}

function driverOf(device: Device, release: string): Driver | null {
  const plain = { firmware: "", bus: "", statistics: false };
  switch (device.kind) {
    case "veth":
      return { ...plain, name: "veth", version: "1.0", statistics: true };
    case "bridge":
      return { ...plain, name: "bridge", version: "2.3", firmware: "N/A", bus: "N/A" };
    case "vxlan":
      return { ...plain, name: "vxlan", version: "0.1" };
    case "dummy":
      return { ...plain, name: "dummy", version: release };
    case "nic":
      return { ...plain, name: "virtio_net", version: "1.0.0", bus: slotOf(device), statistics: true };
    default:
      return null;
  }
}

/** Cards sit in slots from 3 on, in the order of their indexes. */
function slotOf(device: Device): string {
  return `0000:00:${(device.ifindex + 1).toString(16).padStart(2, "0")}.0`;
}

/** `ethtool -i DEVICE`; null for a device that has no driver to ask (lo). Drivers without a version of their own say the kernel's, `release`. */
export function driverText(device: Device, release: string): string | null {
  const driver = driverOf(device, release);
  if (driver === null) return null;
  return [
    `driver: ${driver.name}`,
    `version: ${driver.version}`,
    `firmware-version: ${driver.firmware}`,
    "expansion-rom-version: ",
    `bus-info: ${driver.bus}`,
    `supports-statistics: ${driver.statistics ? "yes" : "no"}`,
    "supports-test: no",
    "supports-eeprom-access: no",
    "supports-register-dump: no",
    "supports-priv-flags: no",
    "",
  ].join("\n");
}

/**
 * `ethtool -S DEVICE`: what the driver counts beside the ordinary counters; null for drivers that count nothing. XDP programs, of which most of it tells, are never
 * loaded in a lab; a card is told of each packet at once (kicks).
 */
export function statisticsText(device: Device): string | null {
  const { stats } = device;
  let counters: readonly (readonly [string, number])[];
  if (device.kind === "veth") counters = [["peer_ifindex", device.link?.ifindex ?? 0], ...VETH_QUEUE];
  else if (device.kind === "nic")
    counters = [
      ["rx_queue_0_packets", stats.rxPackets],
      ["rx_queue_0_bytes", stats.rxBytes],
      ...["drops", "xdp_packets", "xdp_tx", "xdp_redirects", "xdp_drops", "kicks"].map(
        (name) => [`rx_queue_0_${name}`, 0] as const,
      ),
      ["tx_queue_0_packets", stats.txPackets],
      ["tx_queue_0_bytes", stats.txBytes],
      ["tx_queue_0_xdp_tx", 0],
      ["tx_queue_0_xdp_tx_drops", 0],
      ["tx_queue_0_kicks", stats.txPackets],
      ["tx_queue_0_tx_timeouts", 0],
    ];
  else return null;
  return `NIC statistics:\n${counters.map(([name, value]) => `     ${name}: ${value}\n`).join("")}`;
}

const VETH_QUEUE: readonly (readonly [string, number])[] = [
  "rx_queue_0_xdp_packets",
  "rx_queue_0_xdp_bytes",
  "rx_queue_0_drops",
  "rx_queue_0_xdp_redirect",
  "rx_queue_0_xdp_drops",
  "rx_queue_0_xdp_tx",
  "rx_queue_0_xdp_tx_errors",
  "tx_queue_0_xdp_xmit",
  "tx_queue_0_xdp_xmit_errors",
].map((name) => [name, 0]);
