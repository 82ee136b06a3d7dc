import type { HookName, Verdict } from "../netfilter/hook.js";
import { rewriteError, rewritePacket } from "../netfilter/rewrite.js";
import { IPPROTO_ICMP, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { advance, count } from "./advance.js";
import type { IpvsConnection } from "./connection.js";
import { tell } from "./incoming.js";
import type { Ipvs } from "./ipvs.js";
import { leaveTracking } from "./transmit.js";

/** A packet of a real server, at FORWARD, INPUT or OUTPUT (ip_vs_out_hook): it gets the virtual address and port as its source again. */
export function handleOutgoing(ipvs: Ipvs, packet: Packet, hook: HookName): Verdict {
  if (packet.balanced || ipvs.connections.count === 0) return "accept";
  const { bytes, network, end } = packet;
  if (ipv4.protocol.get(bytes, network) === IPPROTO_ICMP) return translateError(ipvs, packet);
  const { ends } = ipvs;
  if (!ends.read(bytes, network, end)) return "accept";
  const connection = ipvs.connections.findOut(
    ends.protocol,
    ends.client,
    ends.clientPort,
    ends.virtual,
    ends.virtualPort,
  );
  if (connection === null || connection.method !== "masq") return "accept";
  ipvs.target.source = connection.virtual;
  ipvs.target.sourcePort = connection.virtualPort;
  rewritePacket(packet, ipvs.target, "source");
  count(ipvs, connection, packet, "out");
  advance(ipvs, connection, packet, "output");
  ipvs.connections.refresh(connection);
  tell(ipvs, connection, hook);
  finish(ipvs, packet);
  return "accept";
}

/** An ICMP error about what went to a server comes, for the client, from the virtual address and is about it (ip_vs_out_icmp). */
function translateError(ipvs: Ipvs, packet: Packet): Verdict {
  const { ends } = ipvs;
  if (!ends.readQuoted(packet)) return "accept";
  const connection: IpvsConnection | null = ipvs.connections.findOut(
    ends.protocol,
    ends.virtual,
    ends.virtualPort,
    ends.client,
    ends.clientPort,
  );
  if (connection === null || connection.method !== "masq") return "accept";
  ipvs.target.source = connection.virtual;
  ipvs.target.sourcePort = connection.virtualPort;
  if (!rewriteError(packet, ipvs.target, "source")) return "accept";
  count(ipvs, connection, packet, "out");
  finish(ipvs, packet);
  return "accept";
}

function finish(ipvs: Ipvs, packet: Packet): void {
  packet.balanced = true;
  if (!ipvs.settings.conntrack) leaveTracking(packet);
}
