import type { Ipv4 } from "../base/addresses.js";
import type { Device } from "../link/device.js";
import type { Neighbour } from "./neighbour.js";
import type { Route } from "./route.js";
import { routeText } from "./route-text.js";

export type PathType = "unicast" | "local" | "broadcast" | "multicast";

/**
 * The way to one destination, looked up once and kept by who sends there (a dst_entry): a socket asks again only when `generation` is not that of
 * the namespace any more.
 */
export class Path {
  /** The neighbour entry of the next hop; found at first use. */
  neighbour: Neighbour | null = null;
  private line: string | null = null;

  constructor(
    readonly generation: number,
    readonly destination: Ipv4,
    readonly type: PathType,
    readonly device: Device,
    /** Address that packets get whose socket has none. */
    readonly source: Ipv4,
    /** Address to ask ARP for. */
    readonly nextHop: Ipv4,
    /** 0 when the destination is on the link. */
    readonly gateway: Ipv4,
    readonly mtu: number,
    readonly route: Route | null,
    /** Virtual time at which a learned MTU is forgotten; infinity when none was. */
    readonly expiresAt: number,
  ) {}

  /** The route in one line for traces, written once; empty when the kernel needed none. */
  get text(): string {
    this.line ??= this.route === null ? "" : routeText(this.route);
    return this.line;
  }
}
