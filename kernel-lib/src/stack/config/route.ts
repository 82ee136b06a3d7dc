import type { Cidr, Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Device } from "../../link/device.js";
import type { Route, RouteProtocol, RouteScope, RouteType } from "../../route/route.js";
import type { Netns } from "../netns.js";

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

/** RTM_NEWROUTE with CREATE|EXCL. Throws EEXIST, ENETUNREACH ("Nexthop has invalid gateway."), EINVAL, ENETDOWN … */
export function addRoute(_netns: Netns, _spec: RouteSpec): Route {
  throw new KernelError("EOPNOTSUPP");
}

/** With CREATE|REPLACE. */
export function replaceRoute(_netns: Netns, _spec: RouteSpec): Route {
  throw new KernelError("EOPNOTSUPP");
}

/** With REPLACE only: throws ENOENT when there is none. */
export function changeRoute(_netns: Netns, _spec: RouteSpec): Route {
  throw new KernelError("EOPNOTSUPP");
}

/** With CREATE|APPEND. */
export function appendRoute(_netns: Netns, _spec: RouteSpec): Route {
  throw new KernelError("EOPNOTSUPP");
}

/** RTM_DELROUTE: the first route that the given parts fit. Throws ESRCH. */
export function deleteRoute(_netns: Netns, _spec: RouteSpec): void {
  throw new KernelError("EOPNOTSUPP");
}

/** What `ip route get` asks. */
export interface RouteQuery {
  readonly destination: Ipv4;
  readonly source?: Ipv4;
  readonly inputDevice?: Device;
  readonly outputDevice?: Device;
  readonly tos?: number;
  readonly mark?: number;
}

export interface RouteAnswer {
  /** The route that was chosen; null for the routes that the kernel makes up (broadcast to 255.255.255.255). */
  readonly route: Route | null;
  readonly type: RouteType;
  readonly destination: Ipv4;
  /** Source that a packet would carry. */
  readonly source: Ipv4;
  readonly gateway: Ipv4;
  readonly device: Device;
  readonly table: number;
  /** Learned path MTU and seconds until it is forgotten; 0 when none. */
  readonly mtu: number;
  readonly mtuExpires: number;
}

/** RTM_GETROUTE. Throws ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL as the route's type says. */
export function lookupRoute(_netns: Netns, _query: RouteQuery): RouteAnswer {
  throw new KernelError("EOPNOTSUPP");
}
