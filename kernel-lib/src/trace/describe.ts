import { formatIpv4, formatMac } from "../base/addresses.js";
import { assertNever } from "../base/assert.js";
import { formatDuration } from "../base/units.js";
import { decidingSteps, stepText } from "./deciding.js";
import { DROP_REASON_TEXT } from "./drop-reason.js";
import type { BridgeEvent, HookEvent, RouteEvent, TraceEvent } from "./events.js";

/** One event in a reader's words: the stage it passed, and what was decided there. */
export interface Description {
  /** `veth`, `bridge docker0`, `route`, `ARP`: the stage. */
  readonly stage: string;
  readonly text: string;
}

export function describe(event: TraceEvent): Description {
  switch (event.kind) {
    case "born":
      return { stage: event.by === "socket" ? "program" : "kernel", text: event.summary };
    case "transmit":
      return {
        stage: event.device,
        text: `leaves by ${event.device} (${event.deviceKind}), ${event.length} bytes`,
      };
    case "receive":
      return { stage: event.device, text: `arrives at ${event.device} (${event.deviceKind})` };
    case "bridge":
      return { stage: event.bridge, text: describeBridge(event) };
    case "route":
      return { stage: "route", text: describeRoute(event) };
    case "neighbour":
      return {
        stage: "ARP",
        text: describeNeighbour(event.queued, event.state, formatIpv4(event.address), event.mac),
      };
    case "resolved":
      return {
        stage: "ARP",
        text: `${formatIpv4(event.address)} is at ${formatMac(event.mac)}: goes on after ${formatDuration(event.waited)}`,
      };
    case "hook":
      return { stage: event.hook, text: describeHook(event) };
    case "forward":
      return { stage: "forward", text: `forwarded, TTL ${event.ttl + 1} → ${event.ttl}` };
    case "fragment":
      return { stage: "fragment", text: `cut into ${event.pieces} fragments for MTU ${event.mtu}` };
    case "segment":
      return {
        stage: event.device,
        text: `cut into ${event.pieces} TCP segments of ${event.size} bytes`,
      };
    case "reassembled":
      return { stage: "reassemble", text: `put together from ${event.pieces} fragments` };
    case "encapsulate":
      return {
        stage: event.device,
        text: `into VXLAN ${event.vni}: UDP port ${event.sourcePort} to ${formatIpv4(event.remote)} port ${event.destinationPort}`,
      };
    case "decapsulate":
      return { stage: event.device, text: `out of VXLAN ${event.vni} from ${formatIpv4(event.remote)}` };
    case "deliver":
      return { stage: event.protocol, text: `delivered to ${event.to}` };
    case "cable":
      return {
        stage: event.cable,
        text: `on the cable: ${formatDuration(event.queued)} queued, ${formatDuration(event.serialisation)} to send, ${formatDuration(event.propagation)} to travel`,
      };
    case "drop":
      return {
        stage: "drop",
        text: `dropped at ${event.where}: ${DROP_REASON_TEXT[event.reason]} (${event.reason})`,
      };
    default:
      return assertNever(event);
  }
}

const LEARNED: Readonly<Record<BridgeEvent["learned"], string>> = {
  new: "; learns the sender's MAC on this port",
  moved: "; the sender's MAC has moved to this port",
  known: "",
  no: "",
};

function describeBridge(event: BridgeEvent): string {
  const to = event.out.length === 0 ? "nowhere" : event.out.join(", ");
  const mac = formatMac(event.destination);
  const learned = LEARNED[event.learned];
  switch (event.fdb) {
    case "hit":
      return `from ${event.port}: FDB has ${mac} on ${to}${learned}`;
    case "local":
      return `from ${event.port}: ${mac} is the bridge's own, up to the host${learned}`;
    case "miss":
      return `from ${event.port}: FDB does not know ${mac}, flooded to ${to}${learned}`;
    case "group":
      return `from ${event.port}: ${mac === "ff:ff:ff:ff:ff:ff" ? "broadcast" : "multicast"}, flooded to ${to}${learned}`;
    default:
      return assertNever(event.fdb);
  }
}

function describeRoute(event: RouteEvent): string {
  const destination = formatIpv4(event.destination);
  if (event.decision === "local") return `${destination} is our own (table ${event.table})`;
  if (event.decision === "unreachable") return `no route to ${destination}`;
  return `${destination}: ${event.text}`;
}

function describeNeighbour(queued: boolean, state: string, address: string, mac: number | null): string {
  if (queued) return `${address} is not known (${state}): waits for an ARP answer`;
  return mac === null ? `${address}: ${state}` : `${address} is ${formatMac(mac)} (${state})`;
}

/** `accept (NEW): nat DOCKER 2: … -j DNAT …`, or `taken (NEW): IPVS FWM 256 rr: …` when IPVS sends the packet on; and below it what was changed. */
function describeHook(event: HookEvent): string {
  const { verdict, connection } = event;
  const decided = decidingSteps(event);
  const state =
    connection === null ? "" : ` (${connection.state}${connection.direction === "reply" ? ", reply" : ""})`;
  const why = decided.length > 0 ? decided.map(stepText).join("; ") : undecided(event);
  const balanced = verdict === "stolen" && decided.some(({ table }) => table === "ipvs");
  return [`${balanced ? "taken" : verdict}${state}: ${why}`, ...changeTexts(event)].join("\n");
}

function undecided({ steps }: HookEvent): string {
  return steps.length === 0 ? "no rule is asked" : "no rule decides, policy ACCEPT";
}

function changeTexts({ changes, steps }: HookEvent): string[] {
  const asked = steps.some(({ table, rule }) => table === "ipvs" || (table === "nat" && rule > 0));
  return changes.map(({ what, before, after }) => {
    const remembered = !asked && (what === "source" || what === "destination");
    return `${what} ${before} → ${after}${remembered ? " (the connection remembers it)" : ""}`;
  });
}
