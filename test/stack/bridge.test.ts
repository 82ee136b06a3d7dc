import { describe, expect, test } from "vitest";
import { formatMac, parseIpv4, parseMac } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { addFdb, deleteFdb, flushFdb, listFdb } from "../../kernel-lib/src/stack/config/fdb.js";
import { createLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import { bytes } from "./frames.js";
import { bridgedHost, eth0 } from "./topology.js";
import { watch } from "./watch.js";

/** Sends raw frames from the first container and says which ports they left by (`host`: went up). */
function switched() {
  const topology = bridgedHost(3);
  const { world, bridge, containers } = topology;
  let out: string[] = [];
  for (const port of bridge.ports)
    port.device.addTap((device, _packet, direction) => direction === "out" && out.push(device.name));
  bridge.addTap((_device, _packet, direction) => direction === "in" && out.push("host"));
  const send = (destination: string, source = "0242ac110002", from = 0) => {
    out = [];
    eth0(containers[from]!).transmit(world.packets.from(bytes(`${destination} ${source} 88b5 0000`)));
    world.scheduler.runFor(ms(1));
    return out;
  };
  return { ...topology, send };
}

describe("where a bridge sends a frame", () => {
  test("broadcast and multicast to all and up, an unknown address to all others, a known one to its port, its own up", () => {
    const { bridge, send } = switched();
    expect(send("ffffffffffff")).toEqual(["veth1", "veth2", "host"]);
    expect(send("01005e000005")).toEqual(["veth1", "veth2", "host"]);
    expect(send("0242ac110004")).toEqual(["veth1", "veth2"]);
    send("ffffffffffff", "0242ac110004", 2);
    expect(send("0242ac110004")).toEqual(["veth2"]);
    expect(send(formatMac(bridge.mac).replaceAll(":", ""))).toEqual(["host"]);
    expect(send("0242ac110002")).toEqual([]);
  });

  test("link-local groups are not forwarded, those of a spanning tree are while it is off", () => {
    const { send } = switched();
    expect(send("0180c2000001")).toEqual([]);
    expect(send("0180c200000e")).toEqual([]);
    expect(send("0180c2000000")).toEqual(["veth1", "veth2", "host"]);
    expect(send("0180c2000010")).toEqual(["veth1", "veth2", "host"]);
  });

  test("hairpin sends back by the port of origin; flood and learning flags; isolation", () => {
    const { bridge, send } = switched();
    const [first, second, third] = bridge.ports;
    first!.hairpin = true;
    expect(send("0242ac110002")).toEqual(["veth0"]);
    expect(send("0242ac110009")).toEqual(["veth0", "veth1", "veth2"]);
    first!.hairpin = false;
    second!.flood = false;
    expect(send("0242ac110009")).toEqual(["veth2"]);
    first!.isolated = true;
    third!.isolated = true;
    expect(send("0242ac110009")).toEqual([]);
    flushFdb(bridge.home as never, bridge);
    first!.learning = false;
    send("ffffffffffff");
    expect(bridge.lookupFdb(parseMac("02:42:ac:11:00:02"))).toBeNull();
  });

  test("an address that shows up at another port moves; one of the bridge's own does not", () => {
    const { bridge, send } = switched();
    const mac = parseMac("02:42:ac:11:00:02");
    send("ffffffffffff");
    expect(bridge.lookupFdb(mac)?.port?.number).toBe(1);
    send("ffffffffffff", "0242ac110002", 1);
    expect(bridge.lookupFdb(mac)?.port?.number).toBe(2);
    const own = bridge.ports[0]!.device.mac;
    send("ffffffffffff", formatMac(own).replaceAll(":", ""), 1);
    expect(bridge.lookupFdb(own)).toMatchObject({ local: true, port: { number: 1 } });
  });

  test("a captured bridge device gets what passes by, too", () => {
    const { bridge, send } = switched();
    send("ffffffffffff", "0242ac110003", 1);
    bridge.promiscuity++;
    expect(send("0242ac110003")).toEqual(["host", "veth1"]);
    expect(send("0242ac110009")).toEqual(["veth1", "veth2", "host"]);
  });

  test("frames that are larger than the port's MTU end in silence", () => {
    const { host, world, bridge, containers } = bridgedHost(2);
    setLink(host, bridge.ports[1]!.device, { mtu: 1400 });
    expect(bridge.mtu).toBe(1400);
    const seen = watch(bridge.ports[0]!.device);
    const socket = containers[0]!.icmp.socket(1);
    socket.send(parseIpv4("172.17.0.3"), 1, new Uint8Array(1400));
    socket.send(parseIpv4("172.17.0.3"), 2, new Uint8Array(1300));
    world.scheduler.runFor(seconds(1));
    expect(socket.receive()).toMatchObject({ sequence: 2 });
    expect(socket.receive()).toBeNull();
    expect(seen.lines.filter((line) => line.startsWith("out") && line.includes("IPv4"))).toHaveLength(1);
  });
});

test("MAC and state of a bridge follow its ports, as recorded", () => {
  const { host } = bridgedHost(0);
  const bridge = createLink(host, { kind: "bridge", name: "br0" });
  setLink(host, bridge, { up: true });
  expect([bridge.operState, bridge.carrier]).toEqual(["UNKNOWN", true]);
  const veth = createLink(host, {
    kind: "veth",
    name: "v0",
    mac: parseMac("62:c5:de:1e:59:bd"),
    peer: { name: "v1" },
  });
  setLink(host, veth, { master: bridge });
  expect([bridge.operState, bridge.mac]).toEqual(["DOWN", veth.mac]);
  setLink(host, veth, { up: true });
  expect([bridge.operState, veth.operState]).toEqual(["DOWN", "LOWERLAYERDOWN"]);
  setLink(host, host.device("v1")!, { up: true });
  expect([bridge.operState, bridge.carrier]).toEqual(["UP", true]);
  setLink(host, veth, { master: null });
  expect([bridge.operState, bridge.mac]).toEqual(["DOWN", 0]);
});

test("bridge fdb lists, adds and deletes as the real one", () => {
  const { host, bridge } = bridgedHost(1);
  const port = bridge.ports[0]!.device;
  addFdb(host, { mac: parseMac("02:00:00:00:00:01"), device: port, target: "master" });
  addFdb(host, { mac: parseMac("02:00:00:00:00:02"), device: port, target: "master", state: "static" });
  addFdb(host, { mac: parseMac("02:00:00:00:00:04"), device: port });
  expect(() => addFdb(host, { mac: parseMac("02:00:00:00:00:04"), device: port })).toThrow("File exists");
  const lines = listFdb(host, port).map(
    (line) =>
      `${formatMac(line.mac)} vlan ${line.vlan} ${line.master === null ? "self" : "master"} ${line.state}`,
  );
  expect(lines).toEqual([
    "02:00:00:00:00:02 vlan 1 master static",
    "02:00:00:00:00:02 vlan 0 master static",
    "02:00:00:00:00:01 vlan 1 master permanent",
    "02:00:00:00:00:01 vlan 0 master permanent",
    `${formatMac(port.mac)} vlan 1 master permanent`,
    `${formatMac(port.mac)} vlan 0 master permanent`,
    "02:00:00:00:00:04 vlan 0 self permanent",
    "33:33:00:00:00:01 vlan 0 self permanent",
    "01:00:5e:00:00:01 vlan 0 self permanent",
    `33:33:ff:${formatMac(port.mac).slice(9)} vlan 0 self permanent`,
  ]);
  deleteFdb(host, { mac: parseMac("02:00:00:00:00:02"), device: port, target: "master" });
  expect(bridge.lookupFdb(parseMac("02:00:00:00:00:02"))).toBeNull();
});

describe("fdb entries set by hand, as Linux 6.1 answers", () => {
  const mac = parseMac("02:00:00:00:00:01");
  function port() {
    const topology = bridgedHost(1);
    const device = topology.bridge.ports[0]!.device;
    const entries = () =>
      topology.bridge
        .listFdb()
        .filter((entry) => entry.mac === mac)
        .map((entry) => `vlan ${entry.vlan}${entry.static ? " static" : ""}${entry.local ? " local" : ""}`);
    return { ...topology, device, entries };
  }

  test.each([
    ["for no VLAN: a copy for VLAN 1", undefined, ["vlan 1 static", "vlan 0 static"], ["vlan 1", "vlan 0"]],
    ["for VLAN 1 alone", 1, ["vlan 1 static"], ["vlan 0", "vlan 1"]],
  ])("%s; replacing changes in place and adds what is missing", (_name, vlan, expected, replaced) => {
    const { host, device, entries } = port();
    const spec = { mac, device, target: "master", state: "static", ...(vlan && { vlan }) } as const;
    addFdb(host, spec);
    expect(entries()).toEqual(expected);
    expect(() => addFdb(host, spec)).toThrow("File exists");
    addFdb(host, spec, { append: true });
    addFdb(host, { mac, device, target: "master", state: "dynamic" }, { replace: true });
    expect(entries()).toEqual(replaced);
    deleteFdb(host, { mac, device, target: "master" });
    expect(entries()).toEqual([]);
    expect(() => deleteFdb(host, { mac, device, target: "master" })).toThrow("No such file or directory");
  });

  test.each([
    ["a VLAN that is not configured", "veth0", { target: "master", vlan: 7 }, "Invalid argument"],
    [
      "a dynamic one on a port without carrier",
      "veth0",
      { target: "master", state: "dynamic" },
      "Operation not permitted",
    ],
    ["a static one on the bridge itself", "docker0", { state: "static" }, "Invalid argument"],
  ] as const)("%s is refused", (_name, name, rest, error) => {
    const { host, containers, entries } = port();
    setLink(containers[0]!, eth0(containers[0]!), { up: false });
    expect(() => addFdb(host, { mac, device: host.device(name)!, ...rest })).toThrow(error);
    expect(entries()).toEqual([]);
  });
});

test("a device that is down is in the group of all IPv6 nodes from birth; a bridge leaves it when set down", () => {
  const { host } = bridgedHost(0);
  const groups = (name: string) =>
    listFdb(host, host.device(name)!).filter((line) => line.master === null).length;
  const bridge = createLink(host, { kind: "bridge", name: "br0" });
  const veth = createLink(host, { kind: "veth", name: "v0" });
  expect([groups("br0"), groups("v0")]).toEqual([1, 1]);
  for (const up of [true, false]) {
    setLink(host, bridge, { up });
    setLink(host, veth, { up });
  }
  expect([groups("br0"), groups("v0")]).toEqual([0, 1]);
});
