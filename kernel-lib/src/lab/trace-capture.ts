import type { TraceEvent } from "../trace/events.js";
import { placeNames } from "../trace/place-name.js";
import { LAB_EPOCH_SECONDS } from "../trace/world.js";
import type { CapturedFrame } from "../wire/capture.js";
import { writePcapng } from "../wire/pcapng.js";

/**
 * The frames of a trace as a pcapng file, for Wireshark: each device that sent or received is an interface `place:device`, as if a capture ran on all of them.
 * Times are the lab's own.
 */
export function traceCapture(events: readonly TraceEvent[]): Uint8Array {
  const nameOf = placeNames(events);
  const inOrder = [...events].sort((a, b) => a.at - b.at);
  const frames = inOrder.flatMap((event): CapturedFrame[] => {
    if (event.kind !== "transmit" && event.kind !== "receive") return [];
    const whole = Math.floor(event.at / 1e9);
    return [
      {
        seconds: LAB_EPOCH_SECONDS + whole,
        nanoseconds: event.at - whole * 1e9,
        bytes: event.frame,
        originalLength: event.length,
        interfaceName: `${nameOf(event)}:${event.device}`,
        direction: event.kind === "receive" ? "in" : "out",
      },
    ];
  });
  return writePcapng(frames);
}
