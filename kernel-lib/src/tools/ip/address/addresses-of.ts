import { formatIpv4, type Mac } from "../../../base/addresses.js";
import { seconds } from "../../../base/units.js";
import type { AssignedAddress, Device } from "../../../link/device.js";
import type { IpRun } from "../run.js";
import type { ShownAddress } from "../select.js";

/** All addresses of a device: IPv4 as assigned, then the IPv6 ones that the kernel makes by itself. */
export function addressesOf(run: IpRun, device: Device): readonly ShownAddress[] {
  const shown = device.addresses.map(ofIpv4);
  const ipv6 = ofIpv6(run, device);
  return ipv6 === null ? shown : [...shown, ipv6];
}

function ofIpv4(assigned: AssignedAddress): ShownAddress {
  const { address, peer, prefix } = assigned;
  const far = peer === address ? "" : ` peer ${formatIpv4(peer)}`;
  return {
    family: "inet",
    scope: assigned.scope,
    label: assigned.label,
    secondary: assigned.secondary,
    tentative: false,
    assigned,
    text: `${formatIpv4(address)}${far}/${prefix}`,
  };
}

/**
 * The link-local address, or `::1` of the loopback device; null while IPv6 is off for the device (net.ipv6.conf.DEV.disable_ipv6) or it never ran
 * since it was set up. No IPv6 packet is ever sent here: the address is only listed.
 */
function ofIpv6(run: IpRun, device: Device): ShownAddress | null {
  if (run.netns.sysctls.get(`net.ipv6.conf.${device.name}.disable_ipv6`) === "1") return null;
  const common = { family: "inet6", label: device.name, secondary: false, assigned: null } as const;
  if (device.kind === "loopback") {
    return device.up ? { ...common, scope: "host", tentative: false, text: "::1/128" } : null;
  }
  const { linkLocal } = device;
  if (linkLocal === null) return null;
  const tentative = run.now < linkLocal.since + duplicateDetection(run, device);
  return { ...common, scope: "link", tentative, text: `${formatIpv6(linkLocalGroups(linkLocal.mac))}/64` };
}

/** Duplicate address detection: a random delay of up to one second, then one probe of one second (RFC 4862, addrconf_dad_kick). */
function duplicateDetection(run: IpRun, device: Device): number {
  const { random } = run.process.host.world;
  return seconds(1) + Math.floor(random.fork(`dad/${device.home.machine}/${device.mac}`).unit() * seconds(1));
}

/** fe80::/64 with the modified EUI-64 of a MAC (RFC 4291, appendix A). */
export function linkLocalGroups(mac: Mac): readonly number[] {
  const high = Math.floor(mac / 2 ** 24);
  const low = mac % 2 ** 24;
  return [
    0xfe80,
    0,
    0,
    0,
    (high >>> 8) ^ 0x0200,
    ((high & 0xff) << 8) | 0xff,
    0xfe00 | (low >>> 16),
    low & 0xffff,
  ];
}

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`. */
export function formatIpv6(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}
