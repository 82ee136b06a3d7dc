import { formatMac } from "../../base/addresses.js";
import type { Device } from "../../link/device.js";
import { listFdb } from "../../stack/config/fdb.js";
import { ToolExit } from "../tool-exit.js";
import { formatIpv6, linkLocalGroups } from "./address/addresses-of.js";
import type { IpRun } from "./run.js";
import { MADDRESS_USAGE } from "./usage.js";
import { findDevice, garbage, matches, unsupported, Words } from "./words.js";

/** `ip maddress show [dev DEV]`: the groups that each device listens to: on the link, then IPv4, then IPv6. */
export function ipMaddress(run: IpRun, words: readonly string[]): number {
  const [verb = "show", ...rest] = words;
  if (matches(verb, "add") || matches(verb, "delete")) throw unsupported(`command "maddress ${verb}"`);
  if (matches(verb, "help")) throw new ToolExit(255, MADDRESS_USAGE);
  if (!matches(verb, "show") && !matches(verb, "list") && !matches(verb, "lst")) {
    throw new ToolExit(255, `Command "${verb}" is unknown, try "ip maddress help".\n`);
  }
  const only = readDevice(run, rest);
  for (const device of run.netns.devices.values()) {
    if (only === null || only === device)
      run.write(`${device.ifindex}:\t${device.name}\n${groups(run, device)}`);
  }
  return 0;
}

function readDevice(run: IpRun, list: readonly string[]): Device | null {
  const words = new Words(list);
  let device: Device | null = null;
  while (!words.done) {
    const word = words.next();
    const name = word === "dev" ? words.next() : word;
    if (device !== null) throw garbage("dev", name);
    device = findDevice(run.netns, name);
  }
  return device;
}

function groups(run: IpRun, device: Device): string {
  const { family } = run.options;
  let text = "";
  if ((family === null || family === "link") && device.kind !== "loopback") {
    for (const line of listFdb(run.netns, device))
      if (line.master === null) text += `\tlink  ${formatMac(line.mac)}\n`;
  }
  if ((family === null || family === "inet") && device.up) text += "\tinet  224.0.0.1\n";
  const ipv6 = run.netns.sysctls.get(`net.ipv6.conf.${device.name}.disable_ipv6`) !== "1";
  if ((family === null || family === "inet6") && ipv6) text += ipv6Groups(device);
  return text;
}

function ipv6Groups(device: Device): string {
  const own =
    device.linkLocal === null || device.kind === "loopback"
      ? ""
      : `\tinet6 ${solicitedNode(linkLocalGroups(device.linkLocal.mac))}\n`;
  return `${own}\tinet6 ff02::1\n\tinet6 ff01::1\n`;
}

/** The solicited-node group of an address (RFC 4291): ff02::1:ff00:0/104 with its last 24 bits. */
function solicitedNode(groups: readonly number[]): string {
  return formatIpv6([0xff02, 0, 0, 0, 0, 1, 0xff00 | (groups[6]! & 0xff), groups[7]!]);
}
