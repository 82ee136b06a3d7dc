import { ORIGINAL } from "./directions.js";
import { NO_SET, TCP_NONE } from "./tcp-states.js";

/** Flags of a side (IP_CT_TCP_FLAG_*). */
export const SIDE_SCALES = 1 << 0;
export const SIDE_SACK = 1 << 1;
/** It was the first to send a FIN. */
export const SIDE_CLOSES = 1 << 2;
/** Its beginning was not seen: windows are not held against it. */
export const SIDE_LIBERAL = 1 << 3;
export const SIDE_DATA_UNACKNOWLEDGED = 1 << 4;
export const SIDE_MAX_ACK_SET = 1 << 5;

/** Flags of `lastFlags` besides those of a side (IP_CT_EXP_CHALLENGE_ACK, IP_CT_TCP_SIMULTANEOUS_OPEN). */
export const EXPECT_CHALLENGE_ACK = 1 << 6;
export const SIMULTANEOUS_OPEN = 1 << 7;

/** What is known of one side's sequence numbers (ip_ct_tcp_state), as signed 32-bit integers. */
export class TcpSide {
  /** One past the last byte that it has sent. */
  end = 0;
  /** One past the last byte that the other side has room for. */
  maxEnd = 0;
  /** Largest window that it has announced, scaled; 0 before its first packet. */
  maxWindow = 0;
  maxAck = 0;
  scale = 0;
  flags = 0;

  /** What was known is wrong (nf_ct_tcp_state_reset). */
  reset(): void {
    this.end = 0;
    this.maxEnd = 0;
    this.maxWindow = 0;
    this.maxAck = 0;
    this.scale = 0;
    this.flags &= SIDE_LIBERAL;
  }
}

/** The TCP part of a connection (ip_ct_tcp). */
export class TcpTracking {
  state = TCP_NONE;
  readonly originalSide = new TcpSide();
  readonly replySide = new TcpSide();
  lastDirection = ORIGINAL;
  /** Row of the table of states of the last segment. */
  lastIndex = NO_SET;
  lastSequence = 0;
  lastAck = 0;
  lastEnd = 0;
  lastWindow = 0;
  lastScale = 0;
  lastFlags = 0;
  /** How often the last acknowledgement has come again. */
  repeats = 0;

  side(direction: number): TcpSide {
    return direction === ORIGINAL ? this.originalSide : this.replySide;
  }
}
