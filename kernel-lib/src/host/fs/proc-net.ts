import { formatMac, type Ipv4, prefixMask } from "../../base/addresses.js";
import type { Device } from "../../link/device.js";
import { isLinkDown, type Route, TABLE_MAIN } from "../../route/route.js";
import type { Netns } from "../../stack/netns.js";
import type { Directory } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { fixedDirectory, generated } from "./nodes.js";
import { conntrackStatText, conntrackText } from "./proc-conntrack.js";
import { ipvsConnectionsText, ipvsStatsText, ipvsText } from "./proc-ipvs.js";
import { netstatText } from "./proc-netstat.js";
import { snmpText } from "./proc-snmp.js";

/** /proc/PID/net: tables of one network namespace in the kernel's own text. */
export function procNet(netns: Netns, source: InodeSource): Directory {
  const { ipvsLoaded: ipvs } = netns;
  return fixedDirectory(source, {
    ...(ipvs === null
      ? {}
      : {
          ip_vs: () => generated(source, () => ipvsText(ipvs)),
          ip_vs_conn: () => generated(source, () => ipvsConnectionsText(ipvs)),
          ip_vs_stats: () => generated(source, () => ipvsStatsText(ipvs)),
        }),
    arp: () => generated(source, () => arpText(netns)),
    dev: () => generated(source, () => devText(netns)),
    netstat: () => generated(source, () => netstatText(netns)),
    nf_conntrack: () => generated(source, () => conntrackText(netns)),
    nf_conntrack_expect: () => generated(source, () => ""),
    route: () => generated(source, () => routeText(netns)),
    snmp: () => generated(source, () => snmpText(netns)),
    stat: () =>
      fixedDirectory(source, { nf_conntrack: () => generated(source, () => conntrackStatText(netns)) }),
    tcp: () => generated(source, () => tcpText(netns)),
    udp: () => generated(source, () => udpText(netns)),
  });
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

/** The kernel prints an address as the number that its bytes make on a little-endian machine. */
function addressHex(address: Ipv4): string {
  const swapped =
    ((address & 255) << 24) | ((address & 0xff00) << 8) | ((address >>> 8) & 0xff00) | (address >>> 24);
  return hex(swapped >>> 0, 8);
}

function byIndex(netns: Netns): Device[] {
  return [...netns.devices.values()].sort((a, b) => a.ifindex - b.ifindex);
}

/** dev_seq_printf_stats. */
function devText(netns: Netns): string {
  const lines = [
    "Inter-|   Receive                                                |  Transmit",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
  ];
  for (const { name, stats } of byIndex(netns)) {
    const rx = `${pad(stats.rxBytes, 7)} ${pad(stats.rxPackets, 7)} ${pad(stats.rxErrors, 4)} ${pad(stats.rxDropped, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(0, 10)} ${pad(stats.rxMulticast, 9)}`;
    const tx = `${pad(stats.txBytes, 8)} ${pad(stats.txPackets, 7)} ${pad(stats.txErrors, 4)} ${pad(stats.txDropped, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(stats.txCarrier, 7)} ${pad(0, 10)}`;
    lines.push(`${name.padStart(6)}: ${rx} ${tx}`);
  }
  return `${lines.join("\n")}\n`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}

/** Flags of arp_format_neigh_entry: complete 0x2, permanent 0x4. */
function arpText(netns: Netns): string {
  const lines = ["IP address       HW type     Flags       HW address            Mask     Device"];
  for (const entry of netns.neighbours.list()) {
    if (entry.state === "NONE" || entry.state === "NOARP") continue;
    const valid = entry.mac !== null && entry.state !== "INCOMPLETE" && entry.state !== "FAILED";
    const flags = `0x${(entry.state === "PERMANENT" ? 0x6 : valid ? 0x2 : 0x0).toString(16)}`;
    const address = [24, 16, 8, 0].map((shift) => (entry.address >>> shift) & 255).join(".");
    const mac = valid ? formatMac(entry.mac!) : "00:00:00:00:00:00";
    lines.push(
      `${address.padEnd(16)} 0x1         ${flags.padEnd(11)} ${mac.padEnd(17)}     *        ${entry.device.name}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const RTF_UP = 1;
const RTF_GATEWAY = 2;
const RTF_HOST = 4;
const RTF_REJECT = 0x200;

/** fib_route_seq_show: every line is 127 characters wide. */
function routeText(netns: Netns): string {
  const rows = netns.fib
    .list(TABLE_MAIN)
    .filter((route) => route.type !== "broadcast" && route.type !== "multicast")
    .map((route) => routeLine(route).padEnd(127));
  const header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT".padEnd(
    127,
  );
  return `${[header, ...rows].join("\n")}\n`;
}

function routeLine(route: Route): string {
  const { address, prefix } = route.destination;
  const flags =
    (isLinkDown(route) ? 0 : RTF_UP) |
    (route.gateway === 0 ? 0 : RTF_GATEWAY) |
    (prefix === 32 ? RTF_HOST : 0) |
    (route.type === "unreachable" || route.type === "prohibit" ? RTF_REJECT : 0);
  const device = route.device?.name ?? "*";
  const mask = addressHex(prefixMask(prefix));
  return `${device}\t${addressHex(address)}\t${addressHex(route.gateway)}\t${hex(flags, 4)}\t0\t0\t${route.metric}\t${mask}\t${route.mtu === 0 ? 0 : route.mtu}\t0\t0`;
}

/** Numbers of TCP states (include/net/tcp_states.h). */
const TCP_STATE: Readonly<Record<string, number>> = {
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECEIVED: 3,
  SYN_RECV: 3,
  FIN_WAIT_1: 4,
  FIN_WAIT1: 4,
  FIN_WAIT_2: 5,
  FIN_WAIT2: 5,
  TIME_WAIT: 6,
  CLOSED: 7,
  CLOSE_WAIT: 8,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
};

function tcpText(netns: Netns): string {
  const lines = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode".padEnd(
      149,
    ),
  ];
  for (const [i, socket] of netns.tcp.list().entries()) {
    const pair = `${addressHex(socket.local.address)}:${hex(socket.local.port, 4)} ${addressHex(socket.remote.address)}:${hex(socket.remote.port, 4)}`;
    const state = hex(TCP_STATE[socket.state] ?? 7, 2);
    lines.push(
      `${pad(i, 4)}: ${pair} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${20000 + i} 1 0000000000000000 100 0 0 10 0`.padEnd(
        149,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}

function udpText(netns: Netns): string {
  const lines = [
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops".padEnd(
      127,
    ),
  ];
  for (const [i, socket] of netns.udp.list().entries()) {
    const pair = `${addressHex(socket.localAddress)}:${hex(socket.localPort, 4)} ${addressHex(socket.remoteAddress)}:${hex(socket.remotePort, 4)}`;
    const state = hex(socket.remotePort === 0 ? 7 : 1, 2);
    lines.push(
      `${pad(i, 5)}: ${pair} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${30000 + i} 2 0000000000000000 0`.padEnd(
        127,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}
