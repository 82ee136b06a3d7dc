import type { CablePlan, MachinePlan, Plan } from "./side.js";

/**
 * No IPv6 and no group reports of the bridge's own, so that nothing is sent that no script asks for. A new namespace of a real kernel takes IPv4 settings from the first
 * one, so all that matters is set. ICMP errors have no rate limit, since it goes by the clock.
 */
const QUIET = [
  "net.ipv6.conf.all.disable_ipv6=1",
  "net.ipv6.conf.default.disable_ipv6=1",
  "net.ipv4.igmp_link_local_mcast_reports=0",
  "net.ipv4.conf.all.rp_filter=0",
  "net.ipv4.conf.default.rp_filter=0",
  "net.ipv4.conf.all.send_redirects=0",
  "net.ipv4.conf.default.send_redirects=0",
  "net.ipv4.icmp_ratemask=0",
].join(" ");

/** Neighbours of a device stay as they are for minutes, and who does not answer is given up after three tries of 100 ms each. */
export function patient(place: string, device: string): string {
  const settings = ["base_reachable_time_ms=600000", "delay_first_probe_time=60", "retrans_time_ms=100"];
  return `${place}: sysctl -qw ${settings.map((setting) => `net.ipv4.neigh.${device}.${setting}`).join(" ")}`;
}

const BEFORE = [`sysctl -qw ${QUIET}`];

function host(name: string, number: number): MachinePlan {
  return { name, nics: [{ name: "enX0", mac: `02:00:00:00:00:0${number}` }], setup: BEFORE };
}

const HOSTS = ["a", "b", "c"] as const;

/** Hosts a, b (and c) on one switch. Their addresses are the scenes' affair: 192.168.56.101 and so on. */
function lan(count: number): Plan {
  const hosts = HOSTS.slice(0, count);
  const ports = hosts.map((_, i) => ({ name: `port${i + 1}`, mac: `02:00:00:00:01:0${i + 1}` }));
  return {
    machines: [...hosts.map((name, i) => host(name, i + 1)), { name: "sw", nics: ports, setup: BEFORE }],
    cables: hosts.map((name, i): CablePlan => ({ from: [name, "enX0"], to: ["sw", `port${i + 1}`] })),
  };
}

export const LAN2 = lan(2);
export const LAN3 = lan(3);

/** Hosts a and b on networks of their own, with router r between. */
export const ROUTED: Plan = {
  machines: [
    host("a", 1),
    host("b", 2),
    {
      name: "r",
      nics: [
        { name: "eth0", mac: "02:00:00:00:02:01" },
        { name: "eth1", mac: "02:00:00:00:02:02" },
      ],
      setup: BEFORE,
    },
  ],
  cables: [
    { from: ["a", "enX0"], to: ["r", "eth0"] },
    { from: ["b", "enX0"], to: ["r", "eth1"] },
  ],
};

/** The switch at work. */
function switchOn(ports: number): readonly string[] {
  const numbers = Array.from({ length: ports }, (_, i) => i + 1);
  return [
    "sw: ip link add lan address 02:00:00:00:01:00 type bridge",
    ...numbers.map((number) => `sw: ip link set port${number} master lan up`),
    "sw: ip link set lan up",
  ];
}

/** Underlay addresses: 192.168.56.101 for a, .102 for b, .103 for c. */
export function underlay(count: 2 | 3): readonly string[] {
  return [
    ...switchOn(count),
    ...HOSTS.slice(0, count).flatMap((name, i) => [
      patient(name, "enX0"),
      `${name}: ip link set lo up`,
      `${name}: ip link set enX0 up`,
      `${name}: ip addr add 192.168.56.${101 + i}/24 brd + dev enX0`,
    ]),
  ];
}

/** Underlay addresses 10.1.0.2 for a, 10.2.0.2 for b, and the router between. */
export const ROUTED_UNDERLAY: readonly string[] = [
  "r: sysctl -qw net.ipv4.ip_forward=1",
  patient("r", "eth0"),
  patient("r", "eth1"),
  "r: ip link set lo up",
  "r: ip link set eth0 up",
  "r: ip link set eth1 up",
  "r: ip addr add 10.1.0.1/24 brd + dev eth0",
  "r: ip addr add 10.2.0.1/24 brd + dev eth1",
  ...["a", "b"].flatMap((name, i) => [
    patient(name, "enX0"),
    `${name}: ip link set lo up`,
    `${name}: ip link set enX0 up`,
    `${name}: ip addr add 10.${i + 1}.0.2/24 brd + dev enX0`,
    `${name}: ip route add default via 10.${i + 1}.0.1`,
  ]),
];

export interface BridgeOptions {
  readonly name?: string;
  /** With prefix length; none: a bridge without address. */
  readonly address?: string;
  readonly mac?: string;
}

/** A bridge for containers, as Docker makes one for a network. */
export function bridge(on: string, { name = "br0", address, mac }: BridgeOptions = {}): readonly string[] {
  const number = HOSTS.indexOf(on as (typeof HOSTS)[number]) + 1;
  return [
    `${on}: ip link add ${name} address ${mac ?? `02:42:00:00:00:0${number}`} type bridge`,
    patient(on, name),
    `${on}: ip link set ${name} up`,
    ...(address === undefined ? [] : [`${on}: ip addr add ${address} brd + dev ${name}`]),
  ];
}

export interface ContainerOptions {
  readonly bridge?: string;
  readonly gateway?: string;
  readonly mac?: string;
  readonly prefix?: number;
}

/** A container: a namespace with eth0 behind the bridge, its MAC made of its address as Docker does. */
export function container(
  on: string,
  name: string,
  address: string,
  options: ContainerOptions = {},
): readonly string[] {
  const { bridge: to = "br0", gateway, prefix = 16 } = options;
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  const mac = options.mac ?? `02:42:${bytes.join(":")}`;
  const port = `02:00:${bytes.join(":")}`;
  return [
    `${on}: ip netns add ${name}`,
    `${on}/${name}: sysctl -qw ${QUIET}`,
    `${on}: ip link add v${name} address ${port} type veth peer name eth0 address ${mac} netns ${name}`,
    patient(`${on}/${name}`, "eth0"),
    `${on}: ip link set v${name} master ${to} up`,
    `${on}/${name}: ip link set lo up`,
    `${on}/${name}: ip link set eth0 up`,
    `${on}/${name}: ip addr add ${address}/${prefix} brd + dev eth0`,
    ...(gateway === undefined ? [] : [`${on}/${name}: ip route add default via ${gateway}`]),
  ];
}

export interface TunnelOptions {
  readonly name?: string;
  readonly bridge?: string | null;
  readonly mac?: string;
}

/** A VXLAN device, `words` after `type vxlan`, as a port of the bridge. */
export function tunnel(
  on: string,
  words: string,
  { name = "vxlan0", bridge: to = "br0", mac }: TunnelOptions = {},
): readonly string[] {
  const number = HOSTS.indexOf(on as (typeof HOSTS)[number]) + 1;
  return [
    `${on}: ip link add ${name} address ${mac ?? `02:56:00:00:00:0${number}`} type vxlan ${words}`,
    patient(on, name),
    `${on}: ip link set ${name} up`,
    ...(to === null ? [] : [`${on}: ip link set ${name} master ${to}`]),
  ];
}

/** Two hosts, a container on each, a tunnel with `remote` between: what the seed builds by hand. */
export function byHand(words = "id 10 dstport 4789 dev enX0"): readonly string[] {
  return [
    ...underlay(2),
    ...bridge("a"),
    ...container("a", "c1", "172.18.0.11"),
    ...tunnel("a", `${words} remote 192.168.56.102`),
    ...bridge("b"),
    ...container("b", "c2", "172.18.0.22"),
    ...tunnel("b", `${words} remote 192.168.56.101`),
  ];
}
