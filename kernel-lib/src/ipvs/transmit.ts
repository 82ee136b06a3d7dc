import { connectionOf, isReply, STATUS_CONFIRMED, UNTRACKED } from "../netfilter/conntrack/connection.js";
import type { Verdict } from "../netfilter/hook.js";
import { rewritePacket } from "../netfilter/rewrite.js";
import type { Path } from "../route/path.js";
import { decrementTtl, fillIpv4Checksum, IPV4_LENGTH, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { IpvsConnection } from "./connection.js";
import type { Ipvs } from "./ipvs.js";

/** IPv4 in IPv4 (RFC 2003). */
const IPPROTO_IPIP = 4;

/** Sends a packet of a connection on to its server (ip_vs_nat_xmit, ip_vs_dr_xmit, ip_vs_tunnel_xmit). `translated`: an ICMP error that is rewritten already. */
export function transmit(
  ipvs: Ipvs,
  packet: Packet,
  connection: IpvsConnection,
  translated = false,
): Verdict {
  const { port, settings } = ipvs;
  const path = port.findPath(connection.address);
  if (path === null) return "drop";
  const local = path.type === "local";
  if (!local && !mayLeave(ipvs, packet, path, connection)) return "drop";
  if (connection.method === "masq" && !translated) {
    ipvs.target.destination = connection.address;
    ipvs.target.destinationPort = connection.port;
    rewritePacket(packet, ipvs.target, "destination");
  }
  packet.balanced = true;
  if (!settings.conntrack) leaveTracking(packet);
  else if (connection.method === "masq") tellTracking(packet, connection);
  if (local) return "accept";
  if (connection.method === "tunnel") wrap(ipvs, packet, path, connection);
  port.send(packet, path);
  return "stolen";
}

/** TTL and MTU, as for a packet that is forwarded; false when its sender has been told. */
function mayLeave({ port }: Ipvs, packet: Packet, path: Path, { method }: IpvsConnection): boolean {
  const { bytes, network } = packet;
  if (ipv4.ttl.get(bytes, network) <= 1) {
    port.sendTimeExceeded(packet);
    return false;
  }
  decrementTtl(bytes, network);
  const mtu = method === "tunnel" ? path.mtu - IPV4_LENGTH : path.mtu;
  const length = packet.end - network;
  if (length <= mtu || packet.gsoSize > 0 || ipv4.dontFragment.get(bytes, network) === 0) return true;
  port.sendFragmentationNeeded(packet, mtu);
  return false;
}

/** From here on netfilter does not track the packet (ip_vs_notrack): net.ipv4.vs.conntrack is 0. */
export function leaveTracking(packet: Packet): void {
  packet.connection = null;
  packet.connectionInfo = UNTRACKED;
}

/** Netfilter shall expect the answer from the real server (ip_vs_update_conntrack): nat's POSTROUTING then works on what IPVS has made of the connection. */
function tellTracking(packet: Packet, { address, port }: IpvsConnection): void {
  const tracked = connectionOf(packet);
  if (tracked === null || isReply(packet.connectionInfo) || (tracked.status & STATUS_CONFIRMED) !== 0) return;
  tracked.reply.source = address;
  tracked.reply.sourcePort = port;
}

/** Puts the packet into another one to the server. */
function wrap(ipvs: Ipvs, packet: Packet, path: Path, { address }: IpvsConnection): void {
  const inner = packet.network;
  const { bytes: before } = packet;
  const [tos, ttl, df] = [
    ipv4.tos.get(before, inner),
    ipv4.ttl.get(before, inner),
    ipv4.dontFragment.get(before, inner),
  ];
  const at = packet.push(IPV4_LENGTH);
  const { bytes } = packet;
  bytes.fill(0, at, at + IPV4_LENGTH);
  bytes[at] = 0x45;
  ipv4.tos.set(bytes, at, tos);
  ipv4.totalLength.set(bytes, at, packet.length);
  ipv4.id.set(bytes, at, ipvs.port.identify(path.source, address, IPPROTO_IPIP));
  ipv4.dontFragment.set(bytes, at, df);
  ipv4.ttl.set(bytes, at, ttl);
  ipv4.protocol.set(bytes, at, IPPROTO_IPIP);
  ipv4.source.set(bytes, at, path.source);
  ipv4.destination.set(bytes, at, address);
  fillIpv4Checksum(bytes, at);
  packet.network = at;
  packet.transport = at + IPV4_LENGTH;
}
