import type { Verdict } from "../netfilter/hook.js";
import { UNREACHABLE_PORT } from "../wire/icmp.js";
import { IPPROTO_TCP, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { TCP_SYN, tcp } from "../wire/tcp.js";
import { type ConnectionEnds, IpvsConnection } from "./connection.js";
import type { Destination } from "./destination.js";
import type { Ipvs } from "./ipvs.js";
import { poolOf, type Service } from "./service.js";

const FTP = 21;
const FTP_DATA = 20;
const NETMASK_ALL = 0xffffffff;

/** Makes the connection of a first packet (ip_vs_schedule). A verdict when none is made: the packet is not for IPVS, or no server may take it. */
export function schedule(ipvs: Ipvs, packet: Packet, ends: ConnectionEnds): IpvsConnection | Verdict {
  if (ends.protocol === IPPROTO_TCP && !ipvs.settings.sloppyTcp && !isSyn(packet)) return "accept";
  const service = ipvs.find(packet.mark, ends.protocol, ends.virtual, ends.virtualPort);
  // A connection from port 20 is the data of an FTP server, whose control connection would have announced it.
  if (service === null || ends.clientPort === FTP_DATA) return "accept";
  const persistent = service.settings.persistence !== null;
  if (!persistent && service.fwmark === 0 && service.port !== ends.virtualPort) return leave(ipvs, packet);
  const template = persistent ? templateFor(ipvs, service, ends) : null;
  const destination = persistent
    ? (template?.destination ?? null)
    : service.scheduler.choose(poolOf(service), {
        source: ends.client,
        sourcePort: ends.clientPort,
        destination: ends.virtual,
      });
  if (destination === null) return leave(ipvs, packet);
  const { onePacket } = service.settings;
  const connection = new IpvsConnection(
    ends,
    destination.address,
    portFor(service, destination, ends.virtualPort),
    destination,
    false,
    onePacket && ends.protocol !== IPPROTO_TCP,
  );
  if (template !== null) {
    connection.template = template;
    template.followers++;
  }
  ipvs.connections.add(connection);
  for (const statistics of [destination.statistics, service.statistics, ipvs.statistics])
    statistics.countConnection(ipvs.now);
  return connection;
}

function isSyn({ bytes, network }: Packet): boolean {
  return (tcp.flags.get(bytes, network + ipv4HeaderLength(bytes, network)) & TCP_SYN) !== 0;
}

/** No server: the client hears that nobody has the port (ip_vs_leave). */
function leave(ipvs: Ipvs, packet: Packet): Verdict {
  ipvs.port.sendUnreachable(packet, UNREACHABLE_PORT);
  return "drop";
}

/** A server's port, or the packet's own where the server has none. A persistent service of all ports takes any. */
function portFor(service: Service, { port }: Destination, virtualPort: number): number {
  if (service.settings.persistence !== null && service.fwmark === 0 && virtualPort !== service.port)
    return virtualPort;
  return port || virtualPort;
}

/** The template of a client's network: found, or made with a server chosen for it (ip_vs_sched_persist). Null when no server may take it. */
function templateFor(ipvs: Ipvs, service: Service, ends: ConnectionEnds): IpvsConnection | null {
  const { netmask, persistence } = service.settings;
  const ownPort = service.fwmark === 0 && ends.virtualPort === service.port;
  const wanted: ConnectionEnds = {
    protocol: service.fwmark === 0 ? ends.protocol : 0,
    client: netmask === NETMASK_ALL ? ends.client : (ends.client & netmask) >>> 0,
    clientPort: 0,
    virtual: service.fwmark === 0 ? ends.virtual : service.fwmark,
    virtualPort: ownPort && ends.virtualPort !== FTP ? ends.virtualPort : 0,
  };
  let template = ipvs.connections.findIn(wanted, true);
  if (template !== null && !isUsable(ipvs, template)) {
    ipvs.connections.remove(template);
    template = null;
  }
  if (template === null) {
    const destination = service.scheduler.choose(poolOf(service), {
      source: ends.client,
      sourcePort: ends.clientPort,
      destination: ends.virtual,
    });
    if (destination === null) return null;
    const port = ownPort && service.port !== FTP ? destination.port : 0;
    template = new IpvsConnection(wanted, destination.address, port, destination, true, false);
    ipvs.connections.add(template);
  }
  template.timeout = (persistence ?? 0) * 1e9;
  ipvs.connections.refresh(template);
  return template;
}

/** A template of a deleted server is not followed, nor with expire_quiescent_template that of a quiesced one (ip_vs_check_template). */
function isUsable(ipvs: Ipvs, { destination }: IpvsConnection): boolean {
  if (!destination.available) return false;
  return destination.weight !== 0 || !ipvs.settings.expireQuiescentTemplates;
}
