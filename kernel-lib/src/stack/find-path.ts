import { IPV4_BROADCAST, type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import type { Errno } from "../base/errno.js";
import type { Device } from "../link/device.js";
import { Path, type PathType } from "../route/path.js";
import { type Route, type RouteScope, SCOPE_NUMBER } from "../route/route.js";
import type { Netns } from "./netns.js";

const LOOPBACK_ADDRESS: Ipv4 = 0x7f000001;

/** Answers of the route types that lead nowhere (fib_props). */
const REFUSALS: Readonly<Record<string, Errno>> = {
  unreachable: "EHOSTUNREACH",
  blackhole: "EINVAL",
  prohibit: "EACCES",
};

/**
 * Finds the way to a destination for packets made here (ip_route_output_key). `source` decides only for 255.255.255.255 and multicast, where
 * no route names the device; 0 when none is set.
 */
export function findPath(netns: Netns, destination: Ipv4, source: Ipv4, boundIndex: number): Path | Errno {
  const bound = boundIndex === 0 ? null : (netns.deviceByIndex(boundIndex) ?? null);
  if (boundIndex !== 0 && bound === null) return "ENODEV";
  if (bound !== null && !bound.up) return "ENETUNREACH";
  const wanted = destination === 0 ? source || LOOPBACK_ADDRESS : destination;
  const isGroup = isMulticastIpv4(wanted);
  if (wanted === IPV4_BROADCAST || isGroup) {
    const device = bound ?? (source === 0 ? null : netns.deviceOfAddress(source));
    if (device !== null) return linkPath(netns, wanted, isGroup ? "multicast" : "broadcast", device);
  }
  const route = netns.fib.lookup(wanted, boundIndex);
  if (route === null)
    return bound === null || isGroup ? "ENETUNREACH" : linkPath(netns, wanted, "unicast", bound);
  if (route.device === null) return REFUSALS[route.type] ?? "ENETUNREACH";
  return routePath(netns, wanted, route, typeOf(route, wanted));
}

function typeOf(route: Route, destination: Ipv4): PathType {
  if (destination === IPV4_BROADCAST) return "broadcast";
  if (isMulticastIpv4(destination)) return "multicast";
  return route.type === "local" || route.type === "broadcast" || route.type === "multicast"
    ? route.type
    : "unicast";
}

function routePath(netns: Netns, destination: Ipv4, route: Route, type: PathType): Path {
  const device = type === "local" ? netns.loopback : route.device!;
  const learned = netns.pathMtus.get(destination);
  const plain = route.mtu === 0 ? device.mtu : route.mtu;
  const mtu = learned === undefined || type === "local" ? plain : Math.min(plain, learned.mtu);
  const redirect = netns.redirects.get(destination, netns.world.scheduler.now);
  const routed = type === "unicast" ? gatewayOf(netns, route) : 0;
  const gateway = routed !== 0 && redirect !== undefined ? redirect.gateway : routed;
  return new Path(
    netns.fib.generation,
    destination,
    type,
    device,
    sourceOf(netns, route, destination, type),
    gateway === 0 ? destination : gateway,
    gateway,
    mtu,
    route,
    Math.min(learned?.expiresAt ?? Number.POSITIVE_INFINITY, redirect?.expiresAt ?? Number.POSITIVE_INFINITY),
  );
}

/** A gateway that is one's own address is none: the destination is asked for on the link itself (rt_set_nexthop). */
function gatewayOf(netns: Netns, route: Route): Ipv4 {
  return route.gateway !== 0 && netns.isLocal(route.gateway) ? 0 : route.gateway;
}

function sourceOf(netns: Netns, route: Route, destination: Ipv4, type: PathType): Ipv4 {
  if (route.preferredSource !== 0) return route.preferredSource;
  if (type === "local") return destination;
  return selectAddress(netns, route.device!, route.gateway, route.scope);
}

/** A path for which no route was needed: the destination is taken to be on the link of `device`. */
function linkPath(netns: Netns, destination: Ipv4, type: PathType, device: Device): Path {
  const source = selectAddress(netns, device, 0, "link");
  return new Path(
    netns.fib.generation,
    destination,
    type,
    device,
    source,
    destination,
    0,
    device.mtu,
    null,
    Number.POSITIVE_INFINITY,
  );
}

/** The address of a device to send with (inet_select_addr): in the next hop's network if possible, else its first, else another device's. */
export function selectAddress(netns: Netns, device: Device, nextHop: Ipv4, scope: RouteScope): Ipv4 {
  const limit = SCOPE_NUMBER[scope];
  let first = 0;
  for (const at of device.addresses) {
    if (at.secondary || SCOPE_NUMBER[at.scope] > limit) continue;
    if (nextHop === 0 || sameNetwork(at.peer, nextHop, at.prefix)) return at.address;
    if (first === 0) first = at.address;
  }
  if (first !== 0) return first;
  for (const other of netns.devices.values()) {
    for (const at of other.addresses) {
      if (!at.secondary && at.scope !== "link" && SCOPE_NUMBER[at.scope] <= limit) return at.address;
    }
  }
  return 0;
}

function sameNetwork(a: Ipv4, b: Ipv4, prefix: number): boolean {
  return prefix === 0 || (a ^ b) >>> (32 - prefix) === 0;
}
