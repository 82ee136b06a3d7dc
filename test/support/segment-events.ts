import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import type { HookEvent, TraceEvent } from "../../kernel-lib/src/trace/events.js";
import { IPPROTO_TCP, IPV4_LENGTH, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { TCP_LENGTH, tcp } from "../../kernel-lib/src/wire/tcp.js";

const encoder = new TextEncoder();

/** One TCP segment with data, made by hand. */
export interface SentSegment {
  readonly from: string;
  readonly to: string;
  readonly data: string | Uint8Array;
  readonly sequence: number;
  /** Where it is made and where it arrives; the second is missing for a packet that is lost. */
  readonly places: readonly [string, string?];
  /** What the host between them writes into the packet. */
  readonly nat?: HookEvent["changes"];
  /** It is this long, and only its beginning was kept. */
  readonly length?: number;
}

let count = 0;

/** The events of one segment that takes 10 µs, sent 100 µs after the one before. */
export function segmentEvents({
  from,
  to,
  data,
  sequence,
  places,
  nat = [],
  length,
}: SentSegment): TraceEvent[] {
  const journey = ++count;
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const packet = new Uint8Array(IPV4_LENGTH + TCP_LENGTH + bytes.length);
  const [source, sourcePort] = from.split(":") as [string, string];
  const [destination, destinationPort] = to.split(":") as [string, string];
  packet[0] = 0x45;
  ipv4.totalLength.set(packet, 0, IPV4_LENGTH + TCP_LENGTH + (length ?? bytes.length));
  ipv4.protocol.set(packet, 0, IPPROTO_TCP);
  ipv4.source.set(packet, 0, parseIpv4(source));
  ipv4.destination.set(packet, 0, parseIpv4(destination));
  tcp.sourcePort.set(packet, IPV4_LENGTH, Number(sourcePort));
  tcp.destinationPort.set(packet, IPV4_LENGTH, Number(destinationPort));
  tcp.sequence.set(packet, IPV4_LENGTH, sequence >>> 0);
  packet[IPV4_LENGTH + 12] = 0x50;
  packet.set(bytes, IPV4_LENGTH + TCP_LENGTH);
  const at = (ns: number, netns: string) => ({
    journey,
    branch: 0,
    at: journey * 100_000 + ns,
    machine: "host",
    netns,
  });
  const summary = `TCP PSH,ACK ${from} → ${to}, ${bytes.length} bytes`;
  const hook = {
    kind: "hook",
    hook: "PREROUTING",
    verdict: "accept",
    input: "enX0",
    output: "",
    connection: null,
  } as const;
  const step = { table: "nat", chain: "DOCKER", rule: 2, text: "-j DNAT", matched: true };
  const steps = [{ ...step, origin: { command: "iptables …", cause: "docker run -p 5000:5000 chat-app" } }];
  return [
    { ...at(0, places[0]), kind: "born", by: "socket", summary, cause: 0, packet },
    ...(nat.length > 0
      ? [{ ...at(4_000, "host"), ...hook, ends: `${from} → ${to}`, steps, changes: nat }]
      : []),
    places[1] === undefined
      ? { ...at(10_000, "host"), kind: "drop", reason: "CABLE_LOSS", where: "lan" }
      : { ...at(10_000, places[1]), kind: "deliver", protocol: "tcp", to: `${destinationPort}/tcp` },
  ] as TraceEvent[];
}
