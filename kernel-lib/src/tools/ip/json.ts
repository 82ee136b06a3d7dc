import { formatIpv4, formatMac } from "../../base/addresses.js";
import type { Device } from "../../link/device.js";
import { queueDiscipline } from "../../link/interface-state.js";
import type { Neighbour } from "../../route/neighbour.js";
import { isLinkDown, type Route, TABLE_MAIN } from "../../route/route.js";
import type { Netns } from "../../stack/netns.js";
import { printFlags } from "./link/flags.js";
import { tableName } from "./route/names.js";
import { printDestination, type RoutePrintOptions } from "./route/print.js";
import type { IpRun } from "./run.js";
import type { ShownAddress } from "./select.js";

/** What `ip -j` prints: the same facts as the listings, under iproute2's names and in its order. Keys that hold `undefined` are left out. */

const FOREVER = 0xffffffff;

export function writeJson(run: IpRun, values: readonly unknown[]): void {
  run.write(`${JSON.stringify(values)}\n`);
}

/** A device, as `ip link` and `ip address` print it; with `addresses` the latter. */
export function linkJson(
  run: IpRun,
  device: Device,
  { addresses, family }: { addresses: readonly ShownAddress[] | null; family: string | null },
): unknown {
  const other = device.link;
  const near = other !== null && other.home === device.home;
  const loopback = device.kind === "loopback";
  const hardware = family === null || family === "link";
  const lowerDown = near && !other.up;
  return {
    ifindex: device.ifindex,
    link: near ? other.name : undefined,
    link_index: other !== null && !near ? other.ifindex : undefined,
    ifname: device.name,
    flags: printFlags(device, lowerDown).slice(1, -1).split(","),
    mtu: device.mtu,
    qdisc: queueDiscipline(device),
    master: device.master?.name,
    operstate: device.operState,
    linkmode: addresses === null ? "DEFAULT" : undefined,
    group: "default",
    txqlen: device.txQueueLength === 0 ? undefined : device.txQueueLength,
    link_type: hardware ? (loopback ? "loopback" : "ether") : undefined,
    address: hardware ? formatMac(device.mac) : undefined,
    broadcast: hardware ? (loopback ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff") : undefined,
    link_netnsid: other !== null && !near ? run.netns.netnsIdOf(other.home as Netns) : undefined,
    addr_info: addresses?.map(addressJson),
    stats64: run.options.statistics > 0 ? statisticsJson(device) : undefined,
  };
}

function addressJson({ family, text, scope, secondary, tentative, assigned }: ShownAddress): unknown {
  const [local = "", prefix = ""] = text.split("/");
  const peer = assigned !== null && assigned.peer !== assigned.address ? assigned.peer : null;
  return {
    family,
    local: local.split(" ")[0],
    address: peer === null ? undefined : formatIpv4(peer),
    prefixlen: Number(prefix),
    broadcast: assigned === null || assigned.broadcast === 0 ? undefined : formatIpv4(assigned.broadcast),
    scope,
    secondary: secondary || undefined,
    tentative: tentative || undefined,
    label: assigned?.label,
    valid_life_time: FOREVER,
    preferred_life_time: FOREVER,
  };
}

function statisticsJson({ stats }: Device): unknown {
  return {
    rx: {
      bytes: stats.rxBytes,
      packets: stats.rxPackets,
      errors: stats.rxErrors,
      dropped: stats.rxDropped,
      over_errors: 0,
      multicast: stats.rxMulticast,
    },
    tx: {
      bytes: stats.txBytes,
      packets: stats.txPackets,
      errors: stats.txErrors,
      dropped: stats.txDropped,
      carrier_errors: stats.txCarrier,
      collisions: 0,
    },
  };
}

/** A route, as `ip route show` prints it. */
export function routeJson(route: Route, options: RoutePrintOptions): unknown {
  const { type, table, protocol, scope, metric, mtu, tos } = route;
  const flags = [...(route.onlink ? ["onlink"] : []), ...(isLinkDown(route) ? ["linkdown"] : [])];
  return {
    type: type === "unicast" ? undefined : type,
    dst: printDestination(route.destination),
    tos: tos === 0 ? undefined : `0x${tos.toString(16).padStart(2, "0")}`,
    gateway: route.gateway === 0 || options.hideGateway ? undefined : formatIpv4(route.gateway),
    dev: options.hideDevice ? undefined : route.device?.name,
    table: options.showTable && table !== TABLE_MAIN ? tableName(table) : undefined,
    protocol: protocol === "boot" || options.hideProtocol ? undefined : protocol,
    scope: scope === "global" || options.hideScope ? undefined : scope,
    prefsrc:
      route.preferredSource === 0 || options.hideSource ? undefined : formatIpv4(route.preferredSource),
    metric: metric === 0 ? undefined : metric,
    flags,
    metrics: mtu === 0 ? undefined : [{ mtu }],
  };
}

/** States in which a timer holds a reference. */
const TIMED: readonly string[] = ["INCOMPLETE", "REACHABLE", "DELAY", "PROBE"];

/** An entry of the neighbour table, as `ip neigh` prints it. */
export function neighbourJson(
  entry: Neighbour,
  { statistics, hideDevice, now }: { statistics: boolean; hideDevice: boolean; now: number },
): unknown {
  const seconds = (at: number): number | undefined => (statistics ? Math.floor((now - at) / 1e9) : undefined);
  return {
    dst: formatIpv4(entry.address),
    dev: hideDevice ? undefined : entry.device.name,
    lladdr: entry.mac === null ? undefined : formatMac(entry.mac),
    refcnt: statistics && TIMED.includes(entry.state) ? 1 : undefined,
    used: seconds(entry.usedAt),
    confirmed: seconds(entry.confirmedAt),
    updated: seconds(entry.updatedAt),
    probes: statistics ? entry.probes : undefined,
    state: entry.state === "NONE" ? undefined : [entry.state],
  };
}
