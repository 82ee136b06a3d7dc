import type { Nanoseconds } from "../base/units.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { IPPROTO_UDP, ipv4 } from "../wire/ipv4.js";
import type { DecapsulateEvent, EncapsulateEvent, TraceEvent } from "./events.js";

/**
 * For each event of one packet, in the order of time: the VNI of the VXLAN tunnel that the packet is in, null outside. Going in and coming out, with the time that
 * they cost, belong to the tunnel. A copy that a flood made is where its original was, unless its own way says better.
 */
export function tunnelsOf(events: readonly TraceEvent[]): readonly (number | null)[] {
  const envelopes = events.filter((event) => event.kind === "encapsulate");
  if (envelopes.length === 0 && !events.some(({ kind }) => kind === "decapsulate"))
    return events.map(() => null);
  const now = new Map<number, number | null>();
  return events.map((event) => {
    const { branch } = event;
    if (!now.has(branch)) now.set(branch, startOf(branch, events, envelopes));
    if (event.kind === "encapsulate") now.set(branch, event.vni);
    const here = now.get(branch)!;
    if (event.kind !== "decapsulate") return here;
    now.set(branch, null);
    return event.vni;
  });
}

/** Where a copy begins: before its way into a tunnel it is outside, before its way out inside; else its first frame tells. */
function startOf(
  branch: number,
  events: readonly TraceEvent[],
  envelopes: readonly EncapsulateEvent[],
): number | null {
  const own = events.filter((event) => event.branch === branch);
  const turn = own.find(({ kind }) => kind === "encapsulate" || kind === "decapsulate");
  if (turn?.kind === "encapsulate") return null;
  if (turn?.kind === "decapsulate") return turn.vni;
  const seen = own.find((event) => event.kind === "transmit" || event.kind === "receive");
  if (seen?.kind !== "transmit" && seen?.kind !== "receive") return null;
  return envelopes.find((envelope) => carries(seen.frame, envelope))?.vni ?? null;
}

/** The frame is UDP for the remote: an envelope, whole or in fragments. */
function carries(frame: Uint8Array, { remote }: EncapsulateEvent): boolean {
  return (
    ethernet.type.get(frame, 0) === ETHERTYPE_IPV4 &&
    ipv4.protocol.get(frame, ETHERNET_LENGTH) === IPPROTO_UDP &&
    ipv4.destination.get(frame, ETHERNET_LENGTH) === remote
  );
}

/** One end of a tunnel: the VXLAN device, in the namespace where it is now (it sends by the one where it was made). */
export interface TunnelEnd {
  readonly machine: string;
  readonly netns: string;
  readonly device: string;
}

/** A packet's way through a tunnel, from one VXLAN device to another. */
export interface TunnelStretch {
  readonly vni: number;
  readonly from: TunnelEnd;
  readonly to: TunnelEnd;
  /** When it went in and when it came out. */
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
}

/** All ways through tunnels of one packet's copies, in the order in which they came out. */
export function stretchesOf(events: readonly TraceEvent[]): readonly TunnelStretch[] {
  return events.flatMap((out, i): TunnelStretch[] => {
    if (out.kind !== "decapsulate") return [];
    const before = events.slice(0, i).filter((event) => event.kind === "encapsulate");
    const into =
      before.findLast(({ branch, vni }) => branch === out.branch && vni === out.vni) ??
      before.find(({ vni }) => vni === out.vni);
    if (into === undefined) return [];
    const sent = events.slice(0, events.indexOf(into)).findLast((event) => isAt(event, into, "transmit"));
    const received = events.slice(i + 1).find((event) => isAt(event, out, "receive"));
    return [
      {
        vni: out.vni,
        from: { machine: into.machine, netns: (sent ?? into).netns, device: into.device },
        to: { machine: out.machine, netns: (received ?? out).netns, device: out.device },
        start: into.at,
        end: out.at,
      },
    ];
  });
}

/** The VXLAN device takes a frame to put it into an envelope, or hands one on that was in one. */
function isAt(
  event: TraceEvent,
  turn: EncapsulateEvent | DecapsulateEvent,
  kind: "transmit" | "receive",
): boolean {
  return event.kind === kind && event.machine === turn.machine && event.device === turn.device;
}
