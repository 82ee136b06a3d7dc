import { IPPROTO_TCP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { tcp } from "../wire/tcp.js";
import type { IpvsConnection } from "./connection.js";
import type { Ipvs } from "./ipvs.js";
import { isActiveState, nextTcpState, TCP_ESTABLISHED } from "./tcp-states.js";

/** Counts a packet on its server, its service and the whole (ip_vs_in_stats, ip_vs_out_stats); bytes of the IPv4 packet. */
export function count(ipvs: Ipvs, connection: IpvsConnection, packet: Packet, way: "in" | "out"): void {
  const { destination, service } = connection;
  const length = ipv4.totalLength.get(packet.bytes, packet.network);
  for (const statistics of [destination.statistics, service.statistics, ipvs.statistics])
    if (way === "in") statistics.countIn(ipvs.now, length);
    else statistics.countOut(ipvs.now, length);
}

/** Takes a connection's state on by a packet (ip_vs_set_state), and its lifetime with it. */
export function advance(
  ipvs: Ipvs,
  connection: IpvsConnection,
  packet: Packet,
  way: "input" | "output",
): void {
  if (connection.protocol !== IPPROTO_TCP) {
    connection.timeout = ipvs.settings.udp;
    if (way === "output" && connection.template !== null) connection.template.assured = true;
    return;
  }
  const { bytes, network } = packet;
  const flags = tcp.flags.get(bytes, network + ipv4HeaderLength(bytes, network));
  if (way === "output") connection.inputOnly = false;
  const next = nextTcpState(connection.state, flags, connection.inputOnly ? "input only" : way);
  if (next !== connection.state) setActive(connection, isActiveState(next));
  connection.state = next;
  if (next === TCP_ESTABLISHED && connection.template !== null) connection.template.assured = true;
  const timeout = ipvs.settings.tcp[next]!;
  const sooner = timeout < connection.timeout;
  connection.timeout = timeout;
  if (!sooner) return;
  ipvs.connections.refresh(connection);
  ipvs.connections.shorten(connection);
}

function setActive(connection: IpvsConnection, active: boolean): void {
  if (connection.active === active) return;
  connection.active = active;
  const { destination } = connection;
  destination.active += active ? 1 : -1;
  destination.inactive += active ? -1 : 1;
}
