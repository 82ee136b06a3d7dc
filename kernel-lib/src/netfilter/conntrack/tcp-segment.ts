import { ipv4HeaderLength } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import {
  TCP_FIN,
  TCP_LENGTH,
  TCP_SYN,
  TCPOPT_END,
  TCPOPT_NOP,
  TCPOPT_SACK,
  TCPOPT_SACK_PERMITTED,
  TCPOPT_WINDOW_SCALE,
  tcp,
  tcpHeaderLength,
} from "../../wire/tcp.js";
import { flagsIndex } from "./tcp-states.js";
import { SIDE_LIBERAL, SIDE_SACK, SIDE_SCALES, type TcpSide } from "./tcp-tracking.js";

/** Largest window scale (TCP_MAX_WSCALE). */
const MAX_SCALE = 14;

/** Sequence numbers are kept as signed 32-bit integers and compared as RFC 9293 has it. */
export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

export function after(a: number, b: number): boolean {
  return ((b - a) | 0) < 0;
}

/** The fields of one segment. One record is filled again for each, so that reading allocates nothing. */
export class Segment {
  flags = 0;
  /** Row of the table of states. */
  index = 0;
  sequence = 0;
  acknowledgement = 0;
  /** One past the last byte, SYN and FIN counted. */
  end = 0;
  window = 0;
  at = 0;
  headerLength = 0;
  /** Why the connection's tracking refused it, for nf_conntrack_log_invalid. */
  complaint = "";
  bytes!: Uint8Array;

  /** False when the header is cut off. */
  read(packet: Packet): boolean {
    const { bytes, network } = packet;
    const at = network + ipv4HeaderLength(bytes, network);
    const length = packet.end - at;
    if (length < TCP_LENGTH) return false;
    this.bytes = bytes;
    this.at = at;
    this.headerLength = tcpHeaderLength(bytes, at);
    if (this.headerLength < TCP_LENGTH || length < this.headerLength) return false;
    this.flags = tcp.flags.get(bytes, at);
    this.index = flagsIndex(this.flags);
    this.sequence = tcp.sequence.get(bytes, at) | 0;
    this.acknowledgement = tcp.acknowledgement.get(bytes, at) | 0;
    this.window = tcp.window.get(bytes, at);
    const counted = ((this.flags & TCP_SYN) !== 0 ? 1 : 0) + ((this.flags & TCP_FIN) !== 0 ? 1 : 0);
    this.end = (this.sequence + length - this.headerLength + counted) | 0;
    return true;
  }
}

/** Takes window scale and "SACK permitted" of a SYN into `side` (tcp_options). */
export function readSynOptions(segment: Segment, side: TcpSide): void {
  const { bytes, at, headerLength } = segment;
  if (headerLength === TCP_LENGTH) return;
  side.scale = 0;
  side.flags &= SIDE_LIBERAL;
  const end = at + headerLength;
  for (let i = at + TCP_LENGTH; i < end; ) {
    const kind = bytes[i]!;
    if (kind === TCPOPT_END) return;
    if (kind === TCPOPT_NOP) {
      i++;
      continue;
    }
    const size = i + 1 < end ? bytes[i + 1]! : 0;
    if (size < 2 || i + size > end) return;
    if (kind === TCPOPT_SACK_PERMITTED && size === 2) side.flags |= SIDE_SACK;
    else if (kind === TCPOPT_WINDOW_SCALE && size === 3) {
      side.scale = Math.min(bytes[i + 2]!, MAX_SCALE);
      side.flags |= SIDE_SCALES;
    }
    i += size;
  }
}

/** The highest right edge of the SACK blocks, or the acknowledgement itself (tcp_sack). */
export function highestSack({ bytes, at, headerLength, acknowledgement }: Segment): number {
  const end = at + headerLength;
  let highest = acknowledgement;
  for (let i = at + TCP_LENGTH; i < end; ) {
    const kind = bytes[i]!;
    if (kind === TCPOPT_END) return highest;
    if (kind === TCPOPT_NOP) {
      i++;
      continue;
    }
    const size = i + 1 < end ? bytes[i + 1]! : 0;
    if (size < 2 || i + size > end) return highest;
    if (kind === TCPOPT_SACK && size >= 10 && (size - 2) % 8 === 0) {
      for (let edge = i + 6; edge < i + size; edge += 8) {
        const right =
          (bytes[edge]! << 24) | (bytes[edge + 1]! << 16) | (bytes[edge + 2]! << 8) | bytes[edge + 3]!;
        if (after(right, highest)) highest = right;
      }
      return highest;
    }
    i += size;
  }
  return highest;
}
