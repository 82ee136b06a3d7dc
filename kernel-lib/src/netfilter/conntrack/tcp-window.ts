import { TCP_ACK, TCP_RST, TCP_SYN } from "../../wire/tcp.js";
import { REPLY } from "./directions.js";
import { after, before, highestSack, readSynOptions, type Segment } from "./tcp-segment.js";
import { ACK_SET, TCP_SYN_RECV, TCP_SYN_SENT } from "./tcp-states.js";
import {
  SIDE_DATA_UNACKNOWLEDGED,
  SIDE_LIBERAL,
  SIDE_MAX_ACK_SET,
  SIDE_SACK,
  SIDE_SCALES,
  type TcpSide,
  type TcpTracking,
} from "./tcp-tracking.js";

export const IN_WINDOW = 0;
/** Out of the window, but harmless: the packet passes and changes nothing. */
export const OUT_OF_WINDOW = 1;
export const OUTSIDE = 2;
/** Out of the window, but nobody minds: a connection picked up in its middle, or nf_conntrack_tcp_be_liberal. */
const LET_PASS = 3;

/** How far behind the last byte seen an acknowledgement may be (MAXACKWINCONST). */
const LATEST_ACK = 66_000;

/** A SYN begins a side anew (tcp_init_sender). Scaling needs both sides (RFC 7323 §2.2). */
function beginSide(sender: TcpSide, receiver: TcpSide, segment: Segment, direction: number): void {
  sender.end = segment.end;
  sender.maxEnd = segment.end;
  sender.maxWindow = segment.window === 0 ? 1 : segment.window;
  readSynOptions(segment, sender);
  if (direction === REPLY && (sender.flags & receiver.flags & SIDE_SCALES) === 0) {
    sender.scale = 0;
    receiver.scale = 0;
  }
}

/** A side whose beginning was not seen: what its first packet tells must do. */
function pickUp(sender: TcpSide, receiver: TcpSide, segment: Segment, sack: number): void {
  sender.end = segment.end;
  const window = segment.window << sender.scale;
  sender.maxWindow = window === 0 ? 1 : window;
  sender.maxEnd = (segment.end + sender.maxWindow) | 0;
  if (receiver.maxWindow === 0) {
    receiver.end = sack;
    receiver.maxEnd = sack;
  } else if (sack === ((receiver.end + 1) | 0)) receiver.end = sack;
}

function refuse(
  segment: Segment,
  sender: TcpSide,
  liberal: boolean,
  verdict: number,
  complaint: string,
): number {
  if (liberal || (sender.flags & SIDE_LIBERAL) !== 0) return LET_PASS;
  segment.complaint = complaint;
  return verdict;
}

/**
 * Whether a segment fits what both sides have announced (tcp_in_window; after van Rooij, "Real Stateful TCP Packet Filtering"): it must not begin after what
 * the receiver allows, nor end before what it may still ask for, nor acknowledge what was not sent. What a fitting segment tells is kept.
 */
export function inWindow(
  tracking: TcpTracking,
  direction: number,
  segment: Segment,
  liberal: boolean,
): number {
  const sender = direction === REPLY ? tracking.replySide : tracking.originalSide;
  const receiver = direction === REPLY ? tracking.originalSide : tracking.replySide;
  const { flags } = segment;
  const acks = (flags & TCP_ACK) !== 0;
  let { sequence, end, acknowledgement: ack } = segment;
  let sack = (receiver.flags & SIDE_SACK) !== 0 ? highestSack(segment) : ack;
  if (meet(tracking, sender, receiver, segment, direction, sack)) return IN_WINDOW;
  // Without an acknowledgement, or in a reset with 0 there, the best is assumed.
  if (!acks || ((flags & TCP_RST) !== 0 && ack === 0)) {
    ack = receiver.end;
    sack = ack;
  }
  // A reset that answers a SYN.
  if ((flags & TCP_RST) !== 0 && sequence === 0 && tracking.state === TCP_SYN_SENT) {
    sequence = sender.end;
    end = sequence;
  }
  const verdict = check(segment, sender, receiver, sequence, end, sack, liberal);
  if (verdict !== IN_WINDOW) return verdict === LET_PASS ? IN_WINDOW : verdict;
  learn(sender, receiver, segment, end, ack, sack);
  if (segment.index === ACK_SET) countRepeats(tracking, direction, sequence, ack, end, segment.window);
  return IN_WINDOW;
}

/** The first packet of a side, or a SYN that begins it anew. True when nothing is left to check (simultaneous open). */
function meet(
  tracking: TcpTracking,
  sender: TcpSide,
  receiver: TcpSide,
  segment: Segment,
  direction: number,
  sack: number,
): boolean {
  const syn = (segment.flags & TCP_SYN) !== 0;
  const acks = (segment.flags & TCP_ACK) !== 0;
  if (sender.maxWindow === 0) {
    if (!syn) {
      pickUp(sender, receiver, segment, sack);
      return false;
    }
    beginSide(sender, receiver, segment, direction);
    return !acks;
  }
  const opening = tracking.state === TCP_SYN_SENT || tracking.state === TCP_SYN_RECV;
  if (!syn || !opening || !after(segment.end, sender.end)) return false;
  beginSide(sender, receiver, segment, direction);
  return direction === REPLY && !acks;
}

function check(
  segment: Segment,
  sender: TcpSide,
  receiver: TcpSide,
  sequence: number,
  end: number,
  sack: number,
  liberal: boolean,
): number {
  const highestAck = (receiver.end + 1) | 0;
  const lowestAck = (receiver.end - Math.max(sender.maxWindow, LATEST_ACK) - 1) | 0;
  const lowestEnd = (sender.end - receiver.maxWindow - 1) | 0;
  const highestStart = (sender.maxEnd + 1) | 0;
  if (!before(sequence, highestStart)) {
    const overshot = (end - sender.maxEnd + 1) >>> 0;
    const known = receiver.maxWindow !== 0 && after(end, lowestEnd) && after(sack, lowestAck);
    if (known && overshot <= receiver.maxWindow && before(sack, highestAck)) {
      // Some stacks send more than they may: if the rules let it pass, its acknowledgement must be valid.
      sender.end = end;
      sender.flags |= SIDE_DATA_UNACKNOWLEDGED;
      return refuse(segment, sender, liberal, OUT_OF_WINDOW, `${overshot} bytes more than expected`);
    }
    const text = `SEQ is over upper bound ${highestStart >>> 0} (over the window of the receiver)`;
    return refuse(segment, sender, liberal, OUTSIDE, text);
  }
  if (!before(sack, highestAck)) {
    const text = `ACK is over upper bound ${highestAck >>> 0} (ACKed data not seen yet)`;
    return refuse(segment, sender, liberal, OUTSIDE, text);
  }
  if (receiver.maxWindow !== 0 && !after(end, lowestEnd)) {
    const text = `SEQ is under lower bound ${lowestEnd >>> 0} (already ACKed data retransmitted)`;
    return refuse(segment, sender, liberal, OUT_OF_WINDOW, text);
  }
  if (after(sack, lowestAck)) return IN_WINDOW;
  const text = `ignored ACK under lower bound ${lowestAck >>> 0} (possible overly delayed)`;
  return refuse(segment, sender, liberal, OUT_OF_WINDOW, text);
}

/** What a fitting segment tells about its sender's data and its receiver's room. */
function learn(
  sender: TcpSide,
  receiver: TcpSide,
  segment: Segment,
  end: number,
  ack: number,
  sack: number,
): void {
  const window = (segment.flags & TCP_SYN) !== 0 ? segment.window : segment.window << sender.scale;
  const reach = window + ((sack - ack) | 0);
  if (sender.maxWindow < reach) sender.maxWindow = reach;
  if (after(end, sender.end)) {
    sender.end = end;
    sender.flags |= SIDE_DATA_UNACKNOWLEDGED;
  }
  if ((segment.flags & TCP_ACK) !== 0) {
    if ((sender.flags & SIDE_MAX_ACK_SET) === 0 || after(ack, sender.maxAck)) sender.maxAck = ack;
    sender.flags |= SIDE_MAX_ACK_SET;
  }
  if (receiver.maxWindow !== 0 && after(end, sender.maxEnd)) receiver.maxWindow += (end - sender.maxEnd) | 0;
  const limit = (sack + window) | 0;
  if (after(limit, (receiver.maxEnd - 1) | 0)) receiver.maxEnd = window === 0 ? (limit + 1) | 0 : limit;
  if (ack === receiver.end) receiver.flags &= ~SIDE_DATA_UNACKNOWLEDGED;
}

/** The same acknowledgement again and again: the other side is not there any more. */
function countRepeats(
  tracking: TcpTracking,
  direction: number,
  sequence: number,
  ack: number,
  end: number,
  window: number,
): void {
  if (
    tracking.lastDirection === direction &&
    tracking.lastSequence === sequence &&
    tracking.lastAck === ack &&
    tracking.lastEnd === end &&
    tracking.lastWindow === window
  ) {
    tracking.repeats++;
    return;
  }
  tracking.lastDirection = direction;
  tracking.lastSequence = sequence;
  tracking.lastAck = ack;
  tracking.lastEnd = end;
  tracking.lastWindow = window;
  tracking.repeats = 0;
}
