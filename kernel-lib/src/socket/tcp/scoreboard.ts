import type { Nanoseconds } from "../../base/units.js";
import { type Position, Ranges } from "./position.js";

/** One packet of the retransmission queue: a range that was sent together and is not acknowledged. */
export interface Sent {
  start: Position;
  end: Position;
  /** Segments that it has on the wire (tcp_skb_pcount). */
  segments: number;
  /** When it left last. */
  sentAt: Nanoseconds;
  /** The peer has reported it (TCPCB_SACKED_ACKED). */
  sacked: boolean;
  /** It counts as lost (TCPCB_LOST). */
  lost: boolean;
  /** It has been sent again since it was lost (TCPCB_SACKED_RETRANS). */
  repeated: boolean;
  /** It was sent more than once at any time: what comes back about it is ambiguous (TCPCB_EVER_RETRANS). */
  ambiguous: boolean;
}

/** Acknowledged entries at the front of the queue that are kept before it is moved up. */
const SLACK = 64;

/**
 * What the sender knows about its packets in flight (the retransmission queue of tcp_sock): when each left, what the peer has reported, what
 * counts as lost and what was sent again. Which packets are lost is told by time (RACK, RFC 8985: see {@link markLost}); without SACK by duplicate
 * acknowledgements (RFC 6582).
 */
export class Scoreboard {
  /** Not null while a loss is repaired: recovery ends when everything below `end` is acknowledged. */
  repair: "recovery" | "loss" | null = null;
  end: Position = 0;
  /** Duplicate acknowledgements in a row; each stands for one segment that left the network. Only without SACK. */
  duplicates = 0;
  /** Segments that are lost and not yet sent again. */
  waiting = 0;
  /** Segments in the queue, and those of them that the peer has reported (packets_out, sacked_out). */
  segments = 0;
  reported = 0;
  /** What the peer has reported beyond what it acknowledges. */
  readonly sacked = new Ranges();
  /** Packets arrived in another order than they were sent in. */
  reordered = false;
  private queue: Sent[] = [];
  private first = 0;
  private highest: Position = Number.NEGATIVE_INFINITY;
  /** Of all packets that have arrived, the one that left last: when, its end, and the round trip it took. */
  private latestAt: Nanoseconds = Number.NEGATIVE_INFINITY;
  private latestEnd: Position = 0;
  private latestTrip: Nanoseconds = 0;
  private latestMoved = false;

  /** The oldest packet that is not acknowledged. */
  get oldest(): Sent | undefined {
    return this.queue[this.first];
  }

  get newest(): Sent | undefined {
    return this.queue.length > this.first ? this.queue.at(-1) : undefined;
  }

  /** The last segment in flight, cut from the packet that it left in. */
  lastSegment(mss: number): Sent | undefined {
    const packet = this.newest;
    if (packet === undefined) return undefined;
    const before = Math.ceil((packet.end - packet.start) / mss) - 1;
    if (before > 0) this.split(this.queue.length - 1, packet.start + before * mss);
    return this.newest;
  }

  /** Segments that are believed to be in the network: small ones count as large ones do (tcp_packets_in_flight). */
  get inFlight(): number {
    return Math.max(0, this.segments - this.reported - this.duplicates - this.waiting);
  }

  /** New data left. */
  sent(start: Position, end: Position, mss: number, sentAt: Nanoseconds): void {
    const segments = Math.ceil((end - start) / mss);
    this.segments += segments;
    const unknown = { sacked: false, lost: false, repeated: false, ambiguous: false };
    this.queue.push({ start, end, segments, sentAt, ...unknown });
  }

  /** `packet`, as far as `to`, leaves again. */
  repeat(packet: Sent, to: Position, now: Nanoseconds): void {
    if (to < packet.end) this.split(this.indexOf(packet.start), to);
    if (isWaiting(packet)) this.waiting -= packet.segments;
    packet.repeated = packet.lost;
    packet.ambiguous = true;
    packet.sentAt = now;
  }

  /** The first packet that is lost and not sent again. */
  get hole(): Sent | undefined {
    if (this.waiting === 0) return undefined;
    for (let i = this.first; i < this.queue.length; i++) {
      const packet = this.queue[i]!;
      if (isWaiting(packet)) return packet;
    }
    return undefined;
  }

  /** Everything before `una` has arrived. Gives how many segments that were. */
  acknowledged(una: Position, now: Nanoseconds, least: Nanoseconds): number {
    const { queue } = this;
    const before = this.segments;
    for (let packet = this.oldest; packet !== undefined && packet.start < una; packet = this.oldest) {
      if (una < packet.end) this.split(this.first, una);
      if (isWaiting(packet)) this.waiting -= packet.segments;
      if (packet.sacked) this.reported -= packet.segments;
      else {
        if (!packet.ambiguous && packet.start < this.highest) this.reordered = true;
        this.arrived(packet, now, least);
      }
      this.segments -= packet.segments;
      this.first++;
    }
    if (this.first > SLACK && this.first * 2 > queue.length) {
      this.queue = queue.slice(this.first);
      this.first = 0;
    }
    this.sacked.dropBelow(una);
    return before - this.segments;
  }

  /** The peer reports a range. True when it was not known. */
  report(start: Position, end: Position, now: Nanoseconds, least: Nanoseconds): boolean {
    const before = this.highest;
    let any = false;
    for (let at = start; at < end; ) {
      const known = this.sacked.indexOf(at);
      if (known >= 0) {
        at = this.sacked.ends[known]!;
        continue;
      }
      const next = this.sacked.starts.find((other) => other > at) ?? end;
      const to = Math.min(end, next);
      this.mark(at, to, now, least, before);
      any = true;
      at = to;
    }
    if (any) this.sacked.add(start, end);
    this.highest = Math.max(this.highest, end);
    return any;
  }

  private mark(
    start: Position,
    end: Position,
    now: Nanoseconds,
    least: Nanoseconds,
    highest: Position,
  ): void {
    let i = this.indexOf(start);
    if (i < 0) return;
    if (this.queue[i]!.start < start) this.split(i++, start);
    for (; i < this.queue.length && this.queue[i]!.start < end; i++) {
      const packet = this.queue[i]!;
      if (packet.end > end) this.split(i, end);
      if (isWaiting(packet)) this.waiting -= packet.segments;
      if (!packet.ambiguous && packet.end <= highest) this.reordered = true;
      packet.sacked = true;
      this.reported += packet.segments;
      this.arrived(packet, now, least);
    }
  }

  /** A packet has arrived (tcp_rack_advance). The answer to one that was sent twice too soon after the second time is that to the first. */
  private arrived(packet: Sent, now: Nanoseconds, least: Nanoseconds): void {
    const trip = now - packet.sentAt;
    if (packet.ambiguous && trip < least) return;
    this.latestMoved = true;
    this.latestTrip = trip;
    if (!this.leftAfterLatest(packet)) {
      this.latestAt = packet.sentAt;
      this.latestEnd = packet.end;
    }
  }

  private leftAfterLatest({ sentAt, end }: Sent): boolean {
    return sentAt < this.latestAt || (sentAt === this.latestAt && end < this.latestEnd);
  }

  /**
   * A packet is lost when one that left after it has arrived, and it has had a round trip and the time `reordering` more (tcp_rack_detect_loss).
   * Gives how long to wait for the packets whose time is not over; 0 for no wait.
   */
  markLost(now: Nanoseconds, reordering: Nanoseconds): Nanoseconds {
    if (!this.latestMoved) return 0;
    let wait = 0;
    for (let i = this.first; i < this.queue.length; i++) {
      const packet = this.queue[i]!;
      const earlier = this.leftAfterLatest(packet);
      if (!earlier && !packet.ambiguous) break;
      if (!earlier || packet.sacked || isWaiting(packet)) continue;
      const left = packet.sentAt + this.latestTrip + reordering - now;
      if (left <= 0) this.lose(packet);
      else wait = Math.max(wait, left);
    }
    this.latestMoved = wait > 0;
    return wait;
  }

  private lose(packet: Sent): void {
    if (packet.sacked || isWaiting(packet)) return;
    packet.lost = true;
    packet.repeated = false;
    this.waiting += packet.segments;
  }

  /** The first packet is lost: what duplicate acknowledgements say where there is no SACK, at most one segment of it. */
  loseFirst(mss: number): void {
    const packet = this.oldest;
    if (packet === undefined || packet.lost) return;
    if (packet.end - packet.start > mss) this.split(this.first, packet.start + mss);
    this.lose(packet);
  }

  /** Everything in flight from `from` on that was not reported counts as lost, also what was sent again already. */
  loseAll(from: Position): void {
    for (let i = this.first; i < this.queue.length; i++)
      if (this.queue[i]!.end > from) this.lose(this.queue[i]!);
  }

  enterRepair(repair: "recovery" | "loss", next: Position): void {
    this.repair = repair;
    this.end = next;
    if (repair === "loss") this.duplicates = 0;
  }

  leaveRepair(): void {
    this.repair = null;
    this.duplicates = 0;
  }

  /** Index of the packet that holds `position`, or -1. */
  private indexOf(position: Position): number {
    const { queue } = this;
    let low = this.first;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (queue[middle]!.end <= position) low = middle + 1;
      else high = middle;
    }
    return low < queue.length && queue[low]!.start <= position ? low : -1;
  }

  /** Cuts a packet in two; both together may have a segment more than before (tcp_fragment). */
  private split(index: number, at: Position): void {
    const packet = this.queue[index]!;
    const size = (packet.end - packet.start) / packet.segments;
    const rest = { ...packet, start: at, segments: Math.max(1, Math.round((packet.end - at) / size)) };
    const head = Math.max(1, packet.segments - rest.segments);
    const more = head + rest.segments - packet.segments;
    this.segments += more;
    if (packet.sacked) this.reported += more;
    if (isWaiting(packet)) this.waiting += more;
    packet.end = at;
    packet.segments = head;
    this.queue.splice(index + 1, 0, rest);
  }
}

/** It is lost, and has not left again. */
function isWaiting({ lost, repeated, sacked }: Sent): boolean {
  return lost && !repeated && !sacked;
}
