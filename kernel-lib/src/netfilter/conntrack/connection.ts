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

/** One direction of a connection: what identifies its packets. For ICMP queries the ports hold the identifier. */
export class Tuple {
  source: Ipv4 = 0;
  destination: Ipv4 = 0;
  sourcePort = 0;
  destinationPort = 0;
  protocol = 0;
  /** ICMP only. */
  icmpType = 0;
  icmpCode = 0;
  /** The next entry of the same bucket. */
  next: Tuple | null = null;

  constructor(
    /** Null for a tuple that only serves to look up. */
    readonly connection: Connection | null,
    readonly direction: number,
  ) {}

  copy(from: Tuple): void {
    this.source = from.source;
    this.destination = from.destination;
    this.sourcePort = from.sourcePort;
    this.destinationPort = from.destinationPort;
    this.protocol = from.protocol;
    this.icmpType = from.icmpType;
    this.icmpCode = from.icmpCode;
  }

  /** Takes the opposite direction of `from` (nf_ct_invert_tuple). */
  invert(from: Tuple): void {
    this.source = from.destination;
    this.destination = from.source;
    this.protocol = from.protocol;
    if (from.protocol === 1) {
      this.sourcePort = from.sourcePort;
      this.destinationPort = from.destinationPort;
      this.icmpType = inverseIcmpType(from.icmpType);
      this.icmpCode = from.icmpCode;
    } else {
      this.sourcePort = from.destinationPort;
      this.destinationPort = from.sourcePort;
      this.icmpType = 0;
      this.icmpCode = 0;
    }
  }

  equals(other: Tuple): boolean {
    return (
      this.destinationPort === other.destinationPort &&
      this.sourcePort === other.sourcePort &&
      this.source === other.source &&
      this.destination === other.destination &&
      this.protocol === other.protocol &&
      this.icmpType === other.icmpType &&
      this.icmpCode === other.icmpCode
    );
  }

  hash(): number {
    let hash = Math.imul(this.source, 0x9e3779b1) ^ Math.imul(this.destination, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ (this.sourcePort << 16) ^ this.destinationPort;
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
