import { broadcastOf, type Cidr, IPV4_BROADCAST, type Ipv4, networkOf } from "../base/addresses.js";
import type { AssignedAddress, Device } from "../link/device.js";
import { type Route, type RouteScope, type RouteType, TABLE_LOCAL, TABLE_MAIN } from "../route/route.js";
import { announce } from "./arp.js";
import type { Netns } from "./netns.js";

/** A route that the kernel makes for an address (fib_magic). */
function kernelRoute(type: RouteType, destination: Cidr, device: Device, source: Ipv4): Route {
  const local = type === "local";
  const scope: RouteScope = local ? "host" : "link";
  const table = type === "unicast" ? TABLE_MAIN : TABLE_LOCAL;
  const rest = { metric: 0, gateway: 0, onlink: false, mtu: 0, tos: 0, preferredSource: source };
  return Object.freeze({ destination, type, table, protocol: "kernel", scope, device, ...rest });
}

/** The routes that belong to an address: its own, its broadcasts, its network (fib_add_ifaddr). Only the first needs the device up. */
function routesOf(device: Device, at: AssignedAddress): Route[] {
  const host = (address: Ipv4): Cidr => ({ address, prefix: 32 });
  const source = primaryOf(device, at);
  const routes = [kernelRoute("local", host(at.address), device, source)];
  if (!device.up) return routes;
  if (at.broadcast !== 0 && at.broadcast !== IPV4_BROADCAST)
    routes.push(kernelRoute("broadcast", host(at.broadcast), device, source));
  const network = networkOf({ address: at.peer, prefix: at.prefix });
  if (network.address >>> 24 === 0 || at.secondary || (network.address === at.address && at.prefix === 32))
    return routes;
  routes.push(kernelRoute(device.kind === "loopback" ? "local" : "unicast", network, device, source));
  if (at.prefix < 31) routes.push(kernelRoute("broadcast", host(broadcastOf(network)), device, source));
  return routes;
}

/** Secondaries send with the address of their network's primary. */
function primaryOf(device: Device, at: AssignedAddress): Ipv4 {
  if (!at.secondary) return at.address;
  const { address } = networkOf(at);
  const primary = device.addresses.find(
    (other) => !other.secondary && other.prefix === at.prefix && networkOf(other).address === address,
  );
  return primary?.address ?? at.address;
}

/** Brings the kernel's routes of an address in; those that are there stay as they are. */
export function addAddressRoutes(netns: Netns, device: Device, at: AssignedAddress): void {
  for (const route of routesOf(device, at)) {
    const { address, prefix } = route.destination;
    const old = netns.fib.routesTo(route.table, address, prefix);
    const same = old.some(
      (other) =>
        other.device === device &&
        other.type === route.type &&
        other.preferredSource === route.preferredSource,
    );
    if (!same) netns.fib.setRoutes(route.table, address, prefix, [...old, route]);
  }
}

/** Takes away what no other address needs any more, and every route that sends with the address (fib_del_ifaddr, fib_sync_down_addr). */
export function removeAddressRoutes(netns: Netns, device: Device, gone: AssignedAddress): void {
  const needed = new Set<string>();
  for (const other of netns.devices.values()) {
    for (const at of other.addresses) for (const route of routesOf(other, at)) needed.add(keyOf(route));
  }
  const own = new Set(routesOf(device, gone).map(keyOf));
  const lost = !netns.deviceOfAddress(gone.address);
  netns.fib.removeWhere((route) => {
    if (route.protocol === "kernel" && own.has(keyOf(route))) return !needed.has(keyOf(route));
    return lost && route.preferredSource === gone.address && !needed.has(keyOf(route));
  });
  netns.fib.changed();
}

function keyOf(route: Route): string {
  const { table, type, destination, device, preferredSource } = route;
  return `${table} ${type} ${destination.address}/${destination.prefix} ${device?.ifindex} ${preferredSource}`;
}

/** What the routing tables make of a change of a device (fib_netdev_event, arp_netdev_event). */
export function followDevice(netns: Netns, device: Device): void {
  const state = netns.links.stateOf(device);
  const wasUp = state.up;
  const hadCarrier = state.carrier;
  state.up = device.up;
  state.carrier = device.carrier;
  if (device.up && !wasUp) {
    for (const at of device.addresses) addAddressRoutes(netns, device, at);
    if (netns.sysctls.arpNotify(device.ifindex))
      for (const at of device.addresses) announce(netns, device, at.address);
  } else if (!device.up && wasUp) {
    netns.fib.removeWhere((route) => route.device === device && route.scope !== "host");
    netns.neighbours.removeDevice(device);
    netns.netfilter.nat.forgetMasqueraded(device.ifindex);
  } else if (hadCarrier && !device.carrier) {
    netns.neighbours.removeDevice(device, { keepPermanent: true });
  }
  netns.fib.changed();
}

/** The device leaves the namespace: all its routes and neighbours go. */
export function forgetDevice(netns: Netns, device: Device): void {
  netns.fib.removeWhere((route) => route.device === device);
  netns.neighbours.removeDevice(device);
  netns.netfilter.nat.forgetMasqueraded(device.ifindex);
  netns.fib.changed();
}
