import type { Process } from "../../host/process.js";

/** Echo data as ping fills it: a timeval of 16 bytes when there is room, then bytes that count up. */
export function echoPayload(process: Process, size: number): Uint8Array {
  const payload = Uint8Array.from({ length: size }, (_, i) => i & 0xff);
  if (size < 16) return payload;
  const now = process.host.unixTime();
  const view = new DataView(payload.buffer);
  view.setUint32(0, Math.floor(now), true);
  view.setUint32(4, 0, true);
  view.setUint32(8, Math.floor((now % 1) * 1e6), true);
  view.setUint32(12, 0, true);
  return payload;
}
