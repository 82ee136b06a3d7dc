import type { Bridge } from "../../../../link/bridge.js";

/** A bridge identifier as `ip` prints it: groups of the MAC without leading zeros. */
export function printBridgeId(bridge: Bridge): string {
  const [priority = "", mac = ""] = bridge.id.split(".");
  const groups = mac.match(/../g) ?? [];
  return `${priority}.${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}`;
}
