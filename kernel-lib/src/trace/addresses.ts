import { formatIpv4 } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import { IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import { udp } from "../wire/udp.js";
import { behind, decidingSteps, stepText } from "./deciding.js";
import type { BornEvent, HookEvent, TraceEvent } from "./events.js";
import { tunnelsOf } from "./tunnel.js";

/** The addresses that a packet has from one place on: where it was made, or where NAT or IPVS has changed it. */
export interface Addresses {
  readonly at: Nanoseconds;
  readonly machine: string;
  readonly netns: string;
  /** `172.18.0.11:5000`. */
  readonly source: string;
  readonly destination: string;
  /** The hook that made them so; empty where the packet was made. */
  readonly hook: string;
  readonly changed: readonly ("source" | "destination")[];
  /** The rules that decided it; empty when the connection remembered it. */
  readonly rule: string;
  /** The command behind the rules. */
  readonly because: string;
}

/**
 * A packet's addresses in the order of its way, each with what made them so: `203.0.113.9:49152 → 192.168.56.101:5000`, then `… → 172.18.0.11:5000`. In a
 * tunnel these are the addresses inside; the envelope's are left out.
 */
export function addressesOf(events: readonly TraceEvent[]): readonly Addresses[] {
  const born = events.find((event): event is BornEvent => event.kind === "born");
  const ends = born === undefined ? null : endsOf(born);
  if (born === undefined || ends === null) return [];
  const { at, machine, netns } = born;
  const list: Addresses[] = [{ at, machine, netns, ...ends, hook: "", changed: [], rule: "", because: "" }];
  const tunnels = tunnelsOf(events);
  events.forEach((event, i) => {
    if (event.kind !== "hook" || tunnels[i] !== null) return;
    const next = changedBy(event, list.at(-1)!);
    if (next !== null) list.push(next);
  });
  return list;
}

function changedBy(event: HookEvent, before: Addresses): Addresses | null {
  const changes = event.changes.filter(
    (change): change is (typeof event.changes)[number] & { what: "source" | "destination" } =>
      change.what === "source" || change.what === "destination",
  );
  if (changes.length === 0) return null;
  const steps = decidingSteps(event).filter(({ table }) => table === "nat" || table === "ipvs");
  return {
    at: event.at,
    machine: event.machine,
    netns: event.netns,
    source: before.source,
    destination: before.destination,
    ...Object.fromEntries(changes.map(({ what, after }) => [what, after])),
    hook: event.hook,
    changed: changes.map(({ what }) => what),
    rule: steps.map(stepText).join("; "),
    because: [...new Set(steps.map(({ origin }) => behind(origin)))].filter(Boolean).join("; "),
  };
}

/** The ends that stand in a packet's summary: `TCP SYN A → B`. */
function endsOf({ summary }: BornEvent): { readonly source: string; readonly destination: string } | null {
  const [, source, destination] =
    /(\d+\.\d+\.\d+\.\d+(?::\d+)?) → (\d+\.\d+\.\d+\.\d+(?::\d+)?)/.exec(summary) ?? [];
  return source === undefined || destination === undefined ? null : { source, destination };
}

/** The ends of the UDP packet that starts at `at` with its IPv4 header, `192.168.56.101:47822 → 192.168.56.102:4789`; null for anything else. */
export function udpEnds(bytes: Uint8Array, at: number): string | null {
  if (bytes.length < at + 28 || bytes[at]! >>> 4 !== 4 || ipv4.protocol.get(bytes, at) !== IPPROTO_UDP)
    return null;
  const next = at + ipv4HeaderLength(bytes, at);
  const source = `${formatIpv4(ipv4.source.get(bytes, at))}:${udp.sourcePort.get(bytes, next)}`;
  return `${source} → ${formatIpv4(ipv4.destination.get(bytes, at))}:${udp.destinationPort.get(bytes, next)}`;
}
