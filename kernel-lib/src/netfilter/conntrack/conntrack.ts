import { seconds } from "../../base/units.js";
import type { World } from "../../trace/world.js";
import { ICMP_LENGTH, icmp, isIcmpError } from "../../wire/icmp.js";
import {
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV4_LENGTH,
  ipv4,
  ipv4HeaderLength,
} from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import type { Verdict } from "../hook.js";
import {
  Connection,
  ESTABLISHED,
  ESTABLISHED_REPLY,
  NEW,
  RELATED,
  RELATED_REPLY,
  REPLY,
  STATUS_ASSURED,
  STATUS_CONFIRMED,
  STATUS_DYING,
  STATUS_SEEN_REPLY,
  Tuple,
  UNTRACKED,
} from "./connection.js";
import { extractTuple } from "./extract.js";
import { acceptTcp, INVALID_SEGMENT, openTcp, REOPEN } from "./tcp.js";
import { TupleTable } from "./tuple-table.js";

/** Lifetimes: nf_conntrack_udp_timeout, nf_conntrack_udp_timeout_stream, nf_conntrack_icmp_timeout, nf_conntrack_generic_timeout. */
const UDP_TIMEOUT = seconds(30);
const UDP_STREAM_TIMEOUT = seconds(120);
const ICMP_TIMEOUT = seconds(30);
const GENERIC_TIMEOUT = seconds(600);
/** A UDP flow that is still active after this long is a stream. */
const UDP_STREAM_AFTER = seconds(2);

/**
 * Connection tracking of one namespace (nf_conntrack_core.c). Entries are forgotten when someone meets them after their time. Divergence: TCP windows are
 * not followed (as with nf_conntrack_tcp_be_liberal=1), and there are no expectations.
 */
export class Conntrack {
  /** Whether a rule needs it. */
  active = false;
  private readonly table: TupleTable;
  private readonly probe = new Tuple(null, 0);
  private readonly inner = new Tuple(null, 0);
  private nextId = 1;

  constructor(private readonly world: World) {
    this.table = new TupleTable(world.scheduler);
  }

  /** Entries that are alive, the oldest first. */
  list(): readonly Connection[] {
    return this.table.list();
  }

  remove(connection: Connection): void {
    connection.status |= STATUS_DYING;
    this.table.remove(connection);
  }

  /** Whether another connection has packets with this tuple (nf_conntrack_tuple_taken). */
  isTaken(tuple: Tuple, by: Connection): boolean {
    const found = this.table.find(tuple);
    return found !== null && found.connection !== by;
  }

  /** Finds or makes the connection of a packet (nf_conntrack_in). It always accepts: a packet without one is invalid, and only rules drop it. */
  track(packet: Packet): Verdict {
    if (packet.connection !== null || packet.connectionInfo === UNTRACKED) return "accept";
    const { bytes, network, end } = packet;
    packet.elapsed += this.world.costs.conntrack;
    const { probe } = this;
    if (!extractTuple(probe, bytes, network, end)) {
      this.relate(packet);
      return "accept";
    }
    const found = this.table.find(probe);
    if (found === null) this.begin(packet, probe);
    else this.advance(packet, found);
    return "accept";
  }

  /** The last step of a new connection's first packet: now others find it (nf_conntrack_confirm). */
  confirm(packet: Packet): Verdict {
    const connection = packet.connection as Connection | null;
    if (connection === null || (connection.status & STATUS_CONFIRMED) !== 0) return "accept";
    if (this.table.find(connection.original) !== null || this.table.find(connection.reply) !== null)
      return "drop";
    connection.status |= STATUS_CONFIRMED;
    this.table.add(connection);
    return "accept";
  }

  /** ICMP errors belong to the connection of the packet that they quote; anything else without a tuple is invalid. */
  private relate(packet: Packet): void {
    const { bytes, network, end } = packet;
    const at = network + ipv4HeaderLength(bytes, network);
    if (ipv4.protocol.get(bytes, network) !== IPPROTO_ICMP || ipv4.fragmentOffset.get(bytes, network) !== 0)
      return;
    if (end - at < ICMP_LENGTH + IPV4_LENGTH || !isIcmpError(icmp.type.get(bytes, at))) return;
    if (!extractTuple(this.probe, bytes, at + ICMP_LENGTH, end)) return;
    this.inner.invert(this.probe);
    const found = this.table.find(this.inner);
    if (found === null || found.destination !== ipv4.destination.get(bytes, network)) return;
    packet.connection = found.connection;
    packet.connectionInfo = found.direction === REPLY ? RELATED_REPLY : RELATED;
  }

  private begin(packet: Packet, tuple: Tuple): void {
    const connection = new Connection(this.nextId);
    connection.original.copy(tuple);
    connection.reply.invert(tuple);
    if (!this.open(packet, connection)) return;
    this.nextId++;
    packet.elapsed += this.world.costs.conntrackNew;
    packet.connection = connection;
    packet.connectionInfo = NEW;
  }

  /** What a first packet must be, and how long the entry lives. */
  private open(packet: Packet, connection: Connection): boolean {
    const { now } = this.world.scheduler;
    switch (connection.protocol) {
      case IPPROTO_TCP:
        return openTcp(connection, packet, now);
      case IPPROTO_UDP:
        connection.expiresAt = now + UDP_TIMEOUT;
        connection.streamAt = now + UDP_STREAM_AFTER;
        return true;
      case IPPROTO_ICMP:
        connection.expiresAt = now + ICMP_TIMEOUT;
        return connection.original.icmpType === 8 || connection.original.icmpType % 2 === 1;
      default:
        connection.expiresAt = now + GENERIC_TIMEOUT;
        return true;
    }
  }

  private advance(packet: Packet, found: Tuple): void {
    const connection = found.connection!;
    const { now } = this.world.scheduler;
    const reply = found.direction === REPLY;
    const seen = (connection.status & STATUS_SEEN_REPLY) !== 0;
    if (connection.protocol === IPPROTO_TCP) {
      const outcome = acceptTcp(connection, packet, found.direction, now);
      if (outcome === INVALID_SEGMENT) return;
      if (outcome === REOPEN) {
        this.remove(connection);
        this.begin(packet, this.probe);
        return;
      }
      if ((connection.status & STATUS_DYING) !== 0) this.table.remove(connection);
    } else if (connection.protocol === IPPROTO_UDP) refreshUdp(connection, seen, now);
    else connection.expiresAt = now + (connection.protocol === IPPROTO_ICMP ? ICMP_TIMEOUT : GENERIC_TIMEOUT);
    packet.connection = connection;
    packet.connectionInfo = reply ? ESTABLISHED_REPLY : seen ? ESTABLISHED : NEW;
    if (reply) connection.status |= STATUS_SEEN_REPLY;
  }
}

/** nf_conntrack_udp_packet: after two seconds of traffic both ways it is a stream, and assured. */
function refreshUdp(connection: Connection, seen: boolean, now: number): void {
  const stream = seen && now > connection.streamAt;
  connection.expiresAt = now + (stream ? UDP_STREAM_TIMEOUT : UDP_TIMEOUT);
  if (stream) connection.status |= STATUS_ASSURED;
}
