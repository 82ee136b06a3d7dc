import type { Ipv4 } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { Destination } from "./destination.js";
import type { Pool, Scheduler } from "./schedulers/scheduler.js";
import { IpvsStatistics } from "./statistics.js";

/** What names a service: protocol, address and port, or a firewall mark. */
export interface ServiceKey {
  /** 6, 17 or 132; 0 for a service by mark. */
  readonly protocol: number;
  readonly address: Ipv4;
  readonly port: number;
  /** 0 for a service by address. */
  readonly fwmark: number;
}

/** What may be set of a service (ip_vs_service_user). */
export interface ServiceSettings {
  readonly scheduler: string;
  /** Seconds for which a client keeps its server; null without persistence. */
  readonly persistence: number | null;
  /** Clients whose addresses agree in this mask keep one server. */
  readonly netmask: Ipv4;
  /** Each UDP datagram is scheduled by itself (`--ops`). */
  readonly onePacket: boolean;
  /** Flags of the scheduler, IP_VS_SVC_F_SCHED1 to 3 as bits 0 to 2. */
  readonly schedulerFlags: number;
}

export const DEFAULT_SETTINGS: ServiceSettings = {
  scheduler: "wlc",
  persistence: null,
  netmask: 0xffffffff,
  onePacket: false,
  schedulerFlags: 0,
};

/** A virtual service (ip_vs_service) with its real servers, the newest first, as the kernel links them. */
export class Service implements ServiceKey {
  readonly protocol: number;
  readonly address: Ipv4;
  readonly port: number;
  readonly fwmark: number;
  private readonly list: Destination[] = [];
  private readonly byEnd = new Map<number, Destination>();
  readonly statistics: IpvsStatistics;

  constructor(
    key: ServiceKey,
    public settings: ServiceSettings,
    public scheduler: Scheduler,
    now: Nanoseconds,
  ) {
    this.protocol = key.protocol;
    this.address = key.address;
    this.port = key.port;
    this.fwmark = key.fwmark;
    this.statistics = new IpvsStatistics(now);
  }

  is(key: ServiceKey): boolean {
    return key.fwmark !== 0
      ? this.fwmark === key.fwmark
      : this.fwmark === 0 &&
          this.protocol === key.protocol &&
          this.address === key.address &&
          this.port === key.port;
  }

  get destinations(): readonly Destination[] {
    return this.list;
  }

  destination(address: Ipv4, port: number): Destination | undefined {
    return this.byEnd.get(endKey(address, port));
  }

  add(destination: Destination): void {
    this.list.unshift(destination);
    this.byEnd.set(endKey(destination.address, destination.port), destination);
  }

  remove(destination: Destination): void {
    this.list.splice(this.list.indexOf(destination), 1);
    this.byEnd.delete(endKey(destination.address, destination.port));
  }
}

function endKey(address: Ipv4, port: number): number {
  return address * 65_536 + port;
}

/** What its scheduler sees of it. */
export function poolOf({ destinations, settings }: Service): Pool {
  return { destinations, flags: settings.schedulerFlags };
}
