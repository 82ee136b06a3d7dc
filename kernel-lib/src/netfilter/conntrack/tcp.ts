import { seconds } from "../../base/units.js";
import { TCP_RST } from "../../wire/tcp.js";
import {
  type Connection,
  EVENT_ASSURED,
  EVENT_PROTOCOL,
  STATUS_ASSURED,
  STATUS_SEEN_REPLY,
} from "./connection.js";
import { ORIGINAL, REPLY } from "./directions.js";
import type { ConntrackSettings } from "./settings.js";
import { before, readSynOptions, type Segment } from "./tcp-segment.js";
import {
  ACK_SET,
  FIN_SET,
  RST_SET,
  SYN_SET,
  SYNACK_SET,
  TCP_CLOSE,
  TCP_ESTABLISHED,
  TCP_FIN_WAIT,
  TCP_IGNORE,
  TCP_INVALID,
  TCP_LAST_ACK,
  TCP_NONE,
  TCP_STATE_NAMES,
  TCP_SYN_RECV,
  TCP_SYN_SENT,
  TCP_SYN_SENT2,
  TCP_TIME_WAIT,
  TCP_TRANSITIONS,
} from "./tcp-states.js";
import {
  EXPECT_CHALLENGE_ACK,
  SIDE_CLOSES,
  SIDE_DATA_UNACKNOWLEDGED,
  SIDE_LIBERAL,
  SIDE_MAX_ACK_SET,
  SIDE_SACK,
  SIDE_SCALES,
  SIMULTANEOUS_OPEN,
  TcpSide,
  TcpTracking,
} from "./tcp-tracking.js";
import { inWindow, OUT_OF_WINDOW, OUTSIDE } from "./tcp-window.js";

/** What becomes of a segment. */
export const SEGMENT_TAKEN = 0;
/** It passes and changes nothing: neither the state nor the time that is left. */
export const SEGMENT_IGNORED = 1;
export const SEGMENT_INVALID = 2;
/** The old entry goes, and the segment begins a new one. */
export const SEGMENT_REOPENS = 3;
/** The entry goes with it: a reset, and never an answer. */
export const SEGMENT_KILLS = 4;

/** The flags that may stand together, without PSH, ECE and CWR: SYN, SYN URG, SYN ACK, RST, RST ACK, FIN ACK, FIN ACK URG, ACK, ACK URG. */
const VALID_FLAGS: ReadonlySet<number> = new Set([0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30]);

/** Below this the time that is left is not lowered any more. */
const LONG = seconds(120);

/** Whether a segment's flags can stand together (tcp_error). */
export function flagsAreValid(flags: number): boolean {
  return VALID_FLAGS.has(flags & 0x37);
}

/** A first segment: a SYN, or (nf_conntrack_tcp_loose) one of a connection that is under way (tcp_new). False when it can begin nothing. */
export function openTcp(connection: Connection, segment: Segment, settings: ConntrackSettings): boolean {
  const state = TCP_TRANSITIONS[ORIGINAL]![segment.index]![TCP_NONE]!;
  if (state >= TCP_INVALID) return false;
  const tracking = new TcpTracking();
  const { originalSide, replySide } = tracking;
  originalSide.end = segment.end;
  originalSide.maxWindow = segment.window === 0 ? 1 : segment.window;
  if (state === TCP_SYN_SENT) {
    originalSide.maxEnd = segment.end;
    readSynOptions(segment, originalSide);
  } else {
    if (!settings.tcpLoose) return false;
    originalSide.maxEnd = (segment.end + originalSide.maxWindow) | 0;
    originalSide.flags = SIDE_SACK | SIDE_LIBERAL;
    replySide.flags = SIDE_SACK | SIDE_LIBERAL;
  }
  connection.tcp = tracking;
  return true;
}

/** The states from which an entry may go early (tcp_can_early_drop). */
function isClosing(state: number): boolean {
  return state >= TCP_FIN_WAIT && state <= TCP_CLOSE;
}

/** Takes a segment into account (nf_conntrack_tcp_packet). `now` in nanoseconds. */
export function trackTcp(
  connection: Connection,
  segment: Segment,
  direction: number,
  settings: ConntrackSettings,
  now: number,
): number {
  const tracking = connection.tcp!;
  const { index } = segment;
  const old = tracking.state;
  let state = TCP_TRANSITIONS[direction]![index]![old]!;
  let from = old;
  let checks = true;
  if (state === TCP_ESTABLISHED && old === TCP_ESTABLISHED) {
    // By far the most: nothing to decide.
  } else if (state === TCP_IGNORE || (state === TCP_SYN_SENT && old >= TCP_TIME_WAIT)) {
    if (state === TCP_SYN_SENT && mayReopen(tracking, direction)) return SEGMENT_REOPENS;
    if (!agreesAfterAll(tracking, segment, direction)) return ignore(tracking, segment, direction, old);
    from = TCP_SYN_SENT;
    state = TCP_SYN_RECV;
  } else if (state === TCP_INVALID) {
    segment.complaint = `packet (index ${index}) in dir ${direction} invalid, state ${TCP_STATE_NAMES[old]}`;
    return SEGMENT_INVALID;
  } else if (state === TCP_TIME_WAIT) {
    if (isChallengeAck(tracking, segment, direction, old)) return SEGMENT_IGNORED;
  } else if (state === TCP_SYN_SENT2) tracking.lastFlags |= SIMULTANEOUS_OPEN;
  else if (state === TCP_SYN_RECV) {
    if (direction === REPLY && index === ACK_SET && (tracking.lastFlags & SIMULTANEOUS_OPEN) !== 0)
      state = TCP_ESTABLISHED;
  } else if (state === TCP_CLOSE && index === RST_SET) {
    const reset = judgeReset(connection, tracking, segment, direction, settings);
    if (reset === RESET_INVALID) {
      segment.complaint = "invalid rst";
      return SEGMENT_INVALID;
    }
    if ((reset & RESET_KEEPS) !== 0) state = old;
    checks = (reset & RESET_UNCHECKED) === 0;
  }
  if (checks) {
    const verdict = inWindow(tracking, direction, segment, settings.tcpLiberal);
    if (verdict === OUT_OF_WINDOW) return SEGMENT_IGNORED;
    if (verdict === OUTSIDE) {
      lowerTime(connection, tracking, index, direction, settings, now);
      return SEGMENT_INVALID;
    }
  }
  return settle(connection, tracking, segment, direction, from, state, settings, now);
}

/** A SYN after TIME_WAIT or CLOSE begins anew when one side had closed, or the client had reset it. */
function mayReopen(tracking: TcpTracking, direction: number): boolean {
  const closes = ((tracking.originalSide.flags | tracking.replySide.flags) & SIDE_CLOSES) !== 0;
  return closes || (tracking.lastDirection === direction && tracking.lastIndex === RST_SET);
}

/** A SYN-ACK to a SYN that was ignored: the two ends agree and we did not, so their values are taken. */
function agreesAfterAll(tracking: TcpTracking, segment: Segment, direction: number): boolean {
  if (
    segment.index !== SYNACK_SET ||
    tracking.lastIndex !== SYN_SET ||
    tracking.lastDirection === direction ||
    segment.acknowledgement !== tracking.lastEnd
  )
    return false;
  const opener = tracking.side(tracking.lastDirection);
  opener.end = tracking.lastEnd;
  opener.maxEnd = tracking.lastEnd;
  opener.maxWindow = tracking.lastWindow === 0 ? 1 : tracking.lastWindow;
  opener.scale = tracking.lastScale;
  tracking.lastFlags &= ~EXPECT_CHALLENGE_ACK;
  opener.flags = tracking.lastFlags;
  tracking.side(direction).reset();
  return true;
}

const seen = new TcpSide();

/** We may be out of step: the segment passes, and what it says is noted for the answer. */
function ignore(tracking: TcpTracking, segment: Segment, direction: number, old: number): number {
  const { index } = segment;
  tracking.lastIndex = index;
  tracking.lastDirection = direction;
  tracking.lastSequence = segment.sequence;
  tracking.lastEnd = segment.end;
  tracking.lastWindow = segment.window;
  if (index === SYN_SET && direction === ORIGINAL) {
    seen.flags = 0;
    seen.scale = 0;
    readSynOptions(segment, seen);
    tracking.lastFlags = seen.flags & (SIDE_SCALES | SIDE_SACK);
    tracking.lastScale = (seen.flags & SIDE_SCALES) !== 0 ? seen.scale : 0;
    if (old === TCP_LAST_ACK) tracking.lastFlags |= EXPECT_CHALLENGE_ACK;
  }
  if (old === TCP_SYN_SENT && index === ACK_SET && direction === REPLY)
    tracking.lastAck = segment.acknowledgement;
  segment.complaint = `packet (index ${index}) in dir ${direction} ignored, state ${TCP_STATE_NAMES[old]}`;
  return SEGMENT_IGNORED;
}

/** The ACK with which a host answers a spurious SYN (RFC 5961) does not acknowledge the last FIN. */
function isChallengeAck(tracking: TcpTracking, segment: Segment, direction: number, old: number): boolean {
  if (
    old !== TCP_LAST_ACK ||
    segment.index !== ACK_SET ||
    tracking.lastDirection === direction ||
    tracking.lastIndex !== SYN_SET ||
    (tracking.lastFlags & EXPECT_CHALLENGE_ACK) === 0
  )
    return false;
  tracking.lastFlags &= ~EXPECT_CHALLENGE_ACK;
  segment.complaint = "challenge-ack ignored";
  return true;
}

/** What a reset does: bits. */
const RESET_CLOSES = 0;
/** Not at the exact sequence number: the state stays, for the receiver may answer with a challenge ACK. */
const RESET_KEEPS = 1;
/** It answers a segment that was ignored: its window is not looked at. */
const RESET_UNCHECKED = 2;
const RESET_INVALID = 4;

function judgeReset(
  connection: Connection,
  tracking: TcpTracking,
  segment: Segment,
  direction: number,
  settings: ConntrackSettings,
): number {
  const { state, lastIndex } = tracking;
  if (isClosing(state)) return RESET_UNCHECKED;
  const other = direction === ORIGINAL ? tracking.replySide : tracking.originalSide;
  const assured = (connection.status & STATUS_ASSURED) !== 0;
  let keeps = RESET_CLOSES;
  if ((other.flags & SIDE_MAX_ACK_SET) !== 0 && lastIndex !== SYN_SET) {
    const established = state === TCP_ESTABLISHED && assured;
    const { sequence } = segment;
    if (sequence === 0 && !established) return RESET_CLOSES;
    if (before(sequence, other.maxAck) && !settings.tcpIgnoresInvalidReset) return RESET_INVALID;
    if (!established || sequence === other.maxAck) return RESET_CLOSES;
    // The end of a train: data, then a reset right behind it.
    if (lastIndex === ACK_SET && tracking.lastDirection === direction && sequence === tracking.lastEnd)
      return RESET_CLOSES;
    keeps = RESET_KEEPS;
  }
  const seenReply = (connection.status & STATUS_SEEN_REPLY) !== 0;
  const answers = (seenReply && lastIndex === SYN_SET) || (!assured && lastIndex === ACK_SET);
  if (answers && segment.acknowledgement === tracking.lastEnd) return keeps | RESET_UNCHECKED;
  const answersChallenge =
    state === TCP_SYN_SENT &&
    lastIndex === ACK_SET &&
    tracking.lastDirection === REPLY &&
    segment.sequence === tracking.lastAck;
  return answersChallenge ? keeps | RESET_UNCHECKED : keeps;
}

/** A FIN or RST out of the window, and one back: the connection is over, whatever we believe, so it need not stay for five days (nf_tcp_handle_invalid). */
function lowerTime(
  connection: Connection,
  tracking: TcpTracking,
  index: number,
  direction: number,
  settings: ConntrackSettings,
  now: number,
): void {
  if ((connection.status & STATUS_ASSURED) === 0 || (index !== RST_SET && index !== FIN_SET)) return;
  const { lastIndex } = tracking;
  if (tracking.lastDirection === direction || (lastIndex !== FIN_SET && lastIndex !== RST_SET)) {
    tracking.lastIndex = index;
    tracking.lastDirection = direction;
    return;
  }
  const left = connection.expiresAt - now;
  if (left >= LONG && left > settings.tcpUnacknowledged)
    connection.expiresAt = now + settings.tcpUnacknowledged;
}

/** The new state, and how long the entry lives in it. */
function settle(
  connection: Connection,
  tracking: TcpTracking,
  segment: Segment,
  direction: number,
  old: number,
  state: number,
  settings: ConntrackSettings,
  now: number,
): number {
  const { index } = segment;
  tracking.lastIndex = index;
  tracking.lastDirection = direction;
  tracking.state = state;
  if (old !== state) {
    if (state === TCP_FIN_WAIT) tracking.side(direction).flags |= SIDE_CLOSES;
    connection.news |= EVENT_PROTOCOL;
  }
  let timeout = timeoutOf(tracking, state, index, settings);
  if ((connection.status & STATUS_SEEN_REPLY) === 0) {
    if ((segment.flags & TCP_RST) !== 0) return SEGMENT_KILLS;
    // A SYN again does not renew: whoever uses the port again would keep the entry, and its NAT, for ever.
    if (index === SYN_SET && old === TCP_SYN_SENT) return SEGMENT_IGNORED;
    if (state === TCP_ESTABLISHED && timeout > settings.tcpUnacknowledged)
      timeout = settings.tcpUnacknowledged;
  } else if (
    (connection.status & STATUS_ASSURED) === 0 &&
    (old === TCP_SYN_RECV || old === TCP_ESTABLISHED) &&
    state === TCP_ESTABLISHED
  ) {
    connection.status |= STATUS_ASSURED;
    connection.news |= EVENT_ASSURED;
  }
  connection.expiresAt = now + timeout;
  return SEGMENT_TAKEN;
}

function timeoutOf(tracking: TcpTracking, state: number, index: number, settings: ConntrackSettings): number {
  const own = settings.tcpTimeouts[state]!;
  const { tcpMaxRetransmissions: retransmissions } = settings;
  if (tracking.repeats >= settings.tcpRepeats && own > retransmissions) return retransmissions;
  if (index === RST_SET) return settings.tcpTimeouts[TCP_CLOSE]!;
  const flags = tracking.originalSide.flags | tracking.replySide.flags;
  if ((flags & SIDE_DATA_UNACKNOWLEDGED) !== 0 && own > settings.tcpUnacknowledged)
    return settings.tcpUnacknowledged;
  return tracking.lastWindow === 0 && own > retransmissions ? retransmissions : own;
}
