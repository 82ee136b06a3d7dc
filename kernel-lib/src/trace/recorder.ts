import type { TraceEvent } from "./events.js";

/** Bytes of a frame that a device event keeps: enough for VXLAN with an inner TCP header and some payload. */
export const TRACE_SNAP_LENGTH = 160;

/** Gathers events while a trace is on. */
export class Recorder {
  readonly events: TraceEvent[] = [];

  constructor(readonly snapLength = TRACE_SNAP_LENGTH) {}

  record(event: TraceEvent): void {
    this.events.push(event);
  }
}
