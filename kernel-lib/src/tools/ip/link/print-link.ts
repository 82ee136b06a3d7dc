import { formatMac } from "../../../base/addresses.js";
import type { Device } from "../../../link/device.js";
import { queueDiscipline } from "../../../link/interface-state.js";
import { linkNamespace } from "../../../link/link-namespace.js";
import type { Netns } from "../../../stack/netns.js";
import { namedNetns } from "../netns-names.js";
import { type IpRun, lineBreak } from "../run.js";
import { printFlags } from "./flags.js";
import { linkKindOf } from "./kinds/kinds.js";
import { printStatistics } from "./statistics.js";

/** `eth0@if4`: the name, and what it is linked to; by number when that is in another namespace. */
export function linkedName(device: Device): string {
  const other = device.link;
  if (linkNamespace(device) !== null && (other !== null || (device.home as Netns).kernel.tellsMovedTunnel))
    return `${device.name}@if${(other ?? device).ifindex}`;
  return other === null ? device.name : `${device.name}@${other.name}`;
}

/** ` link-netnsid 0`, or ` link-netns NAME` when `ip netns` has a name for it. */
function otherNamespace(run: IpRun, device: Device): string {
  const other = linkNamespace(device);
  if (other === null) return "";
  const name = namedNetns(run.process).find(({ netns }) => netns === other)?.name;
  return name === undefined ? ` link-netnsid ${run.netns.netnsIdOf(other as Netns)}` : ` link-netns ${name}`;
}

function header(device: Device, forLink: boolean): string {
  const other = device.link;
  const lowerDown = other !== null && other.home === device.home && !other.up;
  const master = device.master === null ? "" : `master ${device.master.name} `;
  const length = device.txQueueLength === 0 ? "" : `qlen ${device.txQueueLength}`;
  return (
    `${device.ifindex}: ${linkedName(device)}: ${printFlags(device, lowerDown)} mtu ${device.mtu} qdisc ${queueDiscipline(device)} ` +
    `${master}state ${device.operState} ${forLink ? "mode DEFAULT " : ""}group default ${length}`
  );
}

function hardwareLine(device: Device): string {
  const loopback = device.kind === "loopback";
  return `    link/${loopback ? "loopback" : "ether"} ${formatMac(device.mac)} brd ${loopback ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff"}`;
}

/** What -d adds to the line of the hardware address, and below it: ranges, the kind's own settings, queues and offload limits. */
function details(run: IpRun, device: Device, forLink: boolean): string {
  const kind = linkKindOf(device);
  const nl = lineBreak(run.options);
  const [least, most] = kind.mtuRange;
  let text = ` promiscuity ${device.promiscuity}  allmulti ${device.master === null ? 0 : 1} minmtu ${least} maxmtu ${most} `;
  if (kind.name !== null) text += `${nl}    ${kind.name} ${kind.details(device, run)}`;
  if (device.master !== null) text += `${nl}    ${linkKindOf(device.master).portDetails(device, run)}`;
  if (forLink) text += "addrgenmode eui64 ";
  return (
    `${text}numtxqueues 1 gso_max_size 65536 gso_max_segs 65535 ` +
    `tso_max_size ${linkKindOf(kind.lowerOf?.(device) ?? device).tsoMaxSize} tso_max_segs 65535 gro_max_size 65536 `
  );
}

/** The lines about a device before its addresses (print_linkinfo). `forLink`: as `ip link` prints them, not `ip address`. */
export function printLink(
  run: IpRun,
  device: Device,
  { forLink, family }: { forLink: boolean; family: string | null },
): string {
  const { options } = run;
  const nl = lineBreak(options);
  let text = header(device, forLink);
  if (family === null || family === "link" || options.details) text += nl + hardwareLine(device);
  text += otherNamespace(run, device);
  if (options.details) text += details(run, device, forLink);
  if (forLink && options.statistics > 0) text += nl + printStatistics(device, options);
  return `${text}\n`;
}

/** One line of `ip -br link`: name, state, address and flags. */
export function printLinkBrief(device: Device): string {
  return `${briefStart(device)}${formatMac(device.mac)} ${printFlags(device)} \n`;
}

/** Name and state in their columns. */
export function briefStart(device: Device): string {
  return `${linkedName(device).padEnd(16)} ${device.operState.padEnd(14)} `;
}
