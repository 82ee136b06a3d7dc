import { formatIpv4 } from "../base/addresses.js";
import {
  connectionOf,
  ESTABLISHED,
  ESTABLISHED_REPLY,
  isReply,
  NEW,
  RELATED,
  RELATED_REPLY,
  STATUS_ASSURED,
  STATUS_CONFIRMED,
  STATUS_DST_NAT,
  STATUS_SEEN_REPLY,
  STATUS_SRC_NAT,
  type Tuple,
  UNTRACKED,
} from "../netfilter/conntrack/connection.js";
import { TCP_STATE_NAMES } from "../netfilter/conntrack/tcp-states.js";
import { protocolName } from "../netfilter/protocols.js";
import type { ConnectionState, Rewrite } from "../trace/events.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { udp } from "../wire/udp.js";
import type { Netns } from "./netns.js";

/** What a hook may change in a packet, as text. */
export type HeaderTexts = Readonly<Record<Rewrite["what"], string>>;

const FIELDS: readonly Rewrite["what"][] = ["source", "destination", "TTL", "TOS", "mark"];

/** The header as it is now. */
export function headerTexts({ bytes, network, mark }: Packet): HeaderTexts {
  const protocol = ipv4.protocol.get(bytes, network);
  const ported =
    (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) && ipv4.fragmentOffset.get(bytes, network) === 0;
  const at = network + ipv4HeaderLength(bytes, network);
  const end = (address: number, port: number) => formatIpv4(address) + (ported ? `:${port}` : "");
  return {
    source: end(ipv4.source.get(bytes, network), ported ? udp.sourcePort.get(bytes, at) : 0),
    destination: end(ipv4.destination.get(bytes, network), ported ? udp.destinationPort.get(bytes, at) : 0),
    TTL: String(ipv4.ttl.get(bytes, network)),
    TOS: `0x${ipv4.tos.get(bytes, network).toString(16).padStart(2, "0")}`,
    mark: `0x${mark.toString(16)}`,
  };
}

export function changesBetween(before: HeaderTexts, after: HeaderTexts): readonly Rewrite[] {
  return FIELDS.filter((what) => before[what] !== after[what]).map((what) => ({
    what,
    before: before[what],
    after: after[what],
  }));
}

const STATUS_NAMES: readonly (readonly [number, string])[] = [
  [STATUS_SEEN_REPLY, "SEEN_REPLY"],
  [STATUS_ASSURED, "ASSURED"],
  [STATUS_CONFIRMED, "CONFIRMED"],
  [STATUS_SRC_NAT, "SNAT"],
  [STATUS_DST_NAT, "DNAT"],
];

const NO_CONNECTION = { direction: "original", tcpState: "", status: [], original: "", reply: "" } as const;

/** What connection tracking knows of a packet; null when nothing is tracked in the namespace. */
export function connectionState(netns: Netns, packet: Packet): ConnectionState | null {
  if (!netns.netfilter.conntrack.active) return null;
  const info = packet.connectionInfo;
  if (info === UNTRACKED) return { ...NO_CONNECTION, state: "UNTRACKED" };
  const connection = connectionOf(packet);
  if (connection === null) return { ...NO_CONNECTION, state: "INVALID" };
  const { original, reply, status, tcpState, protocol } = connection;
  return {
    state: stateName(info),
    direction: isReply(info) ? "reply" : "original",
    tcpState: protocol === IPPROTO_TCP ? TCP_STATE_NAMES[tcpState]! : "",
    status: STATUS_NAMES.filter(([bit]) => (status & bit) !== 0).map(([, name]) => name),
    original: tupleText(original),
    reply: tupleText(reply),
  };
}

function stateName(info: number): ConnectionState["state"] {
  switch (info) {
    case NEW:
      return "NEW";
    case RELATED:
    case RELATED_REPLY:
      return "RELATED";
    case ESTABLISHED:
    case ESTABLISHED_REPLY:
      return "ESTABLISHED";
    default:
      return "INVALID";
  }
}

function tupleText({ protocol, source, destination, sourcePort, destinationPort }: Tuple): string {
  const name = protocolName(protocol) ?? String(protocol);
  const [from, to] = [formatIpv4(source), formatIpv4(destination)];
  if (protocol === IPPROTO_ICMP) return `${name} ${from} → ${to} id ${sourcePort}`;
  if (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) return `${name} ${from} → ${to}`;
  return `${name} ${from}:${sourcePort} → ${to}:${destinationPort}`;
}
