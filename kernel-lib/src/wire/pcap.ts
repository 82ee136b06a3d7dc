import {
  type CapturedFrame,
  type CaptureFile,
  CaptureFileError,
  DEFAULT_SNAPSHOT_LENGTH,
  LINKTYPE_ETHERNET,
} from "./capture.js";
import { isPcapng, readPcapng } from "./pcapng.js";

/*
 * Classic pcap (draft-ietf-opsawg-pcap): a 24-byte header, then for each frame a 16-byte header and its bytes.
 * The magic number tells the byte order and whether the second half of a time is in µs or ns.
 */
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** libpcap's bound on a snapshot length read from a file (MAXIMUM_SNAPLEN in sf-pcap.c). */
const MAXIMUM_SNAPSHOT = 262144;

export interface PcapOptions {
  /** LINKTYPE_*; Ethernet when absent. */
  readonly linkType?: number;
  readonly snapshotLength?: number;
  /** True writes nanosecond times (magic a1b23c4d); tcpdump itself writes microseconds. */
  readonly nanoseconds?: boolean;
}

/** Writes a classic pcap file, little-endian, version 2.4. */
export function writePcap(frames: readonly CapturedFrame[], options: PcapOptions = {}): Uint8Array {
  const {
    linkType = LINKTYPE_ETHERNET,
    snapshotLength = DEFAULT_SNAPSHOT_LENGTH,
    nanoseconds = false,
  } = options;
  const size = frames.reduce((sum, frame) => sum + RECORD_HEADER + frame.bytes.length, FILE_HEADER);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapshotLength, true);
  view.setUint32(20, linkType, true);
  let at = FILE_HEADER;
  for (const frame of frames) {
    view.setUint32(at, frame.seconds, true);
    view.setUint32(at + 4, nanoseconds ? frame.nanoseconds : Math.floor(frame.nanoseconds / 1000), true);
    view.setUint32(at + 8, frame.bytes.length, true);
    view.setUint32(at + 12, frame.originalLength, true);
    bytes.set(frame.bytes, at + RECORD_HEADER);
    at += RECORD_HEADER + frame.bytes.length;
  }
  return bytes;
}

/** Reads a capture file of either kind, by its magic number. Throws {@link CaptureFileError} when it is neither. */
export function readCapture(bytes: Uint8Array): CaptureFile {
  return isPcapng(bytes) ? readPcapng(bytes) : readPcap(bytes);
}

/** Reads a classic pcap file of either byte order. Throws {@link CaptureFileError} when the file header is bad. */
export function readPcap(bytes: Uint8Array): CaptureFile {
  const header = readHeader(bytes);
  const { view, little, nanoseconds, snapshotLength, linkType } = header;
  const frames: CapturedFrame[] = [];
  const limit = snapshotLength === 0 || snapshotLength > MAXIMUM_SNAPSHOT ? MAXIMUM_SNAPSHOT : snapshotLength;
  const damaged = (damage: string): CaptureFile => ({ linkType, snapshotLength, frames, damage });
  let at = FILE_HEADER;
  while (at < bytes.length) {
    const left = bytes.length - at;
    if (left < RECORD_HEADER) return damaged(truncated(RECORD_HEADER, "header", left));
    const length = view.getUint32(at + 8, little);
    if (length > limit)
      return damaged(`invalid packet capture length ${length}, bigger than snaplen of ${limit}`);
    if (left - RECORD_HEADER < length) return damaged(truncated(length, "captured", left - RECORD_HEADER));
    frames.push({
      seconds: view.getUint32(at, little),
      nanoseconds: view.getUint32(at + 4, little) * (nanoseconds ? 1 : 1000),
      bytes: bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length),
      originalLength: view.getUint32(at + 12, little),
    });
    at += RECORD_HEADER + length;
  }
  return { linkType, snapshotLength, frames };
}

function truncated(wanted: number, what: string, got: number): string {
  return `truncated dump file; tried to read ${wanted} ${what} bytes, only got ${got}`;
}

function readHeader(bytes: Uint8Array) {
  if (bytes.length < 4) throw new CaptureFileError(truncated(4, "file header", bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMagic = (value: number) => value === MAGIC_MICROSECONDS || value === MAGIC_NANOSECONDS;
  const little = isMagic(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (!isMagic(magic)) throw new CaptureFileError("unknown file format");
  if (bytes.length < FILE_HEADER) {
    throw new CaptureFileError(truncated(FILE_HEADER, "file header", bytes.length - 4));
  }
  const [major, minor] = [view.getUint16(4, little), view.getUint16(6, little)];
  if (major !== 2 || minor !== 4) {
    throw new CaptureFileError(`unsupported pcap savefile version ${major}.${minor}`);
  }
  return {
    view,
    little,
    nanoseconds: magic === MAGIC_NANOSECONDS,
    snapshotLength: view.getUint32(16, little),
    linkType: view.getUint32(20, little) & 0x03ffffff,
  };
}

export type { CapturedFrame, CaptureFile } from "./capture.js";
