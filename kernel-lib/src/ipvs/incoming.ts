import type { HookName, Verdict } from "../netfilter/hook.js";
import { rewriteError } from "../netfilter/rewrite.js";
import { IPPROTO_ICMP, IPPROTO_TCP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { TCP_SYN, tcp } from "../wire/tcp.js";
import { advance, count } from "./advance.js";
import type { IpvsConnection } from "./connection.js";
import type { Ipvs } from "./ipvs.js";
import { schedule } from "./schedule.js";
import { TCP_FIN_WAIT, TCP_TIME_WAIT } from "./tcp-states.js";
import { transmit } from "./transmit.js";

/** A packet of a client, at INPUT or OUTPUT (ip_vs_in_hook): it goes to the server of its connection, which is chosen at the first packet. */
export function handleIncoming(ipvs: Ipvs, packet: Packet, hook: HookName): Verdict {
  if (packet.balanced || (hook === "INPUT" && packet.type !== "host")) return "accept";
  const { bytes, network, end } = packet;
  if (ipv4.protocol.get(bytes, network) === IPPROTO_ICMP) return translateError(ipvs, packet);
  const { ends } = ipvs;
  if (!ends.read(bytes, network, end)) return "accept";
  let connection = ipvs.connections.findIn(ends);
  if (connection !== null && beginsAnew(ipvs, packet, connection)) {
    ipvs.connections.remove(connection);
    if (ipvs.port.dropsReused && ipvs.settings.conntrack) return "drop";
    connection = null;
  }
  if (connection === null) {
    const scheduled = schedule(ipvs, packet, { ...ends });
    if (typeof scheduled === "string") return scheduled;
    connection = scheduled;
  }
  if (!connection.destination.available) {
    if (ipvs.settings.expireNodestConnections) ipvs.connections.remove(connection);
    return "drop";
  }
  count(ipvs, connection, packet, "in");
  advance(ipvs, connection, packet, "input");
  ipvs.connections.refresh(connection);
  tell(ipvs, connection, hook);
  return transmit(ipvs, packet, connection);
}

/** A SYN on a connection that is over makes a new one (net.ipv4.vs.conn_reuse_mode), as does one whose server is quiesced with expire_nodest_conn. */
function beginsAnew(ipvs: Ipvs, { bytes, network }: Packet, connection: IpvsConnection): boolean {
  const { reuseMode, expireNodestConnections } = ipvs.settings;
  if (connection.protocol !== IPPROTO_TCP || connection.followers > 0) return false;
  if ((tcp.flags.get(bytes, network + ipv4HeaderLength(bytes, network)) & TCP_SYN) === 0) return false;
  if (expireNodestConnections && connection.destination.weight === 0) return true;
  if (reuseMode === 0) return false;
  if (connection.state === TCP_TIME_WAIT) return true;
  return (reuseMode & 2) !== 0 && connection.state === TCP_FIN_WAIT && connection.inputOnly;
}

/** A client's ICMP error about what it got from a virtual address goes to the server that sent it (ip_vs_in_icmp). */
function translateError(ipvs: Ipvs, packet: Packet): Verdict {
  if (!ipvs.ends.readQuoted(packet)) return "accept";
  const { protocol, client, clientPort, virtual, virtualPort } = ipvs.ends;
  // What is quoted went the other way: its destination is the client.
  const connection = ipvs.connections.findIn({
    protocol,
    client: virtual,
    clientPort: virtualPort,
    virtual: client,
    virtualPort: clientPort,
  });
  if (connection === null || connection.method !== "masq") return "accept";
  count(ipvs, connection, packet, "in");
  ipvs.target.destination = connection.address;
  ipvs.target.destinationPort = connection.port;
  if (!rewriteError(packet, ipvs.target, "destination")) return "accept";
  return transmit(ipvs, packet, connection, true);
}

/** While a trace is on: which service took the packet, and where it goes. */
export function tell(ipvs: Ipvs, connection: IpvsConnection, hook: HookName): void {
  const { steps } = ipvs.port.netfilter;
  if (steps === null) return;
  const { origin } = connection.destination;
  steps.push({
    table: "ipvs",
    chain: hook,
    rule: 0,
    text: ipvs.describe(connection),
    matched: true,
    ...(origin === null ? {} : { origin }),
  });
}
