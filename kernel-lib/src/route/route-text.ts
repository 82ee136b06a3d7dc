import { formatCidr, formatIpv4 } from "../base/addresses.js";
import { type Route, TABLE_LOCAL, TABLE_MAIN } from "./route.js";

/** A route in one line, as `ip route show table all` prints it without flags: what traces carry. */
export function routeText(route: Route): string {
  const { destination, device } = route;
  const words: string[] = [];
  if (route.type !== "unicast") words.push(route.type);
  if (destination.prefix === 0) words.push("default");
  else words.push(destination.prefix === 32 ? formatIpv4(destination.address) : formatCidr(destination));
  if (route.gateway !== 0) words.push("via", formatIpv4(route.gateway));
  if (device !== null) words.push("dev", device.name);
  if (route.table !== TABLE_MAIN)
    words.push("table", route.table === TABLE_LOCAL ? "local" : String(route.table));
  if (route.protocol !== "boot") words.push("proto", route.protocol);
  if (route.scope !== "global") words.push("scope", route.scope);
  if (route.preferredSource !== 0) words.push("src", formatIpv4(route.preferredSource));
  if (route.metric !== 0) words.push("metric", String(route.metric));
  return words.join(" ");
}
