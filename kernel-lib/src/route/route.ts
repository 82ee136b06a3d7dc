import type { Cidr, Ipv4 } from "../base/addresses.js";
import type { Device } from "../link/device.js";

/** What a route does with a packet (rtm_type, man ip-route). */
export type RouteType =
  | "unicast"
  | "local"
  | "broadcast"
  | "multicast"
  | "unreachable"
  | "blackhole"
  | "prohibit"
  | "throw";

/** How far a destination is: a lower one is nearer (rtm_scope). */
export type RouteScope = "global" | "site" | "link" | "host" | "nowhere";

/** Who made a route, as `proto` of `ip route` names it (/etc/iproute2/rt_protos); other numbers as decimal text. */
export type RouteProtocol = string;

export const TABLE_DEFAULT = 253;
export const TABLE_MAIN = 254;
export const TABLE_LOCAL = 255;

/** Scope numbers of rtnetlink: the higher, the nearer. */
export const SCOPE_NUMBER: Readonly<Record<RouteScope, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

/** One route of one table (fib_alias with its fib_info). A frozen value: a change makes a new one. */
export interface Route {
  readonly destination: Cidr;
  readonly type: RouteType;
  readonly table: number;
  readonly protocol: RouteProtocol;
  readonly scope: RouteScope;
  /** Source that packets by this route get when their socket has none (`src`); 0 when not set. */
  readonly preferredSource: Ipv4;
  /** Lower wins among routes to one destination. */
  readonly metric: number;
  /** Next hop; 0 when the destination is on the link. */
  readonly gateway: Ipv4;
  /** Null for unreachable, blackhole, prohibit and throw. */
  readonly device: Device | null;
  /** The next hop is taken to be on the link, whatever the tables say. */
  readonly onlink: boolean;
  /** `mtu` of the route; 0 for the device's. */
  readonly mtu: number;
  readonly tos: number;
}

/** The `linkdown` flag of a listing: the route stays, although its device has no carrier. */
export function isLinkDown(route: Route): boolean {
  return route.device !== null && route.type !== "local" && !route.device.carrier;
}
