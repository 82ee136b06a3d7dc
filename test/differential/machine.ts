import type { Settings } from "./case.js";

/** A place where frames are put in and caught: the far end of one of the machine's devices. */
export type TapName = "enX0" | "enX1" | "veth1" | "veth2";

/** The machine under test: two network cards and a bridge with two ports, as a router that also runs containers. Each device's far end is a tap. */
export const TAPS: readonly { readonly name: TapName; readonly mac: string; readonly gatewayMac: string }[] =
  [
    { name: "enX0", mac: "02:00:00:00:00:01", gatewayMac: "02:00:00:00:00:01" },
    { name: "enX1", mac: "02:00:00:00:00:02", gatewayMac: "02:00:00:00:00:02" },
    { name: "veth1", mac: "02:00:00:00:00:11", gatewayMac: "02:42:00:00:00:01" },
    { name: "veth2", mac: "02:00:00:00:00:12", gatewayMac: "02:42:00:00:00:01" },
  ];

export interface Neighbour {
  readonly address: string;
  readonly mac: string;
  readonly tap: TapName;
}

/** Who is on the links. The machine knows their MACs for good, so that no ARP comes between. */
export const NEIGHBOURS: readonly Neighbour[] = [
  { address: "10.1.0.2", mac: "02:00:0a:01:00:02", tap: "enX0" },
  { address: "10.1.0.3", mac: "02:00:0a:01:00:03", tap: "enX0" },
  { address: "10.1.0.254", mac: "02:00:0a:01:00:fe", tap: "enX0" },
  { address: "10.2.0.2", mac: "02:00:0a:02:00:02", tap: "enX1" },
  { address: "10.2.0.3", mac: "02:00:0a:02:00:03", tap: "enX1" },
  { address: "172.17.0.2", mac: "02:42:ac:11:00:02", tap: "veth1" },
  { address: "172.17.0.3", mac: "02:42:ac:11:00:03", tap: "veth2" },
  { address: "172.17.0.4", mac: "02:42:ac:11:00:04", tap: "veth2" },
];

/** Farther away: behind the default gateway, and behind 10.2.0.3. */
export const FAR: readonly Neighbour[] = [
  { address: "203.0.113.9", mac: "02:00:0a:01:00:fe", tap: "enX0" },
  { address: "198.51.100.7", mac: "02:00:0a:02:00:03", tap: "enX1" },
];

export const LOCAL_ADDRESSES: readonly string[] = ["10.1.0.1", "10.1.0.100", "10.2.0.1", "172.17.0.1"];

/** UDP ports on which the machine itself listens. */
export const SERVICES: readonly number[] = [5353, 5000];

function deviceOf(tap: TapName): string {
  return tap.startsWith("veth") ? "docker0" : tap;
}

/** What `ip` is told, line by line, on either side. */
export function ipCommands(settings: Settings): readonly string[] {
  const hairpin = settings.hairpin ? "on" : "off";
  return [
    "link set lo up",
    "link add docker0 address 02:42:00:00:00:01 type bridge",
    ...["veth1", "veth2"].flatMap((port) => [
      `link set ${port} master docker0`,
      `link set ${port} type bridge_slave hairpin ${hairpin}`,
      `link set ${port} up`,
    ]),
    "link set docker0 up",
    "link set enX0 up",
    "link set enX1 up",
    "addr add 10.1.0.1/24 brd 10.1.0.255 dev enX0",
    "addr add 10.1.0.100/24 brd 10.1.0.255 dev enX0",
    "addr add 10.2.0.1/24 brd 10.2.0.255 dev enX1",
    "addr add 172.17.0.1/16 brd 172.17.255.255 dev docker0",
    ...NEIGHBOURS.map(
      ({ address, mac, tap }) => `neigh add ${address} lladdr ${mac} dev ${deviceOf(tap)} nud permanent`,
    ),
    "route add default via 10.1.0.254",
    "route add 198.51.100.0/24 via 10.2.0.3",
  ];
}

/** Before the devices come: no IPv6 and no group reports (a bridge joins 224.0.0.106), so that nothing is sent that no case asks for. */
export const SYSCTLS_BEFORE: readonly (readonly [string, number])[] = [
  ["net.ipv6.conf.all.disable_ipv6", 1],
  ["net.ipv6.conf.default.disable_ipv6", 1],
  ["net.ipv4.igmp_link_local_mcast_reports", 0],
  ["net.ipv4.conf.default.rp_filter", 0],
];

/** ICMP errors without a rate limit and no redirects: both go by the clock. */
export function sysctls(settings: Settings): readonly (readonly [string, number])[] {
  return [
    ["net.ipv4.ip_forward", 1],
    ["net.ipv4.icmp_ratemask", 0],
    ["net.ipv4.icmp_echo_ignore_broadcasts", settings.ignoreBroadcastEcho ? 1 : 0],
    ["net.bridge.bridge-nf-call-iptables", settings.bridgeCalls ? 1 : 0],
    ...["all", "default", "enX0", "enX1", "docker0"].flatMap((device): [string, number][] => [
      [`net.ipv4.conf.${device}.send_redirects`, 0],
      [`net.ipv4.conf.${device}.rp_filter`, settings.reversePath ? 1 : 0],
      [`net.ipv4.conf.${device}.route_localnet`, settings.routeLocalnet ? 1 : 0],
    ]),
  ];
}
