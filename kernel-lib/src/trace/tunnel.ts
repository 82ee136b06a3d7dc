import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { IPPROTO_UDP, ipv4 } from "../wire/ipv4.js";
import type { EncapsulateEvent, TraceEvent } from "./events.js";

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
