import { describe, expect, test } from "vitest";
import { parseCidr, parseIpv4, parseMac } from "../../kernel-lib/src/base/addresses.js";
import { KernelError } from "../../kernel-lib/src/base/errno.js";
import type { Bridge } from "../../kernel-lib/src/link/bridge.js";
import { routeText } from "../../kernel-lib/src/route/route-text.js";
import { addAddress, deleteAddress, flushAddresses } from "../../kernel-lib/src/stack/config/address.js";
import { addFdb, deleteFdb, listFdb } from "../../kernel-lib/src/stack/config/fdb.js";
import { createLink, deleteLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import {
  addNeighbour,
  changeNeighbour,
  deleteNeighbour,
} from "../../kernel-lib/src/stack/config/neighbour.js";
import { addRoute, changeRoute, deleteRoute, lookupRoute } from "../../kernel-lib/src/stack/config/route.js";
import type { Netns } from "../../kernel-lib/src/stack/netns.js";
import { Cpu } from "../../kernel-lib/src/trace/cpu.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { bridgedHost, newNetns } from "./topology.js";

/** br0, and the pair v0 (10.0.0.1/24, up) and v1, as the recording on a real kernel began. */
function scene() {
  const world = new World(3);
  const netns = newNetns(world, new Cpu(world.scheduler), "n", 1);
  setLink(netns, netns.loopback, { up: true });
  const br0 = createLink(netns, { kind: "bridge", name: "br0" }) as Bridge;
  const v0 = createLink(netns, { kind: "veth", name: "v0", peer: { name: "v1" } });
  const v1 = netns.device("v1")!;
  setLink(netns, v1, { up: true });
  setLink(netns, v0, { up: true });
  addAddress(netns, v0, { address: parseIpv4("10.0.0.1"), prefix: 24 });
  return { netns, br0, v0, v1, lo: netns.loopback };
}
type Scene = ReturnType<typeof scene>;

const ip = parseIpv4;
const net = (text: string) => parseCidr(text, { loose: true });
const raw = (text: string, prefix: number) => ({ address: ip(text), prefix });
const mac = parseMac("02:00:00:00:00:01");

/** What the real kernel (Linux 6.1 with iproute2 6.1) answered to the same requests: `RTNETLINK answers: …` or `Error: …`. */
const REFUSALS: readonly (readonly [string, (scene: Scene) => unknown, string])[] = [
  ["link add br0 again", ({ netns }) => createLink(netns, { kind: "bridge", name: "br0" }), "EEXIST"],
  [
    "veth whose peer exists",
    ({ netns }) => createLink(netns, { kind: "veth", name: "x", peer: { name: "v1" } }),
    "EEXIST",
  ],
  [
    "name of 17 letters",
    ({ netns }) => createLink(netns, { kind: "bridge", name: "thisnameistoolong" }),
    "ERANGE Attribute failed policy validation.",
  ],
  ["master that is no bridge", ({ netns, v0, lo }) => setLink(netns, v0, { master: lo }), "EOPNOTSUPP"],
  ["lo as a port", ({ netns, lo, br0 }) => setLink(netns, lo, { master: br0 }), "EINVAL"],
  [
    "bridge as a port",
    ({ netns, br0 }) => setLink(netns, br0, { master: br0 }),
    "ELOOP Can not enslave a bridge to a bridge.",
  ],
  ["mtu 60", ({ netns, v0 }) => setLink(netns, v0, { mtu: 60 }), "EINVAL mtu less than device minimum."],
  [
    "mtu 70000",
    ({ netns, v0 }) => setLink(netns, v0, { mtu: 70000 }),
    "EINVAL mtu greater than device maximum.",
  ],
  ["rename while up", ({ netns, v0 }) => setLink(netns, v0, { name: "v9" }), "EBUSY"],
  [
    "group MAC",
    ({ netns, v0 }) => setLink(netns, v0, { mac: parseMac("01:00:00:00:00:01") }),
    "EADDRNOTAVAIL",
  ],
  ["delete lo", ({ netns, lo }) => deleteLink(netns, lo), "EOPNOTSUPP"],
  [
    "address twice",
    ({ netns, v0 }) => addAddress(netns, v0, { address: ip("10.0.0.1"), prefix: 24 }),
    "EEXIST",
  ],
  ["address not there", ({ netns, v0 }) => deleteAddress(netns, v0, ip("10.0.0.9"), 24), "EADDRNOTAVAIL"],
  [
    "route by a device that is down",
    ({ netns, br0 }) => addRoute(netns, { destination: net("10.9.0.0/16"), device: br0 }),
    "ENETDOWN Device for nexthop is not up.",
  ],
  [
    "host bits",
    ({ netns, v0 }) => addRoute(netns, { destination: raw("10.9.0.1", 16), device: v0 }),
    "EINVAL Invalid prefix for given prefix length.",
  ],
  [
    "gateway out of reach",
    ({ netns }) => addRoute(netns, { destination: net("10.9.0.0/16"), gateway: ip("10.5.0.1") }),
    "ENETUNREACH Nexthop has invalid gateway.",
  ],
  [
    "gateway by the wrong device",
    ({ netns, v1 }) =>
      addRoute(netns, { destination: net("0.0.0.0/0"), gateway: ip("10.0.0.3"), device: v1 }),
    "ENETUNREACH Nexthop has invalid gateway.",
  ],
  [
    "broadcast as gateway",
    ({ netns }) => addRoute(netns, { destination: net("10.9.0.0/16"), gateway: ip("10.0.0.255") }),
    "EINVAL Nexthop has invalid gateway.",
  ],
  [
    "foreign source",
    ({ netns }) =>
      addRoute(netns, {
        destination: net("10.7.0.0/16"),
        gateway: ip("10.0.0.3"),
        preferredSource: ip("9.9.9.9"),
      }),
    "EINVAL Invalid prefsrc address.",
  ],
  ["route without device", ({ netns }) => addRoute(netns, { destination: net("10.7.0.0/16") }), "ENODEV"],
  [
    "connected route again",
    ({ netns, v0 }) => addRoute(netns, { destination: net("10.0.0.0/24"), device: v0 }),
    "EEXIST",
  ],
  [
    "change of no route",
    ({ netns, v0 }) => changeRoute(netns, { destination: net("10.8.0.0/16"), device: v0 }),
    "ENOENT",
  ],
  ["delete of no route", ({ netns }) => deleteRoute(netns, { destination: net("10.8.0.0/16") }), "ESRCH"],
  ["get without route", ({ netns }) => lookupRoute(netns, { destination: ip("8.8.8.8") }), "ENETUNREACH"],
  [
    "get from a foreign source",
    ({ netns }) => lookupRoute(netns, { destination: ip("10.0.0.9"), source: ip("10.0.0.77") }),
    "ENETUNREACH",
  ],
  [
    "get for a packet that would be forwarded",
    ({ netns, v0 }) =>
      lookupRoute(netns, { destination: ip("10.55.0.1"), source: ip("10.0.0.7"), inputDevice: v0 }),
    "EHOSTUNREACH",
  ],
  [
    "neighbour without MAC",
    ({ netns, v0 }) => addNeighbour(netns, { address: ip("10.0.0.4"), device: v0 }),
    "EINVAL No link layer address given.",
  ],
  ["delete of no neighbour", ({ netns, v0 }) => deleteNeighbour(netns, ip("10.0.0.77"), v0), "ENOENT"],
  [
    "change of no neighbour",
    ({ netns, v0 }) => changeNeighbour(netns, { address: ip("10.0.0.78"), device: v0, mac }),
    "ENOENT",
  ],
  [
    "fdb of a device that is no port",
    ({ netns, v0 }) => addFdb(netns, { mac, device: v0, target: "master" }),
    "EOPNOTSUPP",
  ],
  ["delete of no fdb entry", ({ netns, v0 }) => deleteFdb(netns, { mac, device: v0 }), "ENOENT"],
];

/** Everything that a refused request must leave alone. */
function state(netns: Netns): unknown {
  return [
    [...netns.devices.values()].map((d) => [
      d.name,
      d.ifindex,
      d.mac,
      d.mtu,
      d.up,
      d.master?.name,
      d.addresses,
    ]),
    netns.fib.tables.map((table) => netns.fib.list(table).map(routeText)),
    netns.neighbours.list().map((entry) => [entry.address, entry.state, entry.mac]),
    listFdb(netns).map((line) => [line.mac, line.device.name, line.vlan, line.state]),
    netns.sysctls.names().length,
  ];
}

test.each(REFUSALS)("refused as by Linux, and nothing changed: %s", (_name, request, expected) => {
  const scenery = scene();
  const before = state(scenery.netns);
  let answer = "accepted";
  try {
    request(scenery);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    answer = error.extack === null ? error.errno : `${error.errno} ${error.extack}`;
  }
  expect(answer).toBe(expected);
  expect(state(scenery.netns)).toEqual(before);
});

describe("routes that the kernel makes", () => {
  const list = (netns: Netns, table: number) => netns.fib.list(table).map(routeText);

  test("come with addresses and go with them", () => {
    const { netns, v0 } = scene();
    expect(list(netns, 254)).toEqual(["10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1"]);
    addAddress(netns, v0, { address: ip("10.0.0.2"), prefix: 24 });
    addAddress(netns, v0, { address: ip("10.0.0.1"), prefix: 16 });
    expect(v0.addresses.map((at) => [at.prefix, at.secondary])).toEqual([
      [24, false],
      [16, false],
      [24, true],
    ]);
    expect(list(netns, 254)).toEqual([
      "10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1",
      "10.0.0.0/16 dev v0 proto kernel scope link src 10.0.0.1",
    ]);
    expect(list(netns, 255)).toEqual([
      "local 10.0.0.1 dev v0 table local proto kernel scope host src 10.0.0.1",
      "local 10.0.0.2 dev v0 table local proto kernel scope host src 10.0.0.1",
      "broadcast 10.0.0.255 dev v0 table local proto kernel scope link src 10.0.0.1",
      "broadcast 10.0.255.255 dev v0 table local proto kernel scope link src 10.0.0.1",
      "local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1",
      "local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1",
      "broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1",
    ]);
    deleteAddress(netns, v0, ip("10.0.0.1"), 24);
    expect(v0.addresses.map((at) => at.prefix)).toEqual([16]);
    flushAddresses(netns, v0);
    expect(list(netns, 254)).toEqual([]);
  });

  test("down takes all but the local ones, up brings the connected ones back, not the operator's", () => {
    const { netns, v0 } = scene();
    addRoute(netns, { destination: net("0.0.0.0/0"), gateway: ip("10.0.0.3") });
    setLink(netns, v0, { up: false });
    expect(list(netns, 254)).toEqual([]);
    expect(list(netns, 255)[0]).toContain("local 10.0.0.1");
    setLink(netns, v0, { up: true });
    expect(list(netns, 254)).toEqual(["10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1"]);
  });

  test("longest prefix, then metric; throw goes on to nothing", () => {
    const { netns } = scene();
    const add = (to: string, gateway: string, metric = 0) =>
      addRoute(netns, { destination: net(to), gateway: ip(gateway), metric });
    add("0.0.0.0/0", "10.0.0.9", 100);
    add("0.0.0.0/0", "10.0.0.8", 50);
    add("192.168.0.0/16", "10.0.0.7");
    add("192.168.3.0/24", "10.0.0.6");
    const via = (to: string) => lookupRoute(netns, { destination: ip(to) }).gateway;
    expect([via("1.1.1.1"), via("192.168.1.1"), via("192.168.3.1"), via("10.0.0.5")]).toEqual([
      ip("10.0.0.8"),
      ip("10.0.0.7"),
      ip("10.0.0.6"),
      0,
    ]);
    expect(lookupRoute(netns, { destination: ip("192.168.3.1") }).source).toBe(ip("10.0.0.1"));
  });
});

test("an unnamed peer takes the first free name, and the pair's first end the next", () => {
  const { netns } = scene();
  const first = createLink(netns, { kind: "veth", name: "veth%d" });
  expect([first.name, first.link?.name, first.ifindex - first.link!.ifindex]).toEqual(["veth1", "veth0", 1]);
  expect(() => createLink(netns, { kind: "veth", name: "veth2" })).toThrow("File exists");
  expect(createLink(netns, { kind: "veth", name: "foo" }).link?.name).toBe("veth2");
});

describe("a packet that comes in by a device", () => {
  test.each([
    ["0.0.0.0", "10.0.0.1", "Invalid argument"],
    ["0.0.0.0", "8.8.8.8", "Invalid argument"],
    ["10.0.0.1", "10.0.0.1", "Invalid argument"],
    ["10.0.0.2", "8.8.8.8", "No route to host"],
  ])("from %s to %s: %s", (source, destination, error) => {
    const { netns, v0 } = scene();
    const query = { destination: ip(destination), source: ip(source), inputDevice: v0 };
    expect(() => lookupRoute(netns, query)).toThrow(error);
  });
});

test("a gateway that is one's own address is accepted, and is none: destinations are asked for on the link", () => {
  const { netns, v0 } = scene();
  addRoute(netns, { destination: net("10.6.0.0/16"), gateway: ip("10.0.0.1"), device: v0 });
  const answer = lookupRoute(netns, { destination: ip("10.6.0.1") });
  expect([answer.gateway, answer.device, answer.source]).toEqual([0, v0, ip("10.0.0.1")]);
});

test("neighbours are listed as in the recorded table of a real kernel (oracle/tools/ip-route-and-neigh.txt)", () => {
  const { netns, v0 } = scene();
  for (const last of [7, 8, 10, 2, 77])
    addNeighbour(netns, { address: ip(`10.0.0.${last}`), device: v0, mac });
  expect(netns.neighbours.list().map((entry) => entry.address & 255)).toEqual([10, 77, 2, 7, 8]);
});

test("a new namespace gets a veth end with its index, without addresses; deleting one end deletes both", () => {
  const { host, containers, bridge } = bridgedHost(1);
  const inner = containers[0]!.device("eth0")!;
  expect([inner.ifindex, inner.link!.ifindex, inner.link!.name]).toEqual([3, 4, "veth0"]);
  expect([host.netnsIdOf(containers[0]!), containers[0]!.netnsIdOf(host)]).toEqual([0, 0]);
  deleteLink(host, host.device("veth0")!);
  expect(containers[0]!.device("eth0")).toBeUndefined();
  expect(bridge.ports).toHaveLength(0);
  expect([bridge.mac, bridge.operState]).toEqual([0, "DOWN"]);
});

test("a dying namespace takes its veth pairs along", () => {
  const { host, containers, bridge } = bridgedHost(2);
  containers[0]!.dispose();
  expect(host.device("veth0")).toBeUndefined();
  expect(bridge.ports.map((port) => port.device.name)).toEqual(["veth1"]);
});

test("sysctls: groups follow devices, ip_forward sets them all, wrong values are refused", () => {
  const { netns, v0 } = scene();
  const { sysctls } = netns;
  sysctls.set("net.ipv4.ip_forward", "1");
  expect(
    ["all", "default", "v0", "lo"].map((name) => sysctls.get(`net.ipv4.conf.${name}.forwarding`)),
  ).toEqual(["1", "1", "1", "1"]);
  expect(sysctls.forwards(v0.ifindex)).toBe(true);
  sysctls.set("net.ipv4.conf.default.rp_filter", "2");
  const late = createLink(netns, { kind: "dummy", name: "eth0.5" });
  expect(sysctls.get("net.ipv4.conf.eth0/5.rp_filter")).toBe("2");
  expect(sysctls.reversePathMode(late.ifindex)).toBe(2);
  deleteLink(netns, late);
  expect(sysctls.get("net.ipv4.conf.eth0/5.rp_filter")).toBeUndefined();
  expect(() => sysctls.set("net.ipv4.ip_forward", "yes")).toThrow("Invalid argument");
  expect(() => sysctls.set("net.ipv4.nothing", "1")).toThrow("No such file or directory");
  sysctls.set("net.ipv4.ip_local_port_range", "40000 40010");
  expect(netns.portRange).toEqual([40000, 40010]);
});
