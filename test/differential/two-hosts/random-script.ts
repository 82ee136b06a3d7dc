import { type Chooser, generate } from "../chooser.js";
import { bridge, container, LAN3, tunnel, underlay } from "./plans.js";
import type { Scene } from "./scene.js";
import { gratuitousArp, unknownFrame } from "./scenes/frames.js";

const HOSTS = ["a", "b", "c"] as const;
const STEPS = 8;

/** Why the order of frames is not compared. */
const CROSSING =
  "which of two frames that cross on the way is seen first follows from times, and those of the lab are modelled";

interface Member {
  readonly host: (typeof HOSTS)[number];
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}

/** Two containers on a, one on b, one on c. */
const MEMBERS: readonly Member[] = [
  member("a", "c1", 11),
  member("a", "c4", 44),
  member("b", "c2", 22),
  member("c", "c3", 33),
];

function member(host: Member["host"], name: string, number: number): Member {
  return {
    host,
    name,
    address: `172.18.0.${number}`,
    mac: `02:42:ac:12:00:${number.toString(16).padStart(2, "0")}`,
  };
}

/** The script of a seed: three hosts with tunnels that may differ, then steps drawn by chance. */
export function randomScript(seed: number): Scene {
  return generate(seed, (choose) => ({
    name: `random script ${seed}`,
    plan: LAN3,
    setup: setup(choose),
    steps: Array.from({ length: STEPS }, () => step(choose)),
    listEvery: 4,
    unordered: CROSSING,
    ...(choose.percent(30) ? { listings: ["fdb", "neigh", "link", "rules", "connections"] as const } : {}),
  }));
}

function underlayOf(host: string): string {
  return `192.168.56.${101 + HOSTS.indexOf(host as Member["host"])}`;
}

function setup(choose: Chooser): readonly string[] {
  const port = choose.one(4789, 4789, 8472);
  return [
    ...underlay(3),
    ...acquainted(),
    ...HOSTS.flatMap((host, i) => [
      ...bridge(host, choose.percent(40) ? { address: `172.18.0.${choose.one(1, i + 1)}/16` } : {}),
      ...MEMBERS.filter((one) => one.host === host).flatMap(({ name, address }) =>
        container(host, name, address),
      ),
      ...tunnel(host, words(choose, host, port)),
      ...floods(choose, host),
      ...(choose.percent(20) ? [`${host}: sysctl -qw net.bridge.bridge-nf-call-iptables=0`] : []),
    ]),
  ];
}

/**
 * The machines know each other's MAC address before the tunnels come. A copy of a broadcast that waits for ARP would race with the answers to the other copies, and
 * what a bridge has learned by then would follow from times; scenes have that with one order that can only be so.
 */
function acquainted(): readonly string[] {
  return HOSTS.flatMap((host) =>
    HOSTS.filter((other) => other > host).map((other) => `${host}: ping -n -q -c1 -W1 ${underlayOf(other)}`),
  );
}

function words(choose: Chooser, host: string, port: number): string {
  const others = HOSTS.filter((other) => other !== host);
  return [
    `id ${choose.weighted([
      [9, 10],
      [1, 11],
    ])} dstport ${port}`,
    choose.one("dev enX0", ""),
    choose.percent(30) ? `remote ${underlayOf(choose.one(...others))}` : "",
    choose.percent(20) ? `local ${underlayOf(host)}` : "",
    choose.one("", "", "", "nolearning"),
    choose.one("", "", "", "noudpcsum"),
    choose.one("", "", "ttl 9", "ttl inherit"),
    choose.one("", "", "", "tos inherit"),
    choose.one("", "", "", "df set"),
  ]
    .filter((word) => word !== "")
    .join(" ");
}

function floods(choose: Chooser, host: string): readonly string[] {
  return HOSTS.filter((other) => other !== host && choose.percent(80)).map(
    (other) => `${host}: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst ${underlayOf(other)}`,
  );
}

function step(choose: Chooser): string {
  return choose.weighted<(choose: Chooser) => string>([
    [50, ping],
    [16, entry],
    [8, upOrDown],
    [6, frame],
    [5, mtu],
    [5, rule],
    [4, neighbour],
    [3, plug],
  ])(choose);
}

function ping(choose: Chooser): string {
  const from = choose.one(...MEMBERS);
  const to = choose.percent(90) ? choose.one(...MEMBERS).address : choose.one("172.18.0.1", "172.18.0.99");
  const size = choose.weighted([
    [6, ""],
    [1, "-s 1422"],
    [1, "-s 1423"],
    [1, "-s 1472"],
    [1, "-s 2500"],
  ]);
  const mode = choose.one("", "", "-M do", "-M dont");
  const service = choose.one("", "", "", "-Q 0x12");
  return `${from.host}/${from.name}: ping -n -c1 -W0.4 ${[size, mode, service].filter((word) => word !== "").join(" ")} ${to}`.replace(
    / +/g,
    " ",
  );
}

function entry(choose: Chooser): string {
  const host = choose.one(...HOSTS);
  const mac = choose.percent(25) ? "00:00:00:00:00:00" : choose.one(...MEMBERS).mac;
  const verb = choose.one("add", "append", "replace", "del");
  const to = `dst ${underlayOf(choose.one(...HOSTS))}`;
  const rest = verb === "del" ? choose.one("", to) : `${to} ${choose.one("", "", "static", "vni 11")}`;
  return `${host}: bridge fdb ${verb} ${mac} dev vxlan0 ${rest}`.trimEnd();
}

function upOrDown(choose: Chooser): string {
  const host = choose.one(...HOSTS);
  const device = choose.one("vxlan0", "vxlan0", "enX0", "br0");
  return `${host}: ip link set ${device} ${choose.one("down", "up")}`;
}

function frame(choose: Chooser): string {
  const { host, name, mac, address } = choose.one(...MEMBERS);
  const bytes = choose.percent(50)
    ? gratuitousArp(mac, address)
    : unknownFrame(mac, choose.one(...MEMBERS).mac, "88b5", choose.one(46, 1436, 1450));
  return `${host}/${name}: frame eth0 ${bytes}`;
}

function mtu(choose: Chooser): string {
  const { host, name } = choose.one(...MEMBERS);
  return choose.percent(60)
    ? `${host}/${name}: ip link set eth0 mtu ${choose.one(1400, 1450, 1500)}`
    : `${host}: ip link set vxlan0 mtu ${choose.one(1400, 1450, 1500)}`;
}

function rule(choose: Chooser): string {
  const host = choose.one(...HOSTS);
  const chain = choose.one("-A FORWARD", "-I FORWARD", "-D FORWARD", "-A INPUT", "-A OUTPUT");
  const match = choose.one(
    "-p icmp",
    `-s ${choose.one(...MEMBERS).address}`,
    "-p udp --dport 4789",
    "-p tcp",
  );
  return `${host}: iptables ${chain} ${match} -j ${choose.one("DROP", "ACCEPT")}`;
}

function neighbour(choose: Chooser): string {
  const { host, name } = choose.one(...MEMBERS);
  const { address, mac } = choose.one(...MEMBERS);
  return choose.percent(50)
    ? `${host}/${name}: ip neigh flush dev eth0`
    : `${host}/${name}: ip neigh replace ${address} lladdr ${mac} dev eth0`;
}

function plug(choose: Chooser): string {
  const host = choose.one(...HOSTS);
  return `${host}: ip link set vxlan0 ${choose.one("nomaster", "master br0", "master br0")}`;
}
