import { IPV4_BROADCAST, type Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Device } from "../../link/device.js";
import type { Path } from "../../route/path.js";
import { type Route, type RouteType, TABLE_MAIN } from "../../route/route.js";
import { findPath } from "../find-path.js";
import type { Netns } from "../netns.js";

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
  /** The route that was chosen; null for those that the kernel makes up (broadcast to 255.255.255.255). */
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
export function lookupRoute(netns: Netns, query: RouteQuery): RouteAnswer {
  const { destination, source = 0, inputDevice, outputDevice } = query;
  const incoming = inputDevice !== undefined;
  // ip_route_input_slow: only broadcasts to all may come from 0.0.0.0.
  if (incoming && source >>> 24 === 0 && destination !== IPV4_BROADCAST) throw new KernelError("EINVAL");
  if (!incoming && source !== 0 && !netns.isLocal(source)) throw new KernelError("ENETUNREACH");
  const path = findPath(netns, destination, source, outputDevice?.ifindex ?? 0);
  if (typeof path === "string") {
    const hostUnreachable =
      incoming && path === "ENETUNREACH" && !netns.sysctls.forwards(inputDevice.ifindex);
    throw new KernelError(hostUnreachable ? "EHOSTUNREACH" : path);
  }
  if (incoming) checkInput(netns, path, inputDevice, source);
  return answer(netns, path, destination, source === 0 ? path.source : source);
}

/** A packet that comes in is refused where the input path would refuse it. */
function checkInput(netns: Netns, path: Path, device: Device, source: Ipv4): void {
  const own = source !== 0 && netns.isLocal(source) && !netns.sysctls.acceptsLocal(device.ifindex);
  if (own && device.kind !== "loopback") throw new KernelError("EINVAL");
  const onward = path.type === "unicast" && !netns.sysctls.forwards(device.ifindex);
  if (onward && device.kind !== "loopback") throw new KernelError("EHOSTUNREACH");
  const back = netns.fib.lookup(source);
  const strict = netns.sysctls.reversePathMode(device.ifindex) === 1 && source !== 0;
  if (strict && back?.device !== device) throw new KernelError("EXDEV");
}

function answer(netns: Netns, path: Path, destination: Ipv4, source: Ipv4): RouteAnswer {
  const learned = netns.pathMtus.get(path.destination);
  const type = destination === IPV4_BROADCAST ? "broadcast" : path.type;
  return {
    route: path.route,
    type,
    destination,
    source,
    gateway: path.gateway,
    device: path.device,
    table: path.route?.table ?? TABLE_MAIN,
    mtu: learned?.mtu ?? 0,
    mtuExpires:
      learned === undefined ? 0 : Math.floor((learned.expiresAt - netns.world.scheduler.now) / seconds(1)),
  };
}
