import type { DropReason } from "../trace/drop-reason.js";
import { IPPROTO_TCP, IPV4_LENGTH, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { tcpHeaderLength } from "../wire/tcp.js";
import type { Netns } from "./netns.js";
import { sharedSummary } from "./packet-summary.js";

/** What every event carries about a packet in a namespace, for events that are rare: spreading it into others would cost more than they do. */
export function place(netns: Netns, packet: Packet) {
  return {
    journey: packet.journey,
    branch: packet.branch,
    at: netns.world.scheduler.now + packet.elapsed,
    machine: netns.machine,
    netns: netns.label,
  };
}

/** Ends a packet's way and says why in the trace. */
export function drop(netns: Netns, packet: Packet, reason: DropReason, where: string): void {
  const { recorder } = netns.world;
  if (recorder !== null && packet.journey !== 0)
    recorder.record({
      kind: "drop",
      journey: packet.journey,
      branch: packet.branch,
      at: netns.world.scheduler.now + packet.elapsed,
      machine: netns.machine,
      netns: netns.label,
      reason,
      where,
    });
  packet.release();
}

/** Tells the trace of a new packet; its IPv4 header is at `packet.start`. */
export function recordBorn(netns: Netns, packet: Packet, by: "socket" | "kernel", cause: number): void {
  const { recorder } = netns.world;
  if (recorder === null || packet.journey === 0) return;
  recorder.record({
    kind: "born",
    journey: packet.journey,
    branch: packet.branch,
    at: netns.world.scheduler.now + packet.elapsed,
    machine: netns.machine,
    netns: netns.label,
    by,
    summary: sharedSummary(recorder.summaries, packet.bytes, packet.start),
    cause,
    ...(hasTcpData(packet) ? { packet: recorder.keepWhole(packet) } : {}),
  });
}

/** Its IPv4 header is at `packet.start`, without options. */
function hasTcpData({ bytes, start, length }: Packet): boolean {
  if (ipv4.protocol.get(bytes, start) !== IPPROTO_TCP) return false;
  return length > IPV4_LENGTH + tcpHeaderLength(bytes, start + IPV4_LENGTH);
}
