import { type Nanoseconds, seconds } from "../../base/units.js";
import { NO_TIMER, type TimerId } from "../../sim/scheduler.js";
import type { World } from "../../trace/world.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import type { Verdict } from "../hook.js";
import {
  Connection,
  ESTABLISHED,
  ESTABLISHED_REPLY,
  EVENT_ASSURED,
  EVENT_REPLY,
  isReply,
  NEW,
  ORIGINAL,
  REPLY,
  STATUS_ASSURED,
  STATUS_CONFIRMED,
  STATUS_DYING,
  STATUS_SEEN_REPLY,
  STATUS_SRC_NAT_DONE,
  Tuple,
  UNTRACKED,
} from "./connection.js";
import { ConntrackEvents } from "./events.js";
import { extractTuple } from "./extract.js";
import { IcmpCheck } from "./icmp.js";
import { ConntrackSettings } from "./settings.js";
import { SourceTable } from "./source-table.js";
import { ConntrackStatistics } from "./statistics.js";
import { checksumFits } from "./sums.js";
import {
  flagsAreValid,
  openTcp,
  SEGMENT_IGNORED,
  SEGMENT_INVALID,
  SEGMENT_KILLS,
  SEGMENT_REOPENS,
  trackTcp,
} from "./tcp.js";
import { Segment } from "./tcp-segment.js";
import { TCP_CLOSE, TCP_TIME_WAIT } from "./tcp-states.js";
import { TupleTable } from "./tuple-table.js";
import { datagramFault } from "./udp.js";

/** A UDP flow that is still active after this long is a stream. */
const UDP_STREAM_AFTER = seconds(2);
/** Ends that are further off are not waited for: DESTROY is then told when someone meets the entry. */
const FAR = seconds(600);

/** Least time between two looks at all entries of a full table (GC_SCAN_INTERVAL_MIN). */
const SWEEP_INTERVAL = seconds(1);

/** What the tracker tells its namespace's kernel log. */
export interface ConntrackLog {
  /** nf_conntrack_log_invalid: a packet and what is wrong with it. */
  invalid(packet: Packet, protocol: number, text: string): void;
  /** The table is full. */
  full(): void;
}

/**
 * Connection tracking of one namespace (nf_conntrack_core.c). Entries are forgotten when someone meets them after their time, or at it while someone listens to events.
 * Divergences: no expectations (FTP and other helpers), no zones; SCTP, DCCP and GRE are tracked by addresses only; two unconfirmed UDP packets of one
 * flow with different translations clash for good.
 */
export class Conntrack {
  /** Whether a rule needs it. */
  active = false;
  readonly settings = new ConntrackSettings();
  readonly statistics = new ConntrackStatistics();
  readonly events = new ConntrackEvents(() => this.arm(0));
  /** Set by the namespace's netfilter. */
  log: ConntrackLog | null = null;
  readonly bySource = new SourceTable();
  private readonly table: TupleTable;
  private readonly probe = new Tuple(null, 0);
  private readonly segment = new Segment();
  private readonly icmp: IcmpCheck;
  private nextId = 1;
  /** When the next entry ends that listeners want to hear of; -1 while nobody listens. */
  private sweepAt: Nanoseconds = -1;
  private timer: TimerId = NO_TIMER;
  private askedBy = 0;
  /** When a full table was last swept. */
  private sweptAt: Nanoseconds = Number.NEGATIVE_INFINITY;

  constructor(private readonly world: World) {
    this.table = new TupleTable(world.scheduler, (connection) => this.forget(connection));
    this.icmp = new IcmpCheck(this.table);
  }

  /** Entries that are alive, the oldest first. */
  list(): readonly Connection[] {
    return this.table.list();
  }

  /** nf_conntrack_count. */
  get count(): number {
    return this.table.list().length;
  }

  /** Forgets a connection. `by` is the process that asks for it, 0 for none. False when it was not there. */
  remove(connection: Connection, by = 0): boolean {
    connection.status |= STATUS_DYING;
    this.askedBy = by;
    const found = this.table.remove(connection);
    this.askedBy = 0;
    return found;
  }

  /** A rule answers for the far end with a reset: a TCP connection is as good as closed (nf_conntrack_tcp_set_closing, since Linux 6.3). */
  setClosing(connection: Connection): void {
    const { tcp } = connection;
    if (tcp === null || tcp.state >= TCP_TIME_WAIT) return;
    tcp.state = TCP_CLOSE;
    connection.expiresAt = this.world.scheduler.now + this.settings.tcpTimeouts[TCP_CLOSE]!;
  }

  /** Removes all connections for which `dies` holds. */
  removeWhere(dies: (connection: Connection) => boolean): void {
    if (this.table.some(dies))
      for (const connection of this.table.list()) if (dies(connection)) this.remove(connection);
  }

  /** The connection that has packets with this tuple, by one of its directions. */
  find(tuple: Tuple): Tuple | null {
    return this.table.find(tuple);
  }

  /** Whether another connection has packets with this tuple (nf_conntrack_tuple_taken). One with the same original tuple is the same flow: that is settled at the end. */
  isTaken(tuple: Tuple, by: Connection): boolean {
    const found = this.table.find(tuple);
    if (found === null || found.connection === by) return false;
    if (found.connection!.original.equals(by.original)) return false;
    this.statistics.found++;
    return true;
  }

  /** Finds or makes the connection of a packet (nf_conntrack_in). It drops only when the table is full: an invalid packet goes on without one, for rules to drop. `incoming`: at PREROUTING, where checksums are looked at. */
  track(packet: Packet, incoming: boolean): Verdict {
    if (packet.connection !== null || packet.connectionInfo === UNTRACKED) return "accept";
    const { bytes, network, end } = packet;
    packet.elapsed += this.world.costs.conntrack;
    if (ipv4.fragmentOffset.get(bytes, network) !== 0) {
      this.statistics.invalid++;
      return "accept";
    }
    const protocol = ipv4.protocol.get(bytes, network);
    const fault = this.faultOf(packet, protocol, incoming);
    if (fault !== null) {
      if (protocol === IPPROTO_ICMP) this.statistics.error++;
      else this.statistics.invalid++;
      this.complain(packet, protocol, fault);
      return "accept";
    }
    if (protocol === IPPROTO_ICMP && this.icmp.relate(packet)) {
      if (packet.connection === null) this.statistics.error++;
      return "accept";
    }
    const { probe } = this;
    if (!extractTuple(probe, bytes, network, end)) {
      this.statistics.invalid++;
      return "accept";
    }
    const found = this.table.find(probe);
    return found === null ? this.begin(packet) : this.advance(packet, found);
  }

  /** What makes a message unfit for any connection: cut off, a wrong checksum, flags that cannot stand together. Null for a sound one. */
  private faultOf(packet: Packet, protocol: number, incoming: boolean): string | null {
    const at = packet.network + ipv4HeaderLength(packet.bytes, packet.network);
    const sums = incoming && this.settings.checksum;
    switch (protocol) {
      case IPPROTO_TCP:
        if (!this.segment.read(packet)) return "truncated packet";
        if (sums && !checksumFits(packet, at, protocol)) return "bad checksum";
        return flagsAreValid(this.segment.flags) ? null : "invalid tcp flag combination";
      case IPPROTO_UDP:
        return datagramFault(packet, at, sums);
      case IPPROTO_ICMP:
        return this.icmp.faultOf(packet, at, sums);
      default:
        return null;
    }
  }

  private complain(packet: Packet, protocol: number, text: string): void {
    if (this.log !== null && this.settings.logInvalid !== 0 && this.settings.logs(protocol))
      this.log.invalid(packet, protocol, text);
  }

  /** A new connection, if the packet may begin one. */
  private begin(packet: Packet): Verdict {
    const { settings, probe } = this;
    if (settings.max > 0 && this.table.size >= settings.max && !this.makeRoom()) {
      this.statistics.drop++;
      this.log?.full();
      return "drop";
    }
    const connection = new Connection(this.nextId);
    connection.original.copy(probe);
    connection.reply.invert(probe);
    if (!this.open(packet, connection)) {
      this.statistics.invalid++;
      return "accept";
    }
    this.nextId++;
    packet.elapsed += this.world.costs.conntrackNew;
    packet.connection = connection;
    packet.connectionInfo = NEW;
    if (settings.accounting) {
      connection.traffic = [
        { packets: 0, bytes: 0 },
        { packets: 0, bytes: 0 },
      ];
      count(connection, ORIGINAL, packet);
    }
    connection.heard = settings.events === 1 || (settings.events === 2 && this.events.heard);
    return "accept";
  }

  /** A table past its limit: what is over goes (the kernel's collector has long taken it), else an entry without much behind it may give way. */
  private makeRoom(): boolean {
    const { table, settings, statistics } = this;
    const { now } = this.world.scheduler;
    if (now - this.sweptAt >= SWEEP_INTERVAL) {
      this.sweptAt = now;
      table.sweep();
      if (table.size < settings.max) return true;
    }
    const gone = table.evict(this.probe, settings.buckets, ({ status }) => (status & STATUS_ASSURED) === 0);
    if (gone) statistics.early_drop++;
    return gone;
  }

  /** What a first packet must be, and how long the entry lives. */
  private open(packet: Packet, connection: Connection): boolean {
    const { now } = this.world.scheduler;
    const { settings } = this;
    switch (connection.protocol) {
      case IPPROTO_TCP:
        if (!openTcp(connection, this.segment, settings)) return false;
        if (trackTcp(connection, this.segment, ORIGINAL, settings, now) !== SEGMENT_INVALID) return true;
        this.complain(packet, IPPROTO_TCP, this.segment.complaint);
        return false;
      case IPPROTO_UDP:
        connection.expiresAt = now + settings.udp;
        connection.streamAt = now + UDP_STREAM_AFTER;
        return true;
      case IPPROTO_ICMP:
        connection.expiresAt = now + settings.icmp;
        return IcmpCheck.begins(connection.original.icmpType);
      default:
        connection.expiresAt = now + settings.generic;
        return true;
    }
  }

  /** A further packet of a connection. */
  private advance(packet: Packet, found: Tuple): Verdict {
    const connection = found.connection!;
    const { direction } = found;
    const { now } = this.world.scheduler;
    const { status } = connection;
    let counts = true;
    if (connection.protocol === IPPROTO_TCP) {
      const outcome = trackTcp(connection, this.segment, direction, this.settings, now);
      if (outcome === SEGMENT_REOPENS) {
        this.remove(connection);
        return this.begin(packet);
      }
      if (outcome === SEGMENT_INVALID) {
        this.statistics.invalid++;
        this.complain(packet, IPPROTO_TCP, this.segment.complaint);
        return "accept";
      }
      if (outcome === SEGMENT_IGNORED) {
        counts = false;
        this.complain(packet, IPPROTO_TCP, this.segment.complaint);
      }
      if (outcome === SEGMENT_KILLS) this.remove(connection);
    } else if (connection.protocol === IPPROTO_UDP) this.refreshUdp(connection, now);
    else {
      const { icmp, generic } = this.settings;
      connection.expiresAt = now + (connection.protocol === IPPROTO_ICMP ? icmp : generic);
    }
    packet.connection = connection;
    if (direction === REPLY) {
      packet.connectionInfo = ESTABLISHED_REPLY;
      if ((status & STATUS_SEEN_REPLY) === 0) {
        connection.status |= STATUS_SEEN_REPLY;
        connection.news |= EVENT_REPLY;
      }
    } else packet.connectionInfo = (status & STATUS_SEEN_REPLY) !== 0 ? ESTABLISHED : NEW;
    if (counts && connection.traffic !== null) count(connection, direction, packet);
    if (connection.expiresAt < this.sweepAt && connection.heard) this.arm(connection.expiresAt);
    return "accept";
  }

  /** nf_conntrack_udp_packet: after two seconds of traffic both ways it is a stream, and assured. */
  private refreshUdp(connection: Connection, now: Nanoseconds): void {
    const { status } = connection;
    const stream = (status & STATUS_SEEN_REPLY) !== 0 && now > connection.streamAt;
    connection.expiresAt = now + (stream ? this.settings.udpStream : this.settings.udp);
    if (!stream || (status & STATUS_ASSURED) !== 0) return;
    connection.status |= STATUS_ASSURED;
    connection.news |= EVENT_ASSURED;
  }

  /** The last step of a packet's way: a new connection can be found by others from now on, and listeners are told what has changed (nf_conntrack_confirm). */
  confirm(packet: Packet): Verdict {
    const connection = packet.connection as Connection | null;
    if (connection === null) return "accept";
    if ((connection.status & STATUS_CONFIRMED) !== 0) {
      if (connection.news !== 0) this.tell(connection);
      return "accept";
    }
    if (isReply(packet.connectionInfo)) return "accept";
    const clash = this.table.find(connection.original) ?? this.table.find(connection.reply);
    if (clash !== null) return this.settle(packet, connection, clash.connection!);
    connection.status |= STATUS_CONFIRMED;
    if (this.settings.timestamps) connection.startedAt = this.world.scheduler.now;
    this.table.add(connection);
    if ((connection.status & STATUS_SRC_NAT_DONE) !== 0) this.bySource.add(connection);
    if (connection.heard) {
      connection.news = 0;
      this.events.emit("NEW", connection);
      if (connection.expiresAt < this.sweepAt) this.arm(connection.expiresAt);
    }
    return "accept";
  }

  /** Another has one of the tuples (nf_ct_resolve_clash): the same UDP flow is joined, anything else is dropped. */
  private settle(packet: Packet, loser: Connection, winner: Connection): Verdict {
    const same = winner.original.equals(loser.original) && winner.reply.equals(loser.reply);
    if (same && loser.protocol === IPPROTO_UDP) {
      packet.connection = winner;
      this.statistics.clash_resolve++;
      return "accept";
    }
    this.statistics.drop++;
    this.statistics.insert_failed++;
    return "drop";
  }

  /** A process has set a connection's mark or lifetime. */
  changed(connection: Connection, by: number): void {
    if (connection.heard) this.events.emit("UPDATE", connection, by);
  }

  private tell(connection: Connection): void {
    connection.news = 0;
    if (connection.heard && (connection.status & STATUS_DYING) === 0) this.events.emit("UPDATE", connection);
  }

  private forget(connection: Connection): void {
    connection.status |= STATUS_DYING;
    if ((connection.status & STATUS_SRC_NAT_DONE) !== 0) this.bySource.remove(connection);
    if (connection.startedAt >= 0) connection.stoppedAt = this.world.scheduler.now;
    if (connection.heard) this.events.emit("DESTROY", connection, this.askedBy);
  }

  /** Sets the timer to the next end that listeners want to hear of; `at` 0 looks it up. */
  private arm(at: Nanoseconds): void {
    const { scheduler } = this.world;
    scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
    if (!this.events.heard) {
      this.sweepAt = -1;
      return;
    }
    const next = at === 0 ? this.table.sweep() : at;
    this.sweepAt = Math.min(next, scheduler.now + FAR);
    if (next <= this.sweepAt) this.timer = scheduler.at(next, sweep, this);
  }

  /** @internal The timer's way in. */
  expire(): void {
    this.arm(0);
  }
}

function sweep(conntrack: unknown): void {
  (conntrack as Conntrack).expire();
}

function count(connection: Connection, direction: number, packet: Packet): void {
  const counter = connection.traffic![direction]!;
  counter.packets++;
  counter.bytes += packet.end - packet.network;
}
