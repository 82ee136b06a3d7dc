import type { Packet } from "../wire/packet.js";
import type { TraceEvent } from "./events.js";
import { TextMemo } from "./text-memo.js";

/** Bytes of a frame that a device event keeps: enough for VXLAN with an inner TCP header and some payload. */
export const TRACE_SNAP_LENGTH = 160;

/** Bytes of a TCP segment with data that its first event keeps: what programs say to each other is read from them. */
export const RECORDED_PACKET_LENGTH = 8192;

/** Kept frames share buffers of this size: one small buffer a frame costs ten times as much. */
const SLAB_SIZE = 1 << 16;

/**
 * Gathers events while a trace is on. Most of what a trace costs is memory that lives on, so whatever is the same in many events is kept once: a
 * frame that a switch passes on unchanged, texts that only name a port.
 */
export class Recorder {
  readonly events: TraceEvent[] = [];
  readonly summaries = new TextMemo();
  private readonly ports = new Map<string, string[]>();
  private slab = new Uint8Array(0);
  private used = 0;

  constructor(readonly snapLength = TRACE_SNAP_LENGTH) {}

  /** The first bytes of a packet's frame as they are now: what was kept for it before if nothing has changed, else a copy that is never written again. */
  keep(packet: Packet): Uint8Array {
    const { bytes, start } = packet;
    const length = Math.min(packet.length, this.snapLength);
    const { kept } = packet;
    if (kept !== null && kept.length === length && isSame(kept, bytes, start)) return kept;
    packet.kept = this.copy(bytes, start, length);
    return packet.kept;
  }

  /** The first bytes of a packet that has just been made. */
  keepWhole({ bytes, start, length }: Packet): Uint8Array {
    return this.copy(bytes, start, Math.min(length, RECORDED_PACKET_LENGTH));
  }

  private copy(bytes: Uint8Array, start: number, length: number): Uint8Array {
    if (this.used + length > this.slab.length) {
      this.slab = new Uint8Array(Math.max(SLAB_SIZE, length));
      this.used = 0;
    }
    const { slab, used } = this;
    for (let i = 0; i < length; i++) slab[used + i] = bytes[start + i]!;
    this.used = used + length;
    return slab.subarray(used, used + length);
  }

  /** `5000/udp`, the same string each time. */
  portText(port: number, protocol: "tcp" | "udp"): string {
    let texts = this.ports.get(protocol);
    if (texts === undefined) {
      texts = [];
      this.ports.set(protocol, texts);
    }
    texts[port] ??= `${port}/${protocol}`;
    return texts[port];
  }

  record(event: TraceEvent): void {
    this.events.push(event);
  }
}

function isSame(kept: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < kept.length; i++) if (kept[i] !== bytes[start + i]) return false;
  return true;
}
