import type { Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";
import type { Packet } from "../../wire/packet.js";
import { ORIGINAL, REPLY } from "./directions.js";
import { TCP_NONE } from "./tcp-states.js";
import type { TcpTracking } from "./tcp-tracking.js";

export { ORIGINAL, REPLY };

/** enum ip_conntrack_info: how a packet relates to its connection. From REPLY up the packet goes in the reply direction. */
export const ESTABLISHED = 0;
export const RELATED = 1;
export const NEW = 2;
export const ESTABLISHED_REPLY = 3;
export const RELATED_REPLY = 4;
export const UNTRACKED = 7;

/** enum ip_conntrack_status, the bits in use. */
export const STATUS_EXPECTED = 1 << 0;
export const STATUS_SEEN_REPLY = 1 << 1;
export const STATUS_ASSURED = 1 << 2;
export const STATUS_CONFIRMED = 1 << 3;
export const STATUS_SRC_NAT = 1 << 4;
export const STATUS_DST_NAT = 1 << 5;
export const STATUS_SRC_NAT_DONE = 1 << 7;
export const STATUS_DST_NAT_DONE = 1 << 8;
export const STATUS_DYING = 1 << 9;

export const STATUS_NAT_MASK = STATUS_SRC_NAT | STATUS_DST_NAT;

/** What has happened to a connection since its listeners were last told (IPCT_*). */
export const EVENT_REPLY = 1 << 0;
export const EVENT_ASSURED = 1 << 1;
export const EVENT_PROTOCOL = 1 << 2;
export const EVENT_MARK = 1 << 3;

/**
 * One direction of a connection: what identifies its packets. For ICMP queries the ports hold the identifier. Kept as four signed 32-bit words, which lie in
 * the object itself: a table of many connections is walked with few misses of the processor's cache.
 */
export class Tuple {
  private from = 0;
  private to = 0;
  /** Source port in the upper half, destination port in the lower. */
  private ports = 0;
  /** ICMP type in the upper half, then its code, then the protocol. */
  private kind = 0;
  /** The next entry of the same bucket. */
  next: Tuple | null = null;

  constructor(
    /** Null for a tuple that only serves to look up. */
    readonly connection: Connection | null,
    readonly direction: number,
  ) {}

  get source(): Ipv4 {
    return this.from >>> 0;
  }

  set source(address: Ipv4) {
    this.from = address | 0;
  }

  get destination(): Ipv4 {
    return this.to >>> 0;
  }

  set destination(address: Ipv4) {
    this.to = address | 0;
  }

  get sourcePort(): number {
    return this.ports >>> 16;
  }

  set sourcePort(port: number) {
    this.ports = (port << 16) | (this.ports & 0xffff);
  }

  get destinationPort(): number {
    return this.ports & 0xffff;
  }

  set destinationPort(port: number) {
    this.ports = (this.ports & ~0xffff) | port;
  }

  get protocol(): number {
    return this.kind & 0xff;
  }

  /** ICMP only: -1 for the answer to a message that has none. */
  get icmpType(): number {
    return this.kind >> 16;
  }

  set icmpType(type: number) {
    this.kind = (type << 16) | (this.kind & 0xffff);
  }

  /** ICMP only. */
  get icmpCode(): number {
    return (this.kind >>> 8) & 0xff;
  }

  set icmpCode(code: number) {
    this.kind = (this.kind & ~0xff00) | (code << 8);
  }

  /** Sets all of it. */
  fill(
    source: Ipv4,
    destination: Ipv4,
    sourcePort: number,
    destinationPort: number,
    protocol: number,
    icmpType = 0,
    icmpCode = 0,
  ): void {
    this.from = source | 0;
    this.to = destination | 0;
    this.ports = (sourcePort << 16) | destinationPort;
    this.kind = (icmpType << 16) | (icmpCode << 8) | protocol;
  }

  copy(other: Tuple): void {
    this.from = other.from;
    this.to = other.to;
    this.ports = other.ports;
    this.kind = other.kind;
  }

  /** Takes the opposite direction of `other` (nf_ct_invert_tuple). */
  invert(other: Tuple): void {
    const { from, to, ports, protocol } = other;
    this.from = to;
    this.to = from;
    if (protocol === 1) {
      this.ports = ports;
      this.kind = (inverseIcmpType(other.icmpType) << 16) | (other.icmpCode << 8) | protocol;
    } else {
      this.ports = (ports << 16) | (ports >>> 16);
      this.kind = protocol;
    }
  }

  equals(other: Tuple): boolean {
    return (
      this.ports === other.ports &&
      this.from === other.from &&
      this.to === other.to &&
      this.kind === other.kind
    );
  }

  hash(): number {
    let hash = Math.imul(this.from, 0x9e3779b1) ^ Math.imul(this.to, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ this.ports;
    hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f) ^ this.protocol;
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

/** The answer's type of an ICMP query: 8↔0, 13↔14, 15↔16, 17↔18; -1 for others. */
export function inverseIcmpType(type: number): number {
  switch (type) {
    case 8:
      return 0;
    case 0:
      return 8;
    case 13:
    case 15:
    case 17:
      return type + 1;
    case 14:
    case 16:
    case 18:
      return type - 1;
    default:
      return -1;
  }
}

/** Packets and bytes of one direction (nf_conn_counter); bytes of whole IPv4 packets. */
export interface TrafficCounter {
  packets: number;
  bytes: number;
}

/** A tracked connection (nf_conn): two tuples, of which NAT changes the reply's. */
export class Connection {
  readonly original = new Tuple(this, ORIGINAL);
  readonly reply = new Tuple(this, REPLY);
  status = 0;
  mark = 0;
  /** Virtual time at which it is forgotten. */
  expiresAt: Nanoseconds = 0;
  /** State and windows, for TCP only. */
  tcp: TcpTracking | null = null;
  /** UDP: from when a flow that is still active counts as a stream. */
  streamAt: Nanoseconds = 0;
  /** EVENT_* not told yet. */
  news = 0;
  /** Whether listeners hear of it: someone listened when it began, or nf_conntrack_events is 1. */
  heard = false;
  /** Counters of the original direction and of the reply's, with nf_conntrack_acct. */
  traffic: readonly [TrafficCounter, TrafficCounter] | null = null;
  /** Virtual times of confirmation and end, with nf_conntrack_timestamp; -1 without. */
  startedAt: Nanoseconds = -1;
  stoppedAt: Nanoseconds = -1;
  /** Index of the device behind which MASQUERADE has put it; 0 for none. */
  masqueradeIndex = 0;
  /** The next connection with a source of the same hash (nat_bysource). */
  nextBySource: Connection | null = null;

  constructor(
    /** Order of creation, for listings. */
    readonly id: number,
  ) {}

  get protocol(): number {
    return this.original.protocol;
  }

  get tcpState(): number {
    return this.tcp === null ? TCP_NONE : this.tcp.state;
  }

  tuple(direction: number): Tuple {
    return direction === ORIGINAL ? this.original : this.reply;
  }
}

/** The connection of a packet, or null when it is invalid, untracked or nothing is tracked. */
export function connectionOf(packet: Packet): Connection | null {
  return packet.connection as Connection | null;
}

export function isReply(info: number): boolean {
  return info >= ESTABLISHED_REPLY && info !== UNTRACKED;
}
