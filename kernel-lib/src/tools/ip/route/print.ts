import { type Cidr, formatCidr, formatIpv4 } from "../../../base/addresses.js";
import { isLinkDown, type Route, type RouteType, TABLE_MAIN } from "../../../route/route.js";
import { tableName } from "./names.js";

/** What a listing leaves out, because it selects by it. */
export interface RoutePrintOptions {
  readonly details?: boolean;
  readonly hideDevice?: boolean;
  readonly hideGateway?: boolean;
  readonly hideProtocol?: boolean;
  readonly hideScope?: boolean;
  readonly hideSource?: boolean;
  /** Name the table of each route: set for `table all`. */
  readonly showTable?: boolean;
}

/** `default`, a host's address, or network and prefix length. */
export function printDestination(destination: Cidr): string {
  if (destination.prefix === 0 && destination.address === 0) return "default";
  return destination.prefix === 32 ? formatIpv4(destination.address) : formatCidr(destination);
}

/** The type, where it is not the usual one. */
export function printType(type: RouteType, details = false): string {
  return type === "unicast" && !details ? "" : `${type} `;
}

/** One route as `ip route show` prints it, with the blank at its end (print_route in iproute.c). */
export function printRoute(route: Route, options: RoutePrintOptions = {}): string {
  const details = options.details ?? false;
  const parts = [`${printType(route.type, details)}${printDestination(route.destination)} `];
  const add = (condition: boolean, text: string): void => void (condition && parts.push(`${text} `));
  add(route.tos !== 0, `tos 0x${route.tos.toString(16).padStart(2, "0")}`);
  add(route.gateway !== 0 && options.hideGateway !== true, `via ${formatIpv4(route.gateway)}`);
  add(route.device !== null && options.hideDevice !== true, `dev ${route.device?.name}`);
  add(
    options.showTable === true && (route.table !== TABLE_MAIN || details),
    `table ${tableName(route.table)}`,
  );
  add((route.protocol !== "boot" || details) && options.hideProtocol !== true, `proto ${route.protocol}`);
  add((route.scope !== "global" || details) && options.hideScope !== true, `scope ${route.scope}`);
  add(route.preferredSource !== 0 && options.hideSource !== true, `src ${formatIpv4(route.preferredSource)}`);
  add(route.metric !== 0, `metric ${route.metric}`);
  add(route.onlink, "onlink");
  add(isLinkDown(route), "linkdown");
  add(route.mtu !== 0, `mtu ${route.mtu}`);
  return parts.join("");
}
