import { KernelError } from "../../base/errno.js";
import type { Bridge } from "../../link/bridge.js";
import type { BridgePort, PortState } from "../../link/bridge-port.js";
import type { Device } from "../../link/device.js";
import type { Directory, Inode } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { fixedDirectory, generated, kernelLink } from "./nodes.js";

const ATTRIBUTE_SIZE = 4096;

/** BR_STATE_*. */
const STATE_NUMBER: Readonly<Record<PortState, number>> = {
  disabled: 0,
  listening: 1,
  learning: 2,
  forwarding: 3,
  blocking: 4,
};

/** Jiffies of userspace (USER_HZ): sysfs shows bridge times in hundredths of a second. */
const NANOSECONDS_PER_TICK = 1e7;

function flag(text: string): boolean {
  const value = text.trim();
  if (!/^\d+$/.test(value)) throw new KernelError("EINVAL");
  return value !== "0";
}

type PortAttribute = readonly [
  name: string,
  read: (port: BridgePort) => string,
  write?: (port: BridgePort, text: string) => void,
];

const bit = (on: boolean): string => (on ? "1" : "0");

/** /sys/class/net/DEV/brport (br_sysfs_if.c). */
const PORT_ATTRIBUTES: readonly PortAttribute[] = [
  [
    "broadcast_flood",
    (port) => bit(port.broadcastFlood),
    (port, text) => {
      port.broadcastFlood = flag(text);
    },
  ],
  ["change_ack", () => "0"],
  ["config_pending", () => "0"],
  ["designated_bridge", ({ bridge }) => bridge.id],
  ["designated_cost", () => "0"],
  ["designated_port", (port) => String(port.id)],
  ["designated_root", ({ bridge }) => bridge.id],
  [
    "hairpin_mode",
    (port) => bit(port.hairpin),
    (port, text) => {
      port.hairpin = flag(text);
    },
  ],
  [
    "isolated",
    (port) => bit(port.isolated),
    (port, text) => {
      port.isolated = flag(text);
    },
  ],
  [
    "learning",
    (port) => bit(port.learning),
    (port, text) => {
      port.learning = flag(text);
    },
  ],
  [
    "multicast_flood",
    (port) => bit(port.multicastFlood),
    (port, text) => {
      port.multicastFlood = flag(text);
    },
  ],
  ["path_cost", (port) => String(port.pathCost)],
  ["port_id", (port) => `0x${port.id.toString(16)}`],
  ["port_no", (port) => `0x${port.number.toString(16)}`],
  ["priority", (port) => String(port.priority)],
  ["state", (port) => String(STATE_NUMBER[port.state])],
  [
    "unicast_flood",
    (port) => bit(port.flood),
    (port, text) => {
      port.flood = flag(text);
    },
  ],
];

/** /sys/class/net/BRIDGE/bridge (br_sysfs_br.c). */
const BRIDGE_ATTRIBUTES: Readonly<Record<string, (bridge: Bridge) => string>> = {
  ageing_time: ({ ageingTime }) => String(ageingTime / NANOSECONDS_PER_TICK),
  bridge_id: ({ id }) => id,
  forward_delay: () => "1500",
  group_addr: () => "01:80:c2:00:00:00",
  group_fwd_mask: () => "0x0",
  hello_time: () => "200",
  max_age: () => "2000",
  multicast_snooping: () => "1",
  nf_call_arptables: () => "0",
  nf_call_ip6tables: () => "0",
  nf_call_iptables: () => "0",
  priority: () => "32768",
  root_id: ({ id }) => id,
  root_path_cost: () => "0",
  root_port: () => "0",
  stp_state: ({ stp }) => (stp ? "1" : "0"),
  topology_change: () => "0",
  topology_change_detected: () => "0",
};

export function portDirectory(device: Device, source: InodeSource): Directory {
  const bridge = device.master as Bridge;
  const port = bridge.portOf(device)!;
  const entries: Record<string, () => Inode> = { bridge: () => kernelLink(source, `../../${bridge.name}`) };
  for (const [name, read, write] of PORT_ATTRIBUTES) {
    entries[name] = () =>
      generated(source, () => `${read(port)}\n`, {
        shownSize: ATTRIBUTE_SIZE,
        ...(write === undefined ? {} : { write: (text: string) => write(port, text) }),
      });
  }
  return fixedDirectory(source, entries, { mode: 0o755 });
}

export function bridgeDirectory(bridge: Bridge, source: InodeSource): Directory {
  const entries: Record<string, () => Inode> = {};
  for (const [name, read] of Object.entries(BRIDGE_ATTRIBUTES)) {
    const write =
      name === "ageing_time"
        ? (text: string) => {
            if (!/^\d+\s*$/.test(text)) throw new KernelError("EINVAL");
            bridge.ageingTime = Number(text) * NANOSECONDS_PER_TICK;
          }
        : undefined;
    entries[name] = () =>
      generated(source, () => `${read(bridge)}\n`, {
        shownSize: ATTRIBUTE_SIZE,
        ...(write === undefined ? {} : { write }),
      });
  }
  return fixedDirectory(source, entries, { mode: 0o755 });
}

/** /sys/class/net/BRIDGE/brif: a link for each port. */
export function portLinks(bridge: Bridge, source: InodeSource): Directory {
  return fixedDirectory(
    source,
    Object.fromEntries(
      [...bridge.ports]
        .sort((a, b) => (a.device.name < b.device.name ? -1 : 1))
        .map(({ device }) => [device.name, () => kernelLink(source, `../../${device.name}/brport`)]),
    ),
    { mode: 0o755 },
  );
}
