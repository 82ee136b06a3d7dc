import { formatIpv4, formatMac, prefixMask } from "../base/addresses.js";
import type { Process, Program } from "../host/process.js";
import type { Device } from "../link/device.js";
import { IFF, interfaceFlags } from "../link/interface-state.js";
import { setLink } from "../stack/config/set-link.js";
import { formatIpv6, linkLocalGroups } from "./ip/address/addresses-of.js";
import { ToolExit, tool } from "./tool-exit.js";

const NAMES: readonly (readonly [string, number])[] = [
  ["UP", IFF.UP],
  ["BROADCAST", IFF.BROADCAST],
  ["LOOPBACK", IFF.LOOPBACK],
  ["RUNNING", IFF.RUNNING],
  ["NOARP", IFF.NOARP],
  ["PROMISC", IFF.PROMISC],
  ["ALLMULTI", IFF.ALLMULTI],
  ["MULTICAST", IFF.MULTICAST],
];

/** `117.9 MiB`: one decimal, binary units. */
function humanBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${(Math.floor(value * 10) / 10).toFixed(1)} ${units[unit]}`;
}

function ipv6Line(process: Process, device: Device): string {
  if (process.netns.sysctls.get(`net.ipv6.conf.${device.name}.disable_ipv6`) === "1") return "";
  if (device.kind === "loopback")
    return device.up ? "        inet6 ::1  prefixlen 128  scopeid 0x10<host>\n" : "";
  if (device.linkLocal === null) return "";
  return `        inet6 ${formatIpv6(linkLocalGroups(device.linkLocal.mac))}  prefixlen 64  scopeid 0x20<link>\n`;
}

function print(process: Process, device: Device): string {
  const flags = interfaceFlags(device) & 0xffff;
  const names = NAMES.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
  const { stats } = device;
  const [first] = device.addresses;
  let text = `${device.name}: flags=${flags}<${names.join(",")}>  mtu ${device.mtu}\n`;
  if (first !== undefined) {
    const broadcast = device.kind === "loopback" ? "" : `  broadcast ${formatIpv4(first.broadcast)}`;
    text += `        inet ${formatIpv4(first.address)}  netmask ${formatIpv4(prefixMask(first.prefix))}${broadcast}\n`;
  }
  text += ipv6Line(process, device);
  const hardware = device.kind === "loopback" ? "loop" : `ether ${formatMac(device.mac)}`;
  text += `        ${hardware}  txqueuelen ${device.txQueueLength}  (${device.kind === "loopback" ? "Local Loopback" : "Ethernet"})\n`;
  return (
    `${text}        RX packets ${stats.rxPackets}  bytes ${stats.rxBytes} (${humanBytes(stats.rxBytes)})\n` +
    `        RX errors ${stats.rxErrors}  dropped ${stats.rxDropped}  overruns 0  frame 0\n` +
    `        TX packets ${stats.txPackets}  bytes ${stats.txBytes} (${humanBytes(stats.txBytes)})\n` +
    `        TX errors ${stats.txErrors}  dropped ${stats.txDropped} overruns 0  carrier ${stats.txCarrier}  collisions 0\n\n`
  );
}

/** `ifconfig` of net-tools 2.10: shows devices (`-a`: those that are down too), sets one up or down. Other changes are refused: `ip` does them. */
export const ifconfig: Program = tool((process) => {
  const [, ...words] = process.argv;
  const all = words[0] === "-a";
  const [name, verb, ...more] = all ? words.slice(1) : words;
  if (name === undefined) {
    const devices = [...process.netns.devices.values()].filter((device) => all || device.up);
    devices.sort((a, b) => (a.name < b.name ? -1 : 1));
    process.stdout.write(devices.map((device) => print(process, device)).join(""));
    return 0;
  }
  const device = process.netns.device(name);
  if (device === undefined)
    throw new ToolExit(1, `${name}: error fetching interface information: Device not found\n`);
  if (verb === undefined) process.stdout.write(print(process, device));
  else if ((verb === "up" || verb === "down") && more.length === 0)
    setLink(process.netns, device, { up: verb === "up" });
  else throw new ToolExit(1, `ifconfig: "${verb}" is not supported here\n`);
  return 0;
});
