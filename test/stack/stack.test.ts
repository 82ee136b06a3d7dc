import { describe, expect, test } from "vitest";
import { formatIpv4, parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { setLink } from "../../kernel-lib/src/stack/config/link.js";
import { addRoute } from "../../kernel-lib/src/stack/config/route.js";
import { Recorder } from "../../kernel-lib/src/trace/recorder.js";
import { checksum } from "../../kernel-lib/src/wire/checksum.js";
import { ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { bridgedHost, eth0 } from "./topology.js";
import { watch } from "./watch.js";

const SECOND = parseIpv4("172.17.0.3");
const payload = new Uint8Array(56).fill(7);

describe("ping from container to container", () => {
  const { world, host, bridge, containers } = bridgedHost(2);
  const [first, second] = containers as [(typeof containers)[0], (typeof containers)[0]];
  const seen = watch(bridge.ports[0]!.device);
  const other = watch(bridge.ports[1]!.device);
  const socket = first.icmp.socket(1);
  const trace = new Recorder();
  world.recorder = trace;
  socket.send(SECOND, 1, payload);
  world.scheduler.runFor(ms(10));
  world.recorder = null;

  test("ARP is flooded, answered to the asker alone, then echo and reply pass", () => {
    expect(seen.lines).toEqual([
      "in 02:42:ac:11:00:02 > ff:ff:ff:ff:ff:ff ARP who-has 172.17.0.3 tell 172.17.0.2",
      "out 02:42:ac:11:00:03 > 02:42:ac:11:00:02 ARP reply 172.17.0.3 is-at 02:42:ac:11:00:03",
      expect.stringMatching(
        /^in 02:42:ac:11:00:02 > 02:42:ac:11:00:03 IPv4 172.17.0.2 > 172.17.0.3 proto 1 ttl 64 DF length 84$/,
      ),
      expect.stringMatching(
        /^out 02:42:ac:11:00:03 > 02:42:ac:11:00:02 IPv4 172.17.0.3 > 172.17.0.2 proto 1 ttl 64 length 84$/,
      ),
    ]);
    expect(other.lines).toHaveLength(4);
  });

  test("the socket has the reply", () => {
    const reply = socket.receive()!;
    expect({ ...reply, source: formatIpv4(reply.source) }).toMatchObject({
      type: 0,
      source: "172.17.0.3",
      ttl: 64,
      sequence: 1,
      id: 1,
    });
    expect(reply.payload).toEqual(payload);
    expect(reply.at).toBeLessThan(us(100));
  });

  test("neighbours and FDB are filled; the host has learned nothing", () => {
    expect(first.neighbours.list().map((entry) => [formatIpv4(entry.address), entry.state])).toEqual([
      ["172.17.0.3", "REACHABLE"],
    ]);
    expect(second.neighbours.list().map((entry) => [formatIpv4(entry.address), entry.state])).toEqual([
      ["172.17.0.2", "DELAY"],
    ]);
    expect(host.neighbours.list()).toEqual([]);
    const learned = bridge.listFdb().filter((entry) => !entry.local);
    expect(learned.map((entry) => [entry.mac.toString(16), entry.port?.number])).toEqual([
      ["242ac110003", 2],
      ["242ac110002", 1],
    ]);
  });

  test("the trace tells it hop by hop", () => {
    const kinds = trace.events.map((event) => event.kind);
    for (const kind of ["born", "route", "neighbour", "transmit", "receive", "bridge", "resolved", "deliver"])
      expect(kinds).toContain(kind);
    const arp = trace.events.find((event) => event.kind === "born" && event.summary.startsWith("ARP who"));
    const ping = trace.events.find(
      (event) => event.kind === "born" && event.summary.startsWith("ICMP echo request"),
    )!;
    expect(arp).toMatchObject({ cause: ping.journey });
    const decisions = trace.events.flatMap((event) =>
      event.kind === "bridge" ? [`${event.fdb} ${event.learned} ${event.out.join("+")}`] : [],
    );
    expect(decisions).toEqual([
      "group new veth1+docker0",
      "hit new veth0",
      "hit known veth1",
      "hit known veth0",
    ]);
    const times = trace.events.filter((event) => event.journey === ping.journey).map((event) => event.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

test("learned addresses are forgotten after 300 seconds of silence", () => {
  const { world, bridge, containers } = bridgedHost(2);
  containers[0]!.icmp.socket(1).send(SECOND, 1, payload);
  world.scheduler.runFor(seconds(20));
  expect(bridge.listFdb().filter((entry) => !entry.local)).toHaveLength(2);
  world.scheduler.runFor(seconds(290));
  expect(bridge.listFdb().filter((entry) => !entry.local)).toHaveLength(0);
});

test("a neighbour goes REACHABLE, STALE, DELAY, PROBE, REACHABLE, and FAILED when the other is gone", () => {
  const { world, containers } = bridgedHost(2);
  const [first, second] = containers as [(typeof containers)[0], (typeof containers)[0]];
  const socket = first.udp.socket();
  const at = () => first.neighbours.find(SECOND, eth0(first))?.state;
  socket.sendTo(payload, SECOND, 9);
  world.scheduler.runFor(ms(1));
  expect(at()).toBe("REACHABLE");
  world.scheduler.runFor(seconds(46));
  expect(at()).toBe("STALE");
  socket.sendTo(payload, SECOND, 9);
  expect(at()).toBe("DELAY");
  world.scheduler.runFor(seconds(4.9));
  expect(at()).toBe("DELAY");
  world.scheduler.runFor(seconds(0.2));
  expect(at()).toBe("REACHABLE");
  world.scheduler.runFor(seconds(46));
  setLink(second, eth0(second), { up: false });
  socket.sendTo(payload, SECOND, 9);
  world.scheduler.runFor(seconds(5.1));
  expect(at()).toBe("PROBE");
  world.scheduler.runFor(seconds(3));
  expect(at()).toBe("FAILED");
});

test("nobody answers ARP: three requests a second apart, then host unreachable for each that waited", () => {
  const { world, containers, bridge } = bridgedHost(1);
  const [first] = containers as [(typeof containers)[0]];
  const seen = watch(bridge.ports[0]!.device);
  const socket = first.icmp.socket(1);
  const connected = first.udp.socket();
  connected.receiveErrors = true;
  connected.connect(parseIpv4("172.17.0.9"), 5000);
  socket.send(parseIpv4("172.17.0.9"), 1, payload);
  connected.sendTo(payload);
  world.scheduler.runFor(seconds(2.99));
  expect(socket.receive()).toBeNull();
  world.scheduler.runFor(ms(20));
  expect(seen.lines.filter((line) => line.includes("who-has 172.17.0.9"))).toHaveLength(3);
  const error = socket.receive()!;
  expect(error).toMatchObject({ type: 3, code: 1, sequence: 1, source: parseIpv4("172.17.0.2") });
  expect(() => connected.receive()).toThrow("No route to host");
  expect(first.neighbours.find(parseIpv4("172.17.0.9"), eth0(first))?.state).toBe("FAILED");
});

test("101 packets wait for a neighbour; the oldest goes first", () => {
  const { world, containers } = bridgedHost(1);
  const socket = containers[0]!.udp.socket();
  const trace = new Recorder();
  world.recorder = trace;
  for (let i = 0; i < 105; i++) socket.sendTo(payload, parseIpv4("172.17.0.9"), 9);
  const drops = trace.events.filter((event) => event.kind === "drop");
  expect(drops.map((event) => event.kind === "drop" && event.reason)).toEqual(
    new Array(4).fill("NEIGH_QUEUEFULL"),
  );
});

test("UDP: a datagram arrives whole, a closed port answers port unreachable", () => {
  const { world, containers } = bridgedHost(2);
  const [first, second] = containers as [(typeof containers)[0], (typeof containers)[0]];
  const server = second.udp.socket();
  server.bind(0, 5000);
  const client = first.udp.socket();
  client.connect(SECOND, 5000);
  client.sendTo(new Uint8Array([1, 2, 3]));
  world.scheduler.runFor(ms(1));
  expect(server.receive()).toMatchObject({
    bytes: new Uint8Array([1, 2, 3]),
    sourcePort: client.localPort,
    ttl: 64,
  });
  const lost = first.udp.socket();
  lost.connect(SECOND, 5001);
  lost.sendTo(new Uint8Array([1]));
  world.scheduler.runFor(ms(1));
  expect(() => lost.sendTo(new Uint8Array([1]))).toThrow("Connection refused");
});

test("a large datagram goes in fragments and arrives as it was", () => {
  const { world, bridge, containers } = bridgedHost(2);
  const [first, second] = containers as [(typeof containers)[0], (typeof containers)[0]];
  const seen = watch(bridge.ports[0]!.device);
  const server = second.udp.socket();
  server.bind(0, 5000);
  const sent = Uint8Array.from({ length: 4000 }, (_, i) => i);
  first.udp.socket().sendTo(sent, SECOND, 5000);
  world.scheduler.runFor(ms(1));
  expect(server.receive()?.bytes).toEqual(sent);
  expect(
    seen.lines.filter((line) => line.includes("proto 17")).map((line) => line.replace(/.* proto/, "proto")),
  ).toEqual([
    "proto 17 ttl 64 length 1500 frag 0+",
    "proto 17 ttl 64 length 1500 frag 1480+",
    "proto 17 ttl 64 length 1068 frag 2960",
  ]);
  const strict = first.udp.socket();
  strict.dontFragment = true;
  expect(() => strict.sendTo(sent, SECOND, 5000)).toThrow("Message too long");
});

test("fragments that never get complete end after 30 s with ICMP time exceeded, code 1", () => {
  const { world, bridge, containers } = bridgedHost(2);
  const [first] = containers as [(typeof containers)[0]];
  const seen = watch(bridge.ports[0]!.device);
  let count = 0;
  bridge.ports[1]!.device.addTap((_device, packet, direction) => {
    if (direction === "out" && ipv4.protocol.get(packet.bytes, packet.start + 14) === 17 && ++count === 2)
      packet.bytes[packet.start] = 0x04;
  });
  const socket = first.udp.socket();
  socket.sendTo(new Uint8Array(4000), SECOND, 5000);
  world.scheduler.runFor(seconds(29));
  expect(seen.lines.some((line) => line.includes("proto 1 "))).toBe(false);
  world.scheduler.runFor(seconds(2));
  expect(seen.lines.some((line) => line.startsWith("out") && line.includes("proto 1 "))).toBe(true);
});

describe("a machine between two networks", () => {
  function routed() {
    const topology = bridgedHost(1);
    const { host, containers } = topology;
    host.sysctls.set("net.ipv4.ip_forward", "1");
    return { ...topology, first: containers[0]! };
  }

  test.each([
    ["a TTL that ends", "1", 1, parseIpv4("10.1.0.1"), { type: 11, code: 0, source: "172.17.0.1" }],
    ["no route", "1", 64, parseIpv4("10.2.0.1"), { type: 3, code: 0, source: "172.17.0.1" }],
    ["an unreachable route", "1", 64, parseIpv4("10.3.0.1"), { type: 3, code: 1, source: "172.17.0.1" }],
    ["a prohibit route", "1", 64, parseIpv4("10.4.0.1"), { type: 3, code: 13, source: "172.17.0.1" }],
    ["a machine that does not forward", "0", 64, parseIpv4("10.2.0.1"), null],
    ["a blackhole", "1", 64, parseIpv4("10.5.0.1"), null],
  ] as const)("answers to %s", (_name, forwards, ttl, destination, expected) => {
    const { world, host, bridge, first } = routed();
    host.sysctls.set("net.ipv4.ip_forward", forwards);
    const to = (text: string) => ({ address: parseIpv4(text), prefix: 16 });
    addRoute(host, { destination: to("10.1.0.0"), device: bridge, gateway: parseIpv4("172.17.0.77") });
    addRoute(host, { destination: to("10.3.0.0"), type: "unreachable" });
    addRoute(host, { destination: to("10.4.0.0"), type: "prohibit" });
    addRoute(host, { destination: to("10.5.0.0"), type: "blackhole" });
    const socket = first.icmp.socket(1);
    socket.send(destination, 1, payload, { ttl });
    world.scheduler.runFor(ms(5));
    const got = socket.receive();
    expect(got === null ? null : { type: got.type, code: got.code, source: formatIpv4(got.source) }).toEqual(
      expected,
    );
    if (got !== null) expect(got.tos).toBe(0xc0);
  });

  test.each([
    ["time exceeded: six at once, then one a second", 1, 6, 1],
    ["no route, which takes two tokens of five each time: two, then none", 64, 2, 0],
  ])("errors to one peer are limited: %s", (_name, ttl, atOnce, later) => {
    const { world, host, bridge, first } = routed();
    if (ttl === 1)
      addRoute(host, {
        destination: { address: 0, prefix: 0 },
        device: bridge,
        gateway: parseIpv4("172.17.0.77"),
      });
    const socket = first.icmp.socket(1);
    const hear = () => {
      let count = 0;
      while (socket.receive() !== null) count++;
      return count;
    };
    for (let i = 0; i < 20; i++) socket.send(parseIpv4("10.2.0.1"), i, payload, { ttl });
    world.scheduler.runFor(ms(5));
    expect(hear()).toBe(atOnce);
    world.scheduler.runFor(seconds(1));
    for (let i = 0; i < 20; i++) socket.send(parseIpv4("10.2.0.1"), i, payload, { ttl });
    world.scheduler.runFor(ms(5));
    expect(hear()).toBe(later);
  });
});

test("a path MTU is learned from fragmentation needed, and forgotten after ten minutes", () => {
  const { world, containers } = bridgedHost(2);
  const first = containers[0]!;
  first.learnPathMtu(SECOND, 1400);
  expect(first.pathMtu(SECOND)).toBe(1400);
  first.learnPathMtu(SECOND, 100);
  expect(first.pathMtu(SECOND)).toBe(552);
  world.scheduler.runFor(seconds(601));
  expect(first.pathMtu(SECOND)).toBe(1500);
});

test("every frame that leaves has right checksums", () => {
  const { world, bridge, containers } = bridgedHost(2);
  let checked = 0;
  bridge.ports[0]!.device.addTap((_device, packet) => {
    const at = packet.start + 14;
    if (packet.bytes[packet.start + 12] !== 8 || packet.bytes[packet.start + 13] !== 0) return;
    expect(checksum(packet.bytes, at, at + 20)).toBe(0);
    if (ipv4.protocol.get(packet.bytes, at) === 1)
      expect(checksum(packet.bytes, at + 20, packet.end)).toBe(0);
    checked++;
  });
  const socket = containers[0]!.icmp.socket(1);
  for (let i = 0; i < 50; i++) socket.send(SECOND, i, new Uint8Array(i * 3).fill(i), { tos: i & 0xfc });
  world.scheduler.runFor(ms(5));
  expect(checked).toBe(100);
});

function us(n: number): number {
  return n * 1000;
}
