import { IPV4_BROADCAST, type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import type { Device } from "../link/device.js";
import { isValid } from "../route/neighbour.js";
import type { Netns } from "./netns.js";

/** How long a redirect holds (net.ipv4.route.gc_timeout, 300 s). */
const REDIRECT_EXPIRES = seconds(300);

interface Redirect {
  readonly gateway: Ipv4;
  readonly expiresAt: Nanoseconds;
}

/** Gateways learned from ICMP redirects, by destination (fnhe_gw). `ip route get` shows the gateway, but not its `<redirected>` mark. */
export class Redirects {
  private readonly byDestination = new Map<Ipv4, Redirect>();

  get(destination: Ipv4, now: Nanoseconds): Redirect | undefined {
    const found = this.byDestination.get(destination);
    return found !== undefined && found.expiresAt > now ? found : undefined;
  }

  set(destination: Ipv4, redirect: Redirect): void {
    this.byDestination.set(destination, redirect);
  }
}

/**
 * A router says that another on the same link is nearer to `destination` (__ip_do_redirect). Believed only from the gateway in use, where the device accepts
 * redirects, and for a neighbour that is known: an unknown one is asked for by ARP first, and the next redirect about it counts.
 */
export function followRedirect(
  netns: Netns,
  device: Device,
  router: Ipv4,
  gateway: Ipv4,
  destination: Ipv4,
): void {
  if (!accepts(netns, device) || gateway === router) return;
  if (isMulticastIpv4(gateway) || gateway === IPV4_BROADCAST || gateway >>> 24 === 0) return;
  const path = netns.findPath(destination);
  if (typeof path === "string" || path.gateway !== router || path.device !== device) return;
  const way = netns.fib.lookup(gateway);
  if (way === null || way.type !== "unicast") return;
  const neighbour = netns.neighbours.obtain(gateway, device);
  if (!isValid(neighbour.state)) {
    netns.neighbours.ask(neighbour);
    return;
  }
  netns.redirects.set(destination, { gateway, expiresAt: netns.world.scheduler.now + REDIRECT_EXPIRES });
  netns.fib.changed();
}

/** accept_redirects: of all devices or of this one; on a router of both (IN_DEV_RX_REDIRECTS). */
function accepts(netns: Netns, device: Device): boolean {
  const isSet = (name: string) =>
    netns.sysctls.get(`net.ipv4.conf.${name.replaceAll(".", "/")}.accept_redirects`) === "1";
  const [all, own] = [isSet("all"), isSet(device.name)];
  return netns.sysctls.forwards(device.ifindex) ? all && own : all || own;
}
