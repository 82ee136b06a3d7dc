import type { Device } from "../../../link/device.js";
import { IFF, interfaceFlags } from "../../../link/interface-state.js";

const NAMES: readonly (readonly [string, number])[] = [
  ["LOOPBACK", IFF.LOOPBACK],
  ["BROADCAST", IFF.BROADCAST],
  ["MULTICAST", IFF.MULTICAST],
  ["NOARP", IFF.NOARP],
  ["ALLMULTI", IFF.ALLMULTI],
  ["PROMISC", IFF.PROMISC],
  ["UP", IFF.UP],
  ["LOWER_UP", IFF.LOWER_UP],
];

/** `<NO-CARRIER,BROADCAST,MULTICAST,UP>` in iproute2's order (print_link_flags). M-DOWN: the other end, in this namespace, is down. */
export function printFlags(device: Device, lowerDown = false): string {
  const flags = interfaceFlags(device);
  const names: string[] = [];
  if ((flags & IFF.UP) !== 0 && (flags & IFF.RUNNING) === 0) names.push("NO-CARRIER");
  for (const [name, bit] of NAMES) if ((flags & bit) !== 0) names.push(name);
  if (lowerDown) names.push("M-DOWN");
  return `<${names.join(",")}>`;
}
