import type { Ipvs } from "../../ipvs/ipvs.js";
import type { Service } from "../../ipvs/service.js";
import type { IpvsCounters } from "../../ipvs/statistics.js";
import { IPPROTO_TCP, IPPROTO_UDP } from "../../wire/ipv4.js";

const METHOD = { masq: "Masq", route: "Route", tunnel: "Tunnel" } as const;
const HEAD = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;

function hex(value: number, digits = 0): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

function protocolName(protocol: number): string {
  return protocol === IPPROTO_TCP ? "TCP" : protocol === IPPROTO_UDP ? "UDP" : "IP";
}

/** /proc/net/ip_vs: the services, those by mark last, with their servers, the newest first. */
export function ipvsText({ services }: Ipvs): string {
  const byAddress = services.filter(({ fwmark }) => fwmark === 0);
  const byMark = services.filter(({ fwmark }) => fwmark !== 0);
  return HEAD + [...byAddress, ...byMark].map(serviceLines).join("");
}

function serviceLines({
  fwmark,
  protocol,
  address,
  port,
  scheduler,
  settings,
  destinations,
}: Service): string {
  const { persistence, netmask, onePacket } = settings;
  const first =
    fwmark === 0
      ? `${protocolName(protocol)}  ${hex(address, 8)}:${hex(port, 4)} ${scheduler.name} ${onePacket ? "ops " : ""}`
      : `FWM  ${hex(fwmark, 8)} ${scheduler.name} ${onePacket ? "ops" : ""}`;
  const last = persistence === null ? "" : `persistent ${persistence * 1000} ${hex(netmask, 8)}`;
  const servers = destinations.map((server) => {
    const ends = `${String(server.active).padEnd(10)} ${String(server.inactive).padEnd(10)}`;
    const at = `${hex(server.address, 8)}:${hex(server.port, 4)}`;
    return `  -> ${at}      ${METHOD[server.method].padEnd(7)} ${String(server.weight).padEnd(6)} ${ends}\n`;
  });
  return `${first}${last === "" && fwmark === 0 ? " " : last}\n${servers.join("")}`;
}

/** /proc/net/ip_vs_conn: a line for each connection, its lifetime in seconds. */
export function ipvsConnectionsText({ connections, now }: Ipvs): string {
  const lines = connections.list().map((one) => {
    const ends = [
      [one.client, one.clientPort],
      [one.virtual, one.virtualPort],
      [one.address, one.port],
    ].map(([address, port]) => `${hex(address!, 8)} ${hex(port!, 4)}`);
    const left = String(Math.max(0, Math.floor((one.expiresAt - now) / 1e9))).padStart(7);
    return `${protocolName(one.protocol).padEnd(3)} ${ends.join(" ")} ${one.stateName.padEnd(11)} ${left}\n`;
  });
  return `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n${lines.join("")}`;
}

/** /proc/net/ip_vs_stats: all services together, in hexadecimal. */
export function ipvsStatsText({ statistics, now }: Ipvs): string {
  const line = ({ connections, inPackets, outPackets, inBytes, outBytes }: IpvsCounters) =>
    `${[connections, inPackets, outPackets].map((value) => hex(value).padStart(8)).join(" ")} ${hex(inBytes).padStart(16)} ${hex(outBytes).padStart(16)}\n`;
  return (
    "   Total Incoming Outgoing         Incoming         Outgoing\n" +
    "   Conns  Packets  Packets            Bytes            Bytes\n" +
    `${line(statistics.total)}\n` +
    " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n" +
    line(statistics.rates(now))
  );
}
