import type { TraceEvent } from "./events.js";

/** Bytes of a frame that a device event keeps: enough for VXLAN with an inner TCP header and some payload. */
export const TRACE_SNAP_LENGTH = 160;

/** Kept frames share buffers of this size: one small buffer a frame costs ten times as much. */
const SLAB_SIZE = 1 << 16;

/** Gathers events while a trace is on. */
export class Recorder {
  readonly events: TraceEvent[] = [];

  constructor(readonly snapLength = TRACE_SNAP_LENGTH) {}

  private slab = new Uint8Array(0);
  private used = 0;

  /** A copy of the first bytes of a frame that is [start, end) of `bytes`; it shares its buffer with others and is never written again. */
  keep(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const length = Math.min(end - start, this.snapLength);
    if (this.used + length > this.slab.length) {
      this.slab = new Uint8Array(Math.max(SLAB_SIZE, length));
      this.used = 0;
    }
    const { slab, used } = this;
    for (let i = 0; i < length; i++) slab[used + i] = bytes[start + i]!;
    this.used = used + length;
    return slab.subarray(used, used + length);
  }

  record(event: TraceEvent): void {
    this.events.push(event);
  }
}
