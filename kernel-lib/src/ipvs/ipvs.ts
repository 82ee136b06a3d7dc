import { formatIpv4, type Ipv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import { Tuple } from "../netfilter/conntrack/connection.js";
import { OTHER } from "../netfilter/hook.js";
import type { RuleOrigin } from "../trace/events.js";
import { IPPROTO_TCP } from "../wire/ipv4.js";
import type { IpvsConnection } from "./connection.js";
import { ConnectionTable } from "./connection-table.js";
import { Destination, type DestinationSettings } from "./destination.js";
import { PacketEnds } from "./ends.js";
import { handleIncoming } from "./incoming.js";
import { handleOutgoing } from "./outgoing.js";
import type { IpvsPort } from "./port.js";
import { ipvsProperty } from "./property.js";
import { SCHEDULERS } from "./schedulers/index.js";
import { poolOf, Service, type ServiceKey, type ServiceSettings } from "./service.js";
import { IpvsSettings } from "./settings.js";
import { IpvsStatistics } from "./statistics.js";

/** NF_IP_PRI_NAT_SRC is 100: replies are seen before requests, both before its rules; made here, both come after NF_IP_PRI_NAT_DST, -100 (ip_vs_ops4). */
const HOOKS = [
  ["INPUT", "ip_vs_reply", 98, handleOutgoing],
  ["INPUT", "ip_vs_remote_request", 99, handleIncoming],
  ["OUTPUT", "ip_vs_local_reply", -99, handleOutgoing],
  ["OUTPUT", "ip_vs_local_request", -98, handleIncoming],
  ["FORWARD", "ip_vs_reply", 100, handleOutgoing],
] as const;

/**
 * IP Virtual Server of one namespace: services with their real servers, and the connections that were balanced (net/netfilter/ipvs). Its functions stand at the
 * hooks while there is a service. Divergences: no IPv6, no SCTP, no sync daemon, no FTP and SIP helpers, and `lblc`, `lblcr` are not there.
 */
export class Ipvs {
  readonly settings = new IpvsSettings();
  readonly connections: ConnectionTable;
  readonly statistics: IpvsStatistics;
  /** Of the packet that is looked at. @internal */
  readonly ends = new PacketEnds();
  /** What a packet is rewritten to; filled for each. @internal */
  readonly target = new Tuple(null, 0);
  /** In the order in which they were made. */
  private readonly list: Service[] = [];
  private trash: Destination[] = [];
  private registered = false;

  constructor(readonly port: IpvsPort) {
    this.connections = new ConnectionTable(port.world.scheduler);
    this.statistics = new IpvsStatistics(port.world.scheduler.now);
    port.netfilter.balance = (packet) => ipvsProperty(this, packet);
  }

  get services(): readonly Service[] {
    return this.list;
  }

  /** Makes a service. Throws EEXIST, ENOENT for an unknown scheduler. */
  addService(key: ServiceKey, settings: ServiceSettings): Service {
    if (this.service(key) !== undefined) throw new KernelError("EEXIST");
    const service = new Service(key, settings, newScheduler(settings.scheduler), this.now);
    this.list.push(service);
    service.scheduler.changed(poolOf(service));
    this.register();
    return service;
  }

  /** Changes one. Throws ESRCH when there is none. */
  editService(key: ServiceKey, settings: ServiceSettings): void {
    const service = this.existing(key);
    if (settings.scheduler !== service.settings.scheduler)
      service.scheduler = newScheduler(settings.scheduler);
    service.settings = settings;
    service.scheduler.changed(poolOf(service));
  }

  deleteService(key: ServiceKey): void {
    const service = this.existing(key);
    for (const destination of service.destinations) this.throwAway(destination);
    this.list.splice(this.list.indexOf(service), 1);
  }

  /** `ipvsadm -C`: all services; their connections stay until they expire. */
  flush(): void {
    for (const service of [...this.list]) this.deleteService(service);
  }

  /** Adds a real server. Throws ESRCH without the service, EEXIST, ERANGE for thresholds the wrong way round. */
  addDestination(
    key: ServiceKey,
    address: Ipv4,
    port: number,
    settings: DestinationSettings,
    origin: RuleOrigin | null = null,
  ): void {
    const service = this.existing(key);
    check(settings);
    if (service.destination(address, port) !== undefined) throw new KernelError("EEXIST");
    const destination =
      this.takeBack(service, address, port, settings) ??
      new Destination(address, port, service, settings, this.now);
    destination.origin = origin;
    service.add(destination);
    service.scheduler.changed(poolOf(service));
  }

  editDestination(
    key: ServiceKey,
    address: Ipv4,
    port: number,
    settings: DestinationSettings,
    origin: RuleOrigin | null = null,
  ): void {
    const service = this.existing(key);
    check(settings);
    const destination = service.destination(address, port);
    if (destination === undefined) throw new KernelError("ENOENT");
    destination.set(settings);
    destination.origin = origin;
    service.scheduler.changed(poolOf(service));
  }

  deleteDestination(key: ServiceKey, address: Ipv4, port: number): void {
    const service = this.existing(key);
    const destination = service.destination(address, port);
    if (destination === undefined) throw new KernelError("ENOENT");
    this.throwAway(destination);
    service.remove(destination);
    service.scheduler.changed(poolOf(service));
  }

  /** Sets counters of one service and its servers to 0, or of all. */
  zero(key: ServiceKey | null): void {
    const services = key === null ? this.list : [this.existing(key)];
    if (key === null) this.statistics.zero(this.now);
    for (const { statistics, destinations } of services) {
      statistics.zero(this.now);
      for (const destination of destinations) destination.statistics.zero(this.now);
    }
  }

  service(key: ServiceKey): Service | undefined {
    return this.list.find((service) => service.is(key));
  }

  /** The service that a packet is for: by its mark first, then by address and port, then by address with port 0 (ip_vs_service_find). */
  find(mark: number, protocol: number, address: Ipv4, port: number): Service | null {
    let wildcard: Service | null = null;
    let exact: Service | null = null;
    for (const service of this.list) {
      if (service.fwmark !== 0) {
        if (mark !== 0 && service.fwmark === mark) return service;
      } else if (service.protocol === protocol && service.address === address) {
        if (service.port === port) exact = service;
        else if (service.port === 0) wildcard = service;
      }
    }
    return exact ?? wildcard;
  }

  get now(): number {
    return this.port.world.scheduler.now;
  }

  /** A connection in a line for traces: `FWM 256 rr: 10.255.0.6:80 by masq`. */
  describe({ service, address, port, method }: IpvsConnection): string {
    const virtual =
      service.fwmark !== 0
        ? `FWM ${service.fwmark}`
        : `${service.protocol === IPPROTO_TCP ? "TCP" : "UDP"} ${formatIpv4(service.address)}:${service.port}`;
    return `${virtual} ${service.scheduler.name}: ${formatIpv4(address)}:${port} by ${method}`;
  }

  dispose(): void {
    this.connections.clear();
  }

  /** A deleted server is kept while it has connections (dest_trash). */
  private throwAway(destination: Destination): void {
    destination.available = false;
    this.trash = this.trash.filter(({ connections }) => connections > 0);
    if (destination.connections > 0) this.trash.push(destination);
  }

  /** The same server of the same service, added again, has its old connections (ip_vs_trash_get_dest). */
  private takeBack(
    service: Service,
    address: Ipv4,
    port: number,
    settings: DestinationSettings,
  ): Destination | null {
    const at = this.trash.findIndex(
      (one) => one.address === address && one.port === port && one.service.is(service),
    );
    if (at < 0) return null;
    const [destination] = this.trash.splice(at, 1) as [Destination];
    destination.available = true;
    destination.service = service;
    destination.statistics.zero(this.now);
    destination.set(settings);
    return destination;
  }

  private existing(key: ServiceKey): Service {
    const service = this.service(key);
    if (service === undefined) throw new KernelError("ESRCH");
    return service;
  }

  /** The first service of a namespace brings the hooks (ip_vs_register_hooks); they stay as long as connections may. */
  private register(): void {
    if (this.registered) return;
    this.registered = true;
    for (const [hook, name, priority, run] of HOOKS)
      this.port.hooks.register(hook, name, priority, {
        kind: OTHER,
        run: (packet) => run(this, packet, hook),
      });
  }
}

function newScheduler(name: string) {
  const make = SCHEDULERS.get(name);
  if (make === undefined) throw new KernelError("ENOENT");
  return make();
}

function check({ weight, upperThreshold, lowerThreshold }: DestinationSettings): void {
  if (weight < 0 || lowerThreshold > upperThreshold) throw new KernelError("ERANGE");
}
