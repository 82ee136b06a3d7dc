import {
  type CapturedFrame,
  type CaptureFile,
  CaptureFileError,
  DEFAULT_SNAPSHOT_LENGTH,
  LINKTYPE_ETHERNET,
} from "./capture.js";

/*
 * pcapng (draft-ietf-opsawg-pcapng): blocks of type, length, body, length. A section header block gives the byte order,
 * one interface description block an interface, one enhanced packet block a frame.
 */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;

const OPTION_IF_NAME = 2;
const OPTION_IF_TSRESOL = 9;
const OPTION_EPB_FLAGS = 2;

export interface PcapngOptions {
  /** LINKTYPE_* of every interface; Ethernet when absent. */
  readonly linkType?: number;
  readonly snapshotLength?: number;
}

/** True for bytes that begin with a section header block. */
export function isPcapng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a;
}

/**
 * Writes a pcapng file, little-endian, times in nanoseconds (if_tsresol 9). Each name in the frames becomes an
 * interface, in the order of first use; the direction goes into epb_flags.
 */
export function writePcapng(frames: readonly CapturedFrame[], options: PcapngOptions = {}): Uint8Array {
  const { linkType = LINKTYPE_ETHERNET, snapshotLength = DEFAULT_SNAPSHOT_LENGTH } = options;
  const names = [...new Set(frames.map((frame) => frame.interfaceName ?? ""))];
  if (names.length === 0) names.push("");
  const blocks = [
    block(SECTION_HEADER, [u32(BYTE_ORDER), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)]),
    ...names.map((name) => interfaceBlock(name, linkType, snapshotLength)),
    ...frames.map((frame) => packetBlock(frame, names.indexOf(frame.interfaceName ?? ""))),
  ];
  return concat(blocks);
}

function interfaceBlock(name: string, linkType: number, snapshotLength: number): Uint8Array {
  const options = [option(OPTION_IF_TSRESOL, Uint8Array.of(9)), u32(0)];
  if (name !== "") options.unshift(option(OPTION_IF_NAME, new TextEncoder().encode(name)));
  return block(INTERFACE_DESCRIPTION, [u16(linkType), u16(0), u32(snapshotLength), ...options]);
}

function packetBlock(frame: CapturedFrame, interfaceId: number): Uint8Array {
  const time = BigInt(frame.seconds) * 1_000_000_000n + BigInt(frame.nanoseconds);
  const flags =
    frame.direction === undefined
      ? []
      : [option(OPTION_EPB_FLAGS, u32(frame.direction === "in" ? 1 : 2)), u32(0)];
  return block(ENHANCED_PACKET, [
    u32(interfaceId),
    u32(Number(time >> 32n)),
    u32(Number(time & 0xffffffffn)),
    u32(frame.bytes.length),
    u32(frame.originalLength),
    padded(frame.bytes),
    ...flags,
  ]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = u32(parts.reduce((sum, part) => sum + part.length, 12));
  return concat([u32(type), length, ...parts, length]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return concat([u16(code), u16(value.length), padded(value)]);
}

function padded(value: Uint8Array): Uint8Array {
  return value.length % 4 === 0 ? value : concat([value, new Uint8Array(4 - (value.length % 4))]);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

interface Interface {
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly name: string | undefined;
  /** Units in a second. */
  readonly resolution: bigint;
}

/** Reads a pcapng file of either byte order. Throws {@link CaptureFileError} when it does not begin as one. */
export function readPcapng(bytes: Uint8Array): CaptureFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 28) {
    throw new CaptureFileError(
      bytes.length < 12 ? "unknown file format" : truncated(view.getUint32(4, true), 0),
    );
  }
  const interfaces: Interface[] = [];
  const frames: CapturedFrame[] = [];
  let little = true;
  let damage: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at;
    if (left >= 12 && view.getUint32(at, true) === SECTION_HEADER)
      little = view.getUint32(at + 8, true) === BYTE_ORDER;
    const length = left < 8 ? 8 : view.getUint32(at + 4, little);
    if (left < length || length < 12 || length % 4 !== 0) {
      damage =
        left < length
          ? truncated(left < 8 ? 8 : length, left < 8 ? left : left - 8)
          : "block in pcapng dump file has a bad length";
      break;
    }
    readBlock(new DataView(bytes.buffer, bytes.byteOffset + at, length), little, interfaces, frames);
    at += length;
  }
  const first = interfaces[0];
  if (first === undefined) {
    throw new CaptureFileError(damage ?? "the capture file has no Interface Description Blocks");
  }
  const file = { linkType: first.linkType, snapshotLength: first.snapshotLength, frames };
  return damage === undefined ? file : { ...file, damage };
}

function truncated(wanted: number, got: number): string {
  return `truncated pcapng dump file; tried to read ${wanted} bytes, only got ${got}`;
}

function readBlock(view: DataView, little: boolean, interfaces: Interface[], frames: CapturedFrame[]): void {
  const type = view.getUint32(0, little);
  if (type === INTERFACE_DESCRIPTION && view.byteLength >= 20) interfaces.push(readInterface(view, little));
  if (type === ENHANCED_PACKET && view.byteLength >= 32) {
    const from = interfaces[view.getUint32(8, little)];
    if (from) frames.push(readPacket(view, little, from));
  }
  const only = interfaces[0];
  if (type === SIMPLE_PACKET && view.byteLength >= 16 && only) {
    const originalLength = view.getUint32(8, little);
    const kept = Math.min(originalLength, only.snapshotLength || originalLength, view.byteLength - 16);
    frames.push({ seconds: 0, nanoseconds: 0, bytes: bytesOf(view, 12, kept), originalLength });
  }
}

function readInterface(view: DataView, little: boolean): Interface {
  let name: string | undefined;
  let resolution = 1_000_000n;
  for (const [code, value] of options(view, 16, little)) {
    if (code === OPTION_IF_NAME) name = new TextDecoder().decode(value);
    const unit = value[0];
    if (code === OPTION_IF_TSRESOL && unit !== undefined)
      resolution = unit & 0x80 ? 1n << BigInt(unit & 0x7f) : 10n ** BigInt(unit);
  }
  return {
    linkType: view.getUint16(8, little),
    snapshotLength: view.getUint32(12, little),
    name,
    resolution,
  };
}

function readPacket(view: DataView, little: boolean, from: Interface): CapturedFrame {
  const time = (BigInt(view.getUint32(12, little)) << 32n) | BigInt(view.getUint32(16, little));
  const kept = Math.min(view.getUint32(20, little), view.byteLength - 32);
  let direction: "in" | "out" | undefined;
  for (const [code, value] of options(view, 28 + kept + ((4 - (kept % 4)) % 4), little)) {
    const flags = (value[little ? 0 : 3] ?? 0) & 3;
    if (code === OPTION_EPB_FLAGS && flags !== 0) direction = flags === 1 ? "in" : "out";
  }
  return {
    seconds: Number(time / from.resolution),
    nanoseconds: Number(((time % from.resolution) * 1_000_000_000n) / from.resolution),
    bytes: bytesOf(view, 28, kept),
    originalLength: view.getUint32(24, little),
    ...(from.name === undefined ? {} : { interfaceName: from.name }),
    ...(direction === undefined ? {} : { direction }),
  };
}

function* options(view: DataView, start: number, little: boolean): Generator<[number, Uint8Array]> {
  const end = view.byteLength - 4;
  let at = start;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === 0 || at + 4 + length > end) return;
    yield [code, bytesOf(view, at + 4, length)];
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}
