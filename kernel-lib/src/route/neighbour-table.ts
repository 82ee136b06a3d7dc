import { type Ipv4, isMulticastIpv4, MAC_BROADCAST, type Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { Device } from "../link/device.js";
import type { Random } from "../sim/random.js";
import { NO_TIMER, type Scheduler } from "../sim/scheduler.js";
import type { Packet } from "../wire/packet.js";
import { isConnected, isTimed, isValid, Neighbour, type NeighbourState } from "./neighbour.js";
import {
  DEFAULT_NEIGHBOUR_PARAMETERS,
  GC_THRESHOLD,
  type NeighbourParameters,
} from "./neighbour-parameters.js";

/** What the table needs from the stack around it. */
export interface NeighbourPort {
  /** Sends an ARP request: to `mac`, or broadcast when null. `packet` is the one that made it necessary. */
  solicit(neighbour: Neighbour, mac: Mac | null, packet: Packet | null): void;
  /** Sends a packet that waited; its IPv4 header is at `packet.start`. */
  resolved(neighbour: Neighbour, packet: Packet, waited: Nanoseconds): void;
  /** Nobody answered: the packet's sender is told (error_report). */
  unreachable(neighbour: Neighbour, packet: Packet): void;
  /** The queue was full: the oldest packet goes. */
  overflow(neighbour: Neighbour, packet: Packet): void;
  /** Whether the address is a broadcast address here (then the MAC is known without asking). */
  isBroadcast(address: Ipv4): boolean;
  parameters(device: Device): NeighbourParameters;
}

/** Who asks for a change: the kernel by what it heard, or the administrator. */
export interface NeighbourUpdate {
  /** Another MAC may take the place of a valid one. */
  readonly override?: boolean;
  readonly admin?: boolean;
}

/** The neighbour (ARP) table of a namespace with the state machine of net/core/neighbour.c. */
export class NeighbourTable {
  private readonly entries = new Map<number, Neighbour>();
  private readonly reachableTimes = new Map<Device, Nanoseconds>();
  private nextCollection: Nanoseconds = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    private readonly port: NeighbourPort,
  ) {}

  /** All entries in the order of the kernel's dump: by bucket of its hash table, the newest of each first. */
  list(device?: Device): readonly Neighbour[] {
    let shift = 32 - LEAST_BUCKET_BITS;
    while (this.entries.size > 1 << (32 - shift)) shift--;
    let all = [...this.entries.values()];
    if (device !== undefined) all = all.filter((entry) => entry.device === device);
    return all.reverse().sort((a, b) => bucketOf(a.address, shift) - bucketOf(b.address, shift));
  }

  find(address: Ipv4, device: Device): Neighbour | null {
    return this.entries.get(keyOf(address, device)) ?? null;
  }

  /** Finds or makes the entry (neigh_create): multicast, broadcast and devices without ARP need no question. */
  obtain(address: Ipv4, device: Device): Neighbour {
    const key = keyOf(address, device);
    const old = this.entries.get(key);
    if (old !== undefined) return old;
    if (this.entries.size >= GC_THRESHOLD && this.scheduler.now >= this.nextCollection) this.collect();
    const entry = new Neighbour(address, device, this.scheduler.now);
    if (device.kind === "loopback" || !device.arp) this.settle(entry, device.mac);
    else if (isMulticastIpv4(address)) this.settle(entry, 0x01005e000000 + (address & 0x7fffff));
    else if (this.port.isBroadcast(address)) this.settle(entry, MAC_BROADCAST);
    else entry.confirmedAt -= this.port.parameters(device).baseReachableTime * 2;
    this.entries.set(key, entry);
    return entry;
  }

  /** Says whether a packet may go now with `neighbour.mac`; otherwise the packet was queued, or dropped by the table (neigh_event_send). */
  use(neighbour: Neighbour, packet: Packet): boolean {
    const { now } = this.scheduler;
    neighbour.usedAt = now;
    switch (neighbour.state) {
      case "REACHABLE":
      case "PERMANENT":
      case "NOARP":
      case "DELAY":
      case "PROBE":
        return true;
      case "STALE":
        this.enter(neighbour, "DELAY");
        this.arm(neighbour, now + this.port.parameters(neighbour.device).delayFirstProbe);
        return true;
      case "NONE":
      case "FAILED":
      case "INCOMPLETE":
        this.wait(neighbour, packet);
        return false;
    }
  }

  /** Asks for a neighbour that no packet waits for (neigh_event_send without one). */
  ask(neighbour: Neighbour): void {
    if (isValid(neighbour.state) || neighbour.state === "INCOMPLETE") return;
    this.start(neighbour, this.port.parameters(neighbour.device));
  }

  /** A higher layer has had an answer from there (dst_confirm). */
  confirm(neighbour: Neighbour): void {
    neighbour.confirmedAt = this.scheduler.now;
  }

  /** Something was heard or set (neigh_update). `mac` null keeps the old one. */
  update(neighbour: Neighbour, mac: Mac | null, state: NeighbourState, options: NeighbourUpdate = {}): void {
    const old = neighbour.state;
    const { now } = this.scheduler;
    if (!options.admin && (old === "NOARP" || old === "PERMANENT")) return;
    if (!isValid(state)) {
      this.invalidate(neighbour, state);
      return;
    }
    const next = mac ?? neighbour.mac;
    if (isConnected(state)) neighbour.confirmedAt = now;
    let to = state;
    if (isValid(old)) {
      if (next !== neighbour.mac && !options.override && !options.admin) return;
      if (next === neighbour.mac && to === "STALE" && !options.admin) to = old;
    }
    if (to !== old || next !== neighbour.mac) neighbour.updatedAt = now;
    if (next !== neighbour.mac) {
      neighbour.mac = next;
      if (!isConnected(to))
        neighbour.confirmedAt = now - this.port.parameters(neighbour.device).baseReachableTime * 2;
    }
    if (to === old) return;
    this.enter(neighbour, to);
    if (to === "PROBE") neighbour.probes = 0;
    if (isTimed(to))
      this.arm(neighbour, now + (to === "REACHABLE" ? this.reachableTime(neighbour.device) : 0));
    if (!isValid(old)) this.flushQueue(neighbour);
  }

  /** Takes an entry out; packets that waited are dropped without a word. */
  remove(neighbour: Neighbour): void {
    this.scheduler.cancel(neighbour.timer);
    neighbour.dead = true;
    this.entries.delete(keyOf(neighbour.address, neighbour.device));
    for (const packet of this.drain(neighbour)) this.port.overflow(neighbour, packet);
  }

  /** The device went away, down, or lost its carrier (then PERMANENT entries stay). */
  removeDevice(device: Device, { keepPermanent = false } = {}): void {
    for (const entry of this.list(device)) {
      if (keepPermanent && entry.state === "PERMANENT") continue;
      this.remove(entry);
    }
  }

  private wait(neighbour: Neighbour, packet: Packet): void {
    const parameters = this.port.parameters(neighbour.device);
    const first = neighbour.state !== "INCOMPLETE";
    if (neighbour.queue.length >= parameters.queueLength) {
      neighbour.queuedAt.shift();
      this.port.overflow(neighbour, neighbour.queue.shift()!);
    }
    neighbour.queue.push(packet);
    neighbour.queuedAt.push(this.scheduler.now + packet.elapsed);
    if (first) this.start(neighbour, parameters);
  }

  private start(neighbour: Neighbour, parameters: NeighbourParameters): void {
    neighbour.probes = parameters.unicastProbes;
    this.enter(neighbour, "INCOMPLETE");
    neighbour.updatedAt = this.scheduler.now;
    this.arm(neighbour, this.scheduler.now + parameters.retransmit);
    this.probe(neighbour);
  }

  private probe(neighbour: Neighbour): void {
    const { unicastProbes } = this.port.parameters(neighbour.device);
    const unicast = neighbour.probes < unicastProbes && isValid(neighbour.state);
    neighbour.probes++;
    this.port.solicit(neighbour, unicast ? neighbour.mac : null, neighbour.queue[0] ?? null);
  }

  /** The timer of an entry has run out (neigh_timer_handler). */
  private expire(neighbour: Neighbour): void {
    const { now } = this.scheduler;
    const parameters = this.port.parameters(neighbour.device);
    neighbour.timer = NO_TIMER;
    let next = now + parameters.retransmit;
    if (neighbour.state === "REACHABLE") {
      const reachable = this.reachableTime(neighbour.device);
      if (now <= neighbour.confirmedAt + reachable - 1) next = neighbour.confirmedAt + reachable;
      else if (now <= neighbour.usedAt + parameters.delayFirstProbe) {
        this.enter(neighbour, "DELAY");
        neighbour.updatedAt = now;
        next = now + parameters.delayFirstProbe;
      } else {
        this.enter(neighbour, "STALE");
        neighbour.updatedAt = now;
      }
    } else if (neighbour.state === "DELAY") {
      neighbour.updatedAt = now;
      if (now <= neighbour.confirmedAt + parameters.delayFirstProbe) {
        this.enter(neighbour, "REACHABLE");
        next = Math.max(neighbour.confirmedAt + this.reachableTime(neighbour.device), now);
      } else {
        this.enter(neighbour, "PROBE");
        neighbour.probes = 0;
      }
    }
    const asking = neighbour.state === "INCOMPLETE" || neighbour.state === "PROBE";
    const limit =
      parameters.unicastProbes + (neighbour.state === "INCOMPLETE" ? parameters.multicastProbes : 0);
    if (asking && neighbour.probes >= limit) {
      this.invalidate(neighbour, "FAILED");
      return;
    }
    if (isTimed(neighbour.state)) this.arm(neighbour, next);
    if (asking) this.probe(neighbour);
  }

  private invalidate(neighbour: Neighbour, state: NeighbourState): void {
    const asked = neighbour.state === "INCOMPLETE";
    this.enter(neighbour, state);
    neighbour.updatedAt = this.scheduler.now;
    if (state === "FAILED" && asked) neighbour.mac = null;
    for (const packet of this.drain(neighbour)) this.port.unreachable(neighbour, packet);
  }

  private flushQueue(neighbour: Neighbour): void {
    const since = [...neighbour.queuedAt];
    for (const packet of this.drain(neighbour)) {
      this.port.resolved(neighbour, packet, this.scheduler.now - since.shift()!);
    }
  }

  private drain(neighbour: Neighbour): Packet[] {
    neighbour.queuedAt.length = 0;
    return neighbour.queue.splice(0);
  }

  private settle(neighbour: Neighbour, mac: Mac): void {
    neighbour.mac = mac;
    neighbour.state = "NOARP";
  }

  private enter(neighbour: Neighbour, state: NeighbourState): void {
    neighbour.state = state;
    this.scheduler.cancel(neighbour.timer);
    neighbour.timer = NO_TIMER;
  }

  private arm(neighbour: Neighbour, at: Nanoseconds): void {
    this.scheduler.cancel(neighbour.timer);
    neighbour.timer = this.scheduler.at(at, expireNeighbour, this, neighbour);
  }

  /** 0.5 to 1.5 times base_reachable_time, drawn once a device (the kernel draws anew every 5 minutes). */
  private reachableTime(device: Device): Nanoseconds {
    const base = this.port.parameters(device).baseReachableTime;
    let time = this.reachableTimes.get(device);
    if (time === undefined) {
      time = this.random.unit();
      this.reachableTimes.set(device, time);
    }
    return Math.round(base * (0.5 + time));
  }

  /** Above the threshold, STALE entries unused for gc_stale_time and FAILED ones go, every half a base_reachable_time (neigh_periodic_work). */
  private collect(): void {
    this.nextCollection = this.scheduler.now + DEFAULT_NEIGHBOUR_PARAMETERS.baseReachableTime / 2;
    for (const entry of [...this.entries.values()]) {
      const { staleTime } = this.port.parameters(entry.device);
      const unused = this.scheduler.now - Math.max(entry.usedAt, entry.confirmedAt) > staleTime;
      if (entry.state === "FAILED" || (entry.state === "STALE" && unused)) this.remove(entry);
    }
  }

  /** @internal The timer's way in. */
  static expire(table: NeighbourTable, neighbour: Neighbour): void {
    table.expire(neighbour);
  }
}

function expireNeighbour(table: unknown, neighbour: unknown): void {
  NeighbourTable.expire(table as NeighbourTable, neighbour as Neighbour);
}

/** The table starts with 8 buckets and doubles when it holds more entries than that (neigh_hash_alloc). */
const LEAST_BUCKET_BITS = 3;
/** hash_rnd: the kernel draws it at every boot. This one lists the neighbours of our recordings in their order. */
const HASH_MULTIPLIER = 0x0ce87e0d;

/** arp_hashfn: the address in network order times an odd number. The kernel mixes the device's place in memory in, which we have not. */
function bucketOf(address: Ipv4, shift: number): number {
  const swapped =
    (address >>> 24) | ((address >>> 8) & 0xff00) | ((address & 0xff00) << 8) | ((address & 0xff) << 24);
  return Math.imul(swapped, HASH_MULTIPLIER) >>> shift;
}

function keyOf(address: Ipv4, device: Device): number {
  return device.ifindex * 0x100000000 + address;
}
