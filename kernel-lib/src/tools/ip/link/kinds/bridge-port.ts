import { KernelError } from "../../../../base/errno.js";
import type { Bridge } from "../../../../link/bridge.js";
import type { BridgePort } from "../../../../link/bridge-port.js";
import type { Device } from "../../../../link/device.js";
import { netlink, ToolExit } from "../../../tool-exit.js";
import { invalidArgument, matches, readOnOff, readUnsigned, unsupported, type Words } from "../../words.js";
import { BRIDGE_SLAVE_USAGE } from "../usage.js";
import { printBridgeId } from "./bridge-id.js";

/** The port that a device is; null when it is in no bridge. */
export function bridgePortOf(device: Device): BridgePort | null {
  return device.master?.kind === "bridge" ? ((device.master as Bridge).portOf(device) ?? null) : null;
}

const onOff = (value: boolean): string => (value ? "on" : "off");

/** The settings of a port, as `ip -d link` prints them after `bridge_slave`. */
export function printBridgePort(device: Device): string {
  const port = bridgePortOf(device);
  if (port === null) return "";
  const id = printBridgeId(port.bridge);
  const hex = (value: number): string => `0x${value.toString(16)}`;
  return (
    `state ${port.state} priority ${port.priority} cost ${port.pathCost} hairpin ${onOff(port.hairpin)} guard off root_block off fastleave off ` +
    `learning ${onOff(port.learning)} flood ${onOff(port.flood)} port_id ${hex(port.id)} port_no ${hex(port.number)} ` +
    `designated_port ${port.id} designated_cost 0 designated_bridge ${id} designated_root ${id} ` +
    "hold_timer    0.00 message_age_timer    0.00 forward_delay_timer    0.00 topology_change_ack 0 config_pending 0 " +
    "proxy_arp off proxy_arp_wifi off mcast_router 1 mcast_fast_leave off " +
    `mcast_flood ${onOff(port.multicastFlood)} bcast_flood ${onOff(port.broadcastFlood)} mcast_to_unicast off neigh_suppress off ` +
    `group_fwd_mask 0 group_fwd_mask_str 0x0 vlan_tunnel off isolated ${onOff(port.isolated)} locked off `
  );
}

type Switch = "hairpin" | "learning" | "flood" | "multicastFlood" | "broadcastFlood" | "isolated";

/** Settings that are on or off, by their names in `ip link` and `bridge link`. */
export const PORT_SWITCHES: Readonly<Record<string, Switch>> = {
  hairpin: "hairpin",
  learning: "learning",
  flood: "flood",
  mcast_flood: "multicastFlood",
  bcast_flood: "broadcastFlood",
  isolated: "isolated",
};

/** Reads `type bridge_slave …` and applies it when all of it is understood. */
export function changeBridgePort(device: Device, words: Words): void {
  const changes: ((port: BridgePort) => void)[] = [];
  while (!words.done) {
    const name = words.next();
    if (matches(name, "help")) throw new ToolExit(1, BRIDGE_SLAVE_USAGE);
    const key = Object.keys(PORT_SWITCHES).find((candidate) => matches(name, candidate));
    if (key !== undefined) {
      const value = readOnOff(words, key);
      changes.push((port) => {
        port[PORT_SWITCHES[key]!] = value;
      });
    } else if (matches(name, "cost") || matches(name, "priority")) {
      const value = readUnsigned(words.next(), 65535);
      if (value === null) throw invalidArgument(name, `invalid ${name}`);
      changes.push((port) => {
        if (matches(name, "cost")) port.pathCost = value;
        else port.priority = value;
      });
    } else if (BRIDGE_SLAVE_USAGE.includes(` ${name} `)) throw unsupported(`port setting "${name}"`);
    else throw new ToolExit(1, `bridge_slave: unknown option "${name}"?\n${BRIDGE_SLAVE_USAGE}`);
  }
  const port = bridgePortOf(device);
  netlink(() => {
    if (port === null) throw new KernelError("EOPNOTSUPP");
    for (const change of changes) change(port);
  });
}
