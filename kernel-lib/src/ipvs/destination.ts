import type { Ipv4 } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { RuleOrigin } from "../trace/events.js";
import type { Service } from "./service.js";
import { IpvsStatistics } from "./statistics.js";

/** How a packet gets to a real server: by translation (`Masq`), unchanged to the server's MAC (`Route`), or wrapped in IPv4 (`Tunnel`). `Local` is masq to this machine. */
export type ForwardingMethod = "masq" | "route" | "tunnel";

/** What may be set of a real server (ip_vs_dest_user). */
export interface DestinationSettings {
  readonly method: ForwardingMethod;
  /** Share of the load; 0 gets no new connections (quiesced). */
  readonly weight: number;
  /** Connections at which it counts as overloaded; 0 for no limit. */
  readonly upperThreshold: number;
  /** Connections below which it takes some again. */
  readonly lowerThreshold: number;
}

/** A real server of one service (ip_vs_dest). */
export class Destination {
  method: ForwardingMethod = "route";
  weight = 1;
  upperThreshold = 0;
  lowerThreshold = 0;
  /** Connections in an active state (TCP established, say), in any other, and templates of persistence. */
  active = 0;
  inactive = 0;
  persistent = 0;
  overloaded = false;
  /** False once it has been deleted: its connections are still there. */
  available = true;
  /** The command that added it or set it last. */
  origin: RuleOrigin | null = null;
  statistics: IpvsStatistics;

  constructor(
    readonly address: Ipv4,
    /** 0 of a service by mark or of all ports: the packet's own port stays. */
    readonly port: number,
    public service: Service,
    settings: DestinationSettings,
    now: Nanoseconds,
  ) {
    this.statistics = new IpvsStatistics(now);
    this.set(settings);
  }

  set(settings: DestinationSettings): void {
    this.method = settings.method;
    this.weight = settings.weight;
    if (settings.upperThreshold === 0 || settings.upperThreshold > this.upperThreshold)
      this.overloaded = false;
    this.upperThreshold = settings.upperThreshold;
    this.lowerThreshold = settings.lowerThreshold;
  }

  get connections(): number {
    return this.active + this.inactive + this.persistent;
  }

  /** A connection has come: at the upper threshold the server takes no more (ip_vs_bind_dest). */
  connectionAdded(): void {
    if (this.upperThreshold !== 0 && this.connections >= this.upperThreshold) this.overloaded = true;
  }

  /** One has gone: below the lower threshold, or three quarters of the upper one, it takes more (ip_vs_unbind_dest). */
  connectionGone(): void {
    if (!this.overloaded) return;
    const { lowerThreshold, upperThreshold, connections } = this;
    if (lowerThreshold !== 0) this.overloaded = connections >= lowerThreshold;
    else if (upperThreshold !== 0) this.overloaded = connections * 4 >= upperThreshold * 3;
    else this.overloaded = false;
  }

  /** Whether it may get a new connection. */
  get takesConnections(): boolean {
    return !this.overloaded && this.weight > 0;
  }
}
