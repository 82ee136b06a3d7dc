import { type Cidr, type Ipv4, prefixMask } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Device } from "../../link/device.js";
import {
  type Route,
  type RouteProtocol,
  type RouteScope,
  type RouteType,
  SCOPE_NUMBER,
  TABLE_LOCAL,
  TABLE_MAIN,
} from "../../route/route.js";
import type { Netns } from "../netns.js";

export { lookupRoute, type RouteAnswer, type RouteQuery } from "./route-get.js";

/** What `ip route add` asks for. Scope: as `ip` chooses it when absent (local: host; on link: link; else global). */
export interface RouteSpec {
  readonly destination: Cidr;
  readonly type?: RouteType;
  readonly table?: number;
  /** Default "boot", as `ip` sends it. */
  readonly protocol?: RouteProtocol;
  readonly scope?: RouteScope;
  readonly preferredSource?: Ipv4;
  readonly metric?: number;
  readonly gateway?: Ipv4;
  readonly device?: Device;
  readonly onlink?: boolean;
  readonly mtu?: number;
  readonly tos?: number;
}

const PLACELESS: ReadonlySet<RouteType> = new Set<RouteType>([
  "unreachable",
  "blackhole",
  "prohibit",
  "throw",
]);

/** Makes the frozen route of a request, with the checks of fib_create_info. */
function makeRoute(netns: Netns, spec: RouteSpec): Route {
  const { destination, type = "unicast", gateway = 0 } = spec;
  if ((destination.address & ~prefixMask(destination.prefix)) !== 0)
    throw new KernelError("EINVAL", "Invalid prefix for given prefix length.");
  const isHost = type === "local";
  const scope =
    spec.scope ??
    (isHost ? "host" : (gateway === 0 && !PLACELESS.has(type)) || type === "broadcast" ? "link" : "global");
  const device = PLACELESS.has(type) ? null : nextHopDevice(netns, spec, scope);
  const preferredSource = spec.preferredSource ?? 0;
  if (preferredSource !== 0 && !netns.isLocal(preferredSource))
    throw new KernelError("EINVAL", "Invalid prefsrc address.");
  return Object.freeze({
    destination,
    type,
    table: spec.table ?? (isHost || type === "broadcast" ? TABLE_LOCAL : TABLE_MAIN),
    protocol: spec.protocol ?? "boot",
    scope,
    preferredSource,
    metric: spec.metric ?? 0,
    gateway,
    device,
    onlink: spec.onlink ?? false,
    mtu: spec.mtu ?? 0,
    tos: spec.tos ?? 0,
  });
}

/** The device of the next hop (fib_check_nh): a gateway must be reachable by a nearer route, unless it is said to be on the link. */
function nextHopDevice(netns: Netns, spec: RouteSpec, scope: RouteScope): Device {
  const { gateway = 0, device } = spec;
  if (gateway === 0) {
    if (device === undefined) throw new KernelError("ENODEV");
    if (!device.up && scope !== "host") throw new KernelError("ENETDOWN", "Device for nexthop is not up.");
    return device;
  }
  if (SCOPE_NUMBER[scope] >= SCOPE_NUMBER.link) throw new KernelError("EINVAL", "Nexthop has invalid scope.");
  if (spec.onlink) {
    if (device === undefined) throw new KernelError("ENODEV", "Nexthop device required for onlink.");
    if (!device.up) throw new KernelError("ENETDOWN", "Nexthop device is not up.");
    return device;
  }
  const way = netns.fib.lookup(gateway, device?.ifindex ?? 0);
  const near =
    way !== null &&
    (way.type === "unicast" || way.type === "local") &&
    SCOPE_NUMBER[way.scope] > SCOPE_NUMBER[scope];
  const fits = near && way.gateway === 0 && (device === undefined || way.device === device);
  if (!fits || way.device === null)
    throw new KernelError(way === null ? "ENETUNREACH" : "EINVAL", "Nexthop has invalid gateway.");
  return way.device;
}

function siblings(netns: Netns, route: Route): readonly Route[] {
  return netns.fib.routesTo(route.table, route.destination.address, route.destination.prefix);
}

function store(netns: Netns, route: Route, routes: readonly Route[]): Route {
  netns.fib.setRoutes(route.table, route.destination.address, route.destination.prefix, routes);
  return route;
}

/** Same key for rtnetlink: destination, TOS and metric. */
function rival(routes: readonly Route[], route: Route): Route | undefined {
  return routes.find((other) => other.tos === route.tos && other.metric === route.metric);
}

/** RTM_NEWROUTE with CREATE|EXCL. Throws EEXIST, ENETUNREACH ("Nexthop has invalid gateway."), EINVAL, ENETDOWN … */
export function addRoute(netns: Netns, spec: RouteSpec): Route {
  const route = makeRoute(netns, spec);
  const old = siblings(netns, route);
  if (rival(old, route) !== undefined) throw new KernelError("EEXIST");
  return store(netns, route, [...old, route]);
}

/** With CREATE|REPLACE. */
export function replaceRoute(netns: Netns, spec: RouteSpec): Route {
  const route = makeRoute(netns, spec);
  const old = siblings(netns, route);
  const replaced = rival(old, route);
  return store(
    netns,
    route,
    replaced === undefined ? [...old, route] : old.map((other) => (other === replaced ? route : other)),
  );
}

/** With REPLACE only: throws ENOENT when there is none. */
export function changeRoute(netns: Netns, spec: RouteSpec): Route {
  const route = makeRoute(netns, spec);
  if (rival(siblings(netns, route), route) === undefined) throw new KernelError("ENOENT");
  return replaceRoute(netns, spec);
}

/** With CREATE|APPEND: throws EEXIST only when the very same route is there. */
export function appendRoute(netns: Netns, spec: RouteSpec): Route {
  const route = makeRoute(netns, spec);
  const old = siblings(netns, route);
  const same = old.some(
    (other) => matches(other, route) && other.type === route.type && other.scope === route.scope,
  );
  if (same) throw new KernelError("EEXIST");
  return store(netns, route, [...old, route]);
}

function matches(
  route: Route,
  wanted: Partial<Omit<RouteSpec, "device">> & { readonly device?: Device | null },
): boolean {
  const { type, scope, preferredSource, metric, gateway, device, protocol, tos } = wanted;
  return (
    (type === undefined || route.type === type) &&
    (scope === undefined || route.scope === scope) &&
    (preferredSource === undefined || preferredSource === 0 || route.preferredSource === preferredSource) &&
    (metric === undefined || metric === 0 || route.metric === metric) &&
    (gateway === undefined || gateway === 0 || route.gateway === gateway) &&
    (device === undefined || device === null || route.device === device) &&
    (protocol === undefined || route.protocol === protocol) &&
    route.tos === (tos ?? 0)
  );
}

/** RTM_DELROUTE: the first route that the given parts fit. Throws ESRCH. */
export function deleteRoute(netns: Netns, spec: RouteSpec): void {
  const { address, prefix } = spec.destination;
  if ((address & ~prefixMask(prefix)) !== 0)
    throw new KernelError("EINVAL", "Invalid prefix for given prefix length.");
  const table = spec.table ?? (spec.type === "local" || spec.type === "broadcast" ? TABLE_LOCAL : TABLE_MAIN);
  const old = netns.fib.routesTo(table, address, prefix);
  const found = old.find((route) => matches(route, spec));
  if (found === undefined) throw new KernelError("ESRCH");
  store(
    netns,
    found,
    old.filter((route) => route !== found),
  );
}
