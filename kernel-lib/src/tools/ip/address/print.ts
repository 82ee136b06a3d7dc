import { formatIpv4 } from "../../../base/addresses.js";
import type { Device } from "../../../link/device.js";
import type { ShownAddress } from "../select.js";

function description(address: ShownAddress): string {
  const { assigned } = address;
  const broadcast =
    assigned !== null && assigned.broadcast !== 0 ? `brd ${formatIpv4(assigned.broadcast)} ` : "";
  const flags = `${address.secondary ? "secondary " : ""}${address.tentative ? "tentative " : ""}`;
  return `${address.family} ${address.text} ${broadcast}scope ${address.scope} ${flags}${assigned?.label ?? ""}`;
}

const LIFETIME = "       valid_lft forever preferred_lft forever";

/** The two lines of an address (print_addrinfo). Lifetimes are always `forever`: none is given by DHCP or a router. */
export function printAddress(address: ShownAddress): string {
  return `    ${description(address)}\n${LIFETIME}\n`;
}

/** With -o: the device's number and name before, a backslash for the line break. */
export function printAddressOneLine(device: Device, address: ShownAddress): string {
  return `${device.ifindex}: ${device.name}    ${description(address)}\\${LIFETIME}\n`;
}

/** With -br: address and prefix only. */
export function printAddressBrief(address: ShownAddress): string {
  return `${address.text} `;
}
