import {
  TCP_LENGTH,
  TCPOPT_END,
  TCPOPT_MSS,
  TCPOPT_NOP,
  TCPOPT_SACK,
  TCPOPT_SACK_PERMITTED,
  TCPOPT_TIMESTAMPS,
  TCPOPT_WINDOW_SCALE,
} from "./tcp.js";

/** Most SACK blocks that fit into 40 bytes of options (RFC 2018 §3; three beside timestamps). */
const SACK_LIMIT = 4;

/** The options of one segment. One record is filled again for each segment, so that reading allocates nothing. */
export class TcpOptions {
  /** Maximum segment size in bytes; 0 when absent. */
  mss = 0;
  /** Window scale shift; -1 when absent. */
  windowScale = -1;
  sackPermitted = false;
  hasTimestamps = false;
  timestamp = 0;
  timestampEcho = 0;
  /** Number of SACK blocks in `sackStarts` and `sackEnds` (sequence numbers; ends are one past the last byte). */
  sackCount = 0;
  readonly sackStarts = [0, 0, 0, 0];
  readonly sackEnds = [0, 0, 0, 0];

  clear(): void {
    this.mss = 0;
    this.windowScale = -1;
    this.sackPermitted = false;
    this.hasTimestamps = false;
    this.timestamp = 0;
    this.timestampEcho = 0;
    this.sackCount = 0;
  }

  /** Adds a SACK block; more than fit are left out. */
  addSack(start: number, end: number): void {
    if (this.sackCount === SACK_LIMIT) return;
    this.sackStarts[this.sackCount] = start >>> 0;
    this.sackEnds[this.sackCount++] = end >>> 0;
  }
}

function long(bytes: Uint8Array, i: number): number {
  return ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!) >>> 0;
}

function setLong(bytes: Uint8Array, i: number, value: number): void {
  bytes[i] = value >>> 24;
  bytes[i + 1] = value >>> 16;
  bytes[i + 2] = value >>> 8;
  bytes[i + 3] = value;
}

/**
 * Reads the options of the header at `at` that is `headerLength` bytes long, as tcp_parse_options does: unknown kinds are skipped, a
 * length that does not fit ends the reading, MSS and window scale count only in a SYN.
 */
export function readTcpOptions(
  bytes: Uint8Array,
  at: number,
  headerLength: number,
  syn: boolean,
  into: TcpOptions,
): void {
  into.clear();
  const end = at + headerLength;
  let i = at + TCP_LENGTH;
  while (i < end) {
    const kind = bytes[i]!;
    if (kind === TCPOPT_END) return;
    if (kind === TCPOPT_NOP) {
      i++;
      continue;
    }
    const size = i + 1 < end ? bytes[i + 1]! : 0;
    if (size < 2 || i + size > end) return;
    readOption(bytes, i, kind, size, syn, into);
    i += size;
  }
}

function readOption(
  bytes: Uint8Array,
  i: number,
  kind: number,
  size: number,
  syn: boolean,
  into: TcpOptions,
): void {
  if (kind === TCPOPT_MSS && size === 4 && syn) into.mss = (bytes[i + 2]! << 8) | bytes[i + 3]!;
  else if (kind === TCPOPT_WINDOW_SCALE && size === 3 && syn) into.windowScale = Math.min(14, bytes[i + 2]!);
  else if (kind === TCPOPT_SACK_PERMITTED && size === 2 && syn) into.sackPermitted = true;
  else if (kind === TCPOPT_TIMESTAMPS && size === 10) {
    into.hasTimestamps = true;
    into.timestamp = long(bytes, i + 2);
    into.timestampEcho = long(bytes, i + 6);
  } else if (kind === TCPOPT_SACK && size >= 10 && (size - 2) % 8 === 0) {
    for (let block = i + 2; block < i + size; block += 8)
      into.addSack(long(bytes, block), long(bytes, block + 4));
  }
}

/** Bytes that {@link writeTcpOptions} will write for these options: a multiple of four. */
export function tcpOptionsLength(options: TcpOptions): number {
  let length = options.mss > 0 ? 4 : 0;
  if (options.hasTimestamps) length += 12;
  else if (options.sackPermitted) length += 4;
  if (options.windowScale >= 0) length += 4;
  if (options.sackCount > 0) length += 4 + 8 * options.sackCount;
  return length;
}

/** Writes options at `i` in the order and with the padding of Linux (tcp_options_write): MSS, SACK permitted, timestamps, scale, SACK. */
export function writeTcpOptions(bytes: Uint8Array, i: number, options: TcpOptions): void {
  let at = i;
  if (options.mss > 0) {
    setLong(bytes, at, (TCPOPT_MSS << 24) | (4 << 16) | options.mss);
    at += 4;
  }
  if (options.hasTimestamps) {
    const lead = options.sackPermitted
      ? (TCPOPT_SACK_PERMITTED << 24) | (2 << 16)
      : (TCPOPT_NOP << 24) | (TCPOPT_NOP << 16);
    setLong(bytes, at, lead | (TCPOPT_TIMESTAMPS << 8) | 10);
    setLong(bytes, at + 4, options.timestamp);
    setLong(bytes, at + 8, options.timestampEcho);
    at += 12;
  } else if (options.sackPermitted) {
    setLong(bytes, at, (TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_SACK_PERMITTED << 8) | 2);
    at += 4;
  }
  if (options.windowScale >= 0) {
    setLong(bytes, at, (TCPOPT_NOP << 24) | (TCPOPT_WINDOW_SCALE << 16) | (3 << 8) | options.windowScale);
    at += 4;
  }
  if (options.sackCount > 0) {
    setLong(
      bytes,
      at,
      (TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_SACK << 8) | (2 + 8 * options.sackCount),
    );
    for (let n = 0; n < options.sackCount; n++) {
      setLong(bytes, at + 4 + 8 * n, options.sackStarts[n]!);
      setLong(bytes, at + 8 + 8 * n, options.sackEnds[n]!);
    }
  }
}
