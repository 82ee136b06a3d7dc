import type { Ipv4, Mac } from "../../base/addresses.js";
import { Bridge } from "../../link/bridge.js";
import type { Device } from "../../link/device.js";
import type { Netns } from "../netns.js";

const ALL_NODES_IPV6 = 0x333300000001;
const ALL_HOSTS_IPV4 = 0x01005e000001;
const ALL_SNOOPERS_IPV4 = 0x01005e00006a;
const ALL_SNOOPERS_IPV6 = 0x33330000006a;
const SOLICITED_NODE = 0x3333ff000000;

/**
 * The groups that a device's filter lets in: what `bridge fdb show` lists as `self permanent`, addresses set by hand first,
 * groups in the order in which the kernel joins them. A device that is down is in the group of all IPv6 nodes from its birth, also where IPv6 is off; a bridge
 * that is set down leaves it, but not where IPv6 is off.
 */
export function filterMacs(netns: Netns, device: Device): readonly Mac[] {
  if (!device.multicast) return device.filters;
  const ipv6 = netns.sysctls.get(`net.ipv6.conf.${device.name.replaceAll(".", "/")}.disable_ipv6`) === "0";
  const groups: Mac[] = [];
  if (!device.up) {
    const left = device instanceof Bridge && device.activated;
    return ipv6 && left ? device.filters : [...device.filters, ALL_NODES_IPV6];
  }
  groups.push(ALL_NODES_IPV6);
  if (device instanceof Bridge) groups.push(ALL_SNOOPERS_IPV4, ALL_SNOOPERS_IPV6);
  groups.push(ALL_HOSTS_IPV4);
  if (ipv6 && device.runningSince !== null) groups.push(SOLICITED_NODE + (device.mac % 0x1000000));
  return [...device.filters, ...groups, ...netns.groups.of(device.ifindex).map(groupMac)];
}

/** The MAC address of an IPv4 group: 01:00:5e and its low 23 bits (RFC 1112). */
export function groupMac(group: Ipv4): Mac {
  return 0x01005e000000 + (group & 0x7fffff);
}
