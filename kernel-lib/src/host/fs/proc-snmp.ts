import type { Netns } from "../../stack/netns.js";

/** ICMP types in the order of icmpmibmap. */
const ICMP_TYPES: readonly (readonly [string, number])[] = [
  ["DestUnreachs", 3],
  ["TimeExcds", 11],
  ["ParmProbs", 12],
  ["SrcQuenchs", 4],
  ["Redirects", 5],
  ["Echos", 8],
  ["EchoReps", 0],
  ["Timestamps", 13],
  ["TimestampReps", 14],
  ["AddrMasks", 17],
  ["AddrMaskReps", 18],
];

/** Two lines: the names, and the values below them. */
function lines(group: string, counters: readonly (readonly [string, number])[]): string {
  const names = counters.map(([name]) => ` ${name}`).join("");
  const values = counters.map(([, value]) => ` ${value}`).join("");
  return `${group}:${names}\n${group}:${values}\n`;
}

function icmpCounters({ counters: { icmp } }: Netns): (readonly [string, number])[] {
  return [
    ["InMsgs", icmp.InMsgs],
    ["InErrors", icmp.InErrors],
    ["InCsumErrors", icmp.InCsumErrors],
    ...ICMP_TYPES.map(([name, type]) => [`In${name}`, icmp.inTypes[type]!] as const),
    ["OutMsgs", icmp.OutMsgs],
    ["OutErrors", icmp.OutErrors],
    ["OutRateLimitGlobal", 0],
    ["OutRateLimitHost", 0],
    ...ICMP_TYPES.map(([name, type]) => [`Out${name}`, icmp.outTypes[type]!] as const),
  ];
}

/** One line pair for the types that have been seen; none while there are none. */
function icmpTypeCounters({ counters: { icmp } }: Netns): string {
  const seen = (types: Uint32Array, way: string) =>
    [...types].flatMap((count, type) => (count === 0 ? [] : [[`${way}Type${type}`, count] as const]));
  const all = [...seen(icmp.inTypes, "In"), ...seen(icmp.outTypes, "Out")];
  return all.length === 0 ? "" : lines("IcmpMsg", all);
}

function tcpCounters({ counters: { tcp }, tcp: sockets }: Netns): (readonly [string, number])[] {
  const standing = sockets.list().filter(({ state }) => state === "ESTABLISHED" || state === "CLOSE_WAIT");
  return [
    ["RtoAlgorithm", 1],
    ["RtoMin", 200],
    ["RtoMax", 120000],
    ["MaxConn", -1],
    ["ActiveOpens", tcp.ActiveOpens],
    ["PassiveOpens", tcp.PassiveOpens],
    ["AttemptFails", tcp.AttemptFails],
    ["EstabResets", tcp.EstabResets],
    ["CurrEstab", standing.length],
    ["InSegs", tcp.InSegs],
    ["OutSegs", tcp.OutSegs],
    ["RetransSegs", tcp.RetransSegs],
    ["InErrs", tcp.InErrs],
    ["OutRsts", tcp.OutRsts],
    ["InCsumErrors", tcp.InCsumErrors],
  ];
}

const UDP_NAMES =
  "InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors";

function udpCounters(values: Readonly<Record<string, number>>): (readonly [string, number])[] {
  return UDP_NAMES.split(" ").map((name) => [name, values[name] ?? 0]);
}

/** /proc/net/snmp (snmp_seq_show). */
export function snmpText(netns: Netns): string {
  const { ip, udp } = netns.counters;
  const forwarding = netns.sysctls.number("net.ipv4.ip_forward") === 0 ? 2 : 1;
  return (
    lines("Ip", [["Forwarding", forwarding], ["DefaultTTL", netns.defaultTtl], ...Object.entries(ip)]) +
    lines("Icmp", icmpCounters(netns)) +
    icmpTypeCounters(netns) +
    lines("Tcp", tcpCounters(netns)) +
    lines("Udp", udpCounters(udp)) +
    lines("UdpLite", udpCounters({}))
  );
}
