import { describe, expect, test } from "vitest";
import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms, us } from "../../kernel-lib/src/base/units.js";
import { Cable } from "../../kernel-lib/src/link/cable.js";
import type { Device } from "../../kernel-lib/src/link/device.js";
import type { Nic } from "../../kernel-lib/src/link/nic.js";
import { addAddress } from "../../kernel-lib/src/stack/config/address.js";
import { createLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import { addRoute } from "../../kernel-lib/src/stack/config/route.js";
import { Netns } from "../../kernel-lib/src/stack/netns.js";
import { Cpu } from "../../kernel-lib/src/trace/cpu.js";
import { Recorder } from "../../kernel-lib/src/trace/recorder.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { bytes } from "./frames.js";

function machine(world: World, name: string): Netns {
  return new Netns({ world, cpu: new Cpu(world.scheduler), machine: name, label: name, id: 1 });
}

/** Two machines with a cable between them: 10.0.0.1 and 10.0.0.2. */
function cabled(cable: (world: World) => Cable, seed = 3) {
  const world = new World(seed);
  const [a, b] = ["a", "b"].map((name) => machine(world, name)) as [Netns, Netns];
  const nics = [a, b].map((netns) => createLink(netns, { kind: "nic", name: "eth0" }) as Nic) as [Nic, Nic];
  const wire = cable(world);
  wire.connect(...nics);
  [a, b].forEach((netns, i) => {
    setLink(netns, nics[i]!, { up: true });
    addAddress(netns, nics[i]!, { address: parseIpv4("10.0.0.1") + i, prefix: 24 });
  });
  return { world, a, b, nics, wire };
}

/** One device of each kind, with a way to make it run, and whether what it sends comes back to some device. */
const KINDS: readonly (readonly [
  string,
  () => { world: World; netns: Netns; device: Device; start: () => void; receiver: Device | null },
])[] = [
  [
    "loopback",
    () => {
      const world = new World(1);
      const netns = machine(world, "m");
      return {
        world,
        netns,
        device: netns.loopback,
        start: () => setLink(netns, netns.loopback, { up: true }),
        receiver: netns.loopback,
      };
    },
  ],
  [
    "dummy",
    () => {
      const world = new World(1);
      const netns = machine(world, "m");
      const device = createLink(netns, { kind: "dummy", name: "d0" });
      return { world, netns, device, start: () => setLink(netns, device, { up: true }), receiver: null };
    },
  ],
  [
    "veth",
    () => {
      const world = new World(1);
      const netns = machine(world, "m");
      const device = createLink(netns, { kind: "veth", name: "v0", peer: { name: "v1" } });
      const start = () =>
        [device, device.link!].forEach((end) => {
          setLink(netns, end, { up: true });
        });
      return { world, netns, device, start, receiver: device.link };
    },
  ],
  [
    "bridge",
    () => {
      const world = new World(1);
      const netns = machine(world, "m");
      const device = createLink(netns, { kind: "bridge", name: "br0" });
      const port = createLink(netns, { kind: "veth", name: "v0", peer: { name: "v1" } });
      setLink(netns, port, { master: device });
      const start = () =>
        [device, port, port.link!].forEach((each) => {
          setLink(netns, each, { up: true });
        });
      return { world, netns, device, start, receiver: port.link };
    },
  ],
  [
    "nic",
    () => {
      const { world, a, nics } = cabled((made) => new Cable(made, "c"));
      setLink(a, nics[0], { up: false });
      return {
        world,
        netns: a,
        device: nics[0],
        start: () => setLink(a, nics[0], { up: true }),
        receiver: nics[1],
      };
    },
  ],
];

describe.each(KINDS)("contract of a device: %s", (_kind, make) => {
  const frame = bytes("ffffffffffff 020000000001 88b5 01020304");

  test("down: what it should send is dropped with a reason and counted", () => {
    const { world, device } = make();
    const recorder = new Recorder();
    world.recorder = recorder;
    const packet = world.packets.from(frame);
    packet.journey = 1;
    device.transmit(packet);
    expect(packet.released).toBe(true);
    expect(device.stats.txDropped).toBe(1);
    expect(recorder.events).toMatchObject([{ kind: "drop", reason: "DEV_READY", where: device.name }]);
    expect(device.runningSince).toBeNull();
  });

  test("up: the frame arrives once, unchanged, later than it was sent; taps see it, counters count it", () => {
    const { world, device, start, receiver } = make();
    start();
    expect(device.running).toBe(true);
    expect(device.runningSince).not.toBeNull();
    const seen: unknown[] = [];
    const sent = world.scheduler.now;
    device.addTap((_device, packet, direction) => direction === "out" && seen.push(packet.copyBytes()));
    receiver?.addTap(
      (_device, packet, direction) =>
        direction === "in" && seen.push([packet.copyBytes(), world.scheduler.now > sent]),
    );
    device.transmit(world.packets.from(frame));
    world.scheduler.runFor(ms(10));
    expect(seen).toEqual(receiver === null ? [frame] : [frame, [frame, true]]);
    // lo counts without the Ethernet header.
    const counted = device.kind === "loopback" ? frame.length - 14 : frame.length;
    expect([device.stats.txPackets, device.stats.txBytes]).toEqual([1, counted]);
    expect(receiver === null || receiver.stats.rxBytes === counted).toBe(true);
  });

  test("down again: frames under way are dropped, listeners are told", () => {
    const { world, netns, device, start } = make();
    start();
    device.transmit(world.packets.from(frame));
    setLink(netns, device, { up: false });
    world.scheduler.runFor(ms(10));
    expect([device.running, device.runningSince, device.carrier]).toEqual([false, null, false]);
  });
});

describe("a cable", () => {
  test("takes propagation and serialisation; its figures may change while it is used", () => {
    const { world, a, b, wire } = cabled((made) => new Cable(made, "c", { delay: ms(1), rate: 1e6 }));
    const server = b.udp.socket();
    server.bind(0, 9);
    const client = a.udp.socket();
    const send = () => {
      const from = world.scheduler.now;
      client.sendTo(new Uint8Array(1000), parseIpv4("10.0.0.2"), 9);
      world.scheduler.runFor(ms(100));
      return server.receive()!.at - from;
    };
    send();
    const slow = send();
    expect(slow).toBeGreaterThan(ms(1) + (1042 + 24) * 8 * 1000);
    expect(slow).toBeLessThan(ms(1) + (1042 + 24) * 8 * 1000 + us(10));
    wire.set({ delay: 0, rate: 1e12 });
    expect(send()).toBeLessThan(us(10));
  });

  test("its queue holds so many frames and drops the rest; unplugged, both ends lose their carrier", () => {
    const { world, a, b, nics, wire } = cabled((made) => new Cable(made, "c", { rate: 1e6, queue: 5 }));
    const server = b.udp.socket();
    server.bind(0, 9);
    const client = a.udp.socket();
    client.sendTo(new Uint8Array(10), parseIpv4("10.0.0.2"), 9);
    world.scheduler.runFor(ms(100));
    server.receive();
    for (let i = 0; i < 20; i++) client.sendTo(new Uint8Array(1000), parseIpv4("10.0.0.2"), 9);
    world.scheduler.runFor(ms(500));
    expect(server.waiting).toBe(20 - nics[0].stats.txDropped);
    expect(nics[0].stats.txDropped).toBeGreaterThanOrEqual(14);
    wire.disconnect();
    expect(nics.map((nic) => nic.operState)).toEqual(["DOWN", "DOWN"]);
  });

  test("with faults: shares are kept, the same seed gives the same losses", () => {
    const run = (seed: number) => {
      const { world, a, b } = cabled(
        (made) => new Cable(made, "c", { loss: 0.1, duplicate: 0.05, reorder: 0.1 }),
        seed,
      );
      const server = b.udp.socket();
      server.bind(0, 9);
      server.receiveBuffer = 1e9;
      const client = a.udp.socket();
      client.sendTo(new Uint8Array(1), parseIpv4("10.0.0.2"), 9);
      world.scheduler.runFor(ms(5000));
      while (server.receive() !== null);
      for (let i = 0; i < 2000; i++) {
        client.sendTo(Uint8Array.of(i >> 8, i), parseIpv4("10.0.0.2"), 9);
        world.scheduler.runFor(us(50));
      }
      world.scheduler.runFor(ms(10));
      const order: number[] = [];
      for (let got = server.receive(); got !== null; got = server.receive())
        order.push(got.bytes[0]! * 256 + got.bytes[1]!);
      return order;
    };
    const order = run(3);
    const distinct = new Set(order).size;
    expect(distinct).toBeGreaterThan(1730);
    expect(distinct).toBeLessThan(1870);
    expect(order.length - distinct).toBeGreaterThan(60);
    const late = order.filter((n, i) => i > 0 && n < order[i - 1]!).length;
    expect(late).toBeGreaterThan(100);
    expect(run(3)).toEqual(order);
    expect(run(4)).not.toEqual(order);
  });
});

test("forwarded from wire to wire: TTL less one, fragmentation needed with the next MTU, redirect back on one's own link", () => {
  const world = new World(9);
  const [left, router, right] = ["left", "router", "right"].map((name) => machine(world, name)) as [
    Netns,
    Netns,
    Netns,
  ];
  const join = (a: Netns, b: Netns, network: string, names: [string, string]) => {
    const ends = [a, b].map((netns, i) => createLink(netns, { kind: "nic", name: names[i]! }) as Nic) as [
      Nic,
      Nic,
    ];
    new Cable(world, network).connect(...ends);
    [a, b].forEach((netns, i) => {
      setLink(netns, ends[i]!, { up: true });
      addAddress(netns, ends[i]!, { address: parseIpv4(network) + 1 + i, prefix: 24 });
    });
    return ends;
  };
  const first = join(left, router, "10.0.1.0", ["eth0", "eth0"]);
  const second = join(router, right, "10.0.2.0", ["eth1", "eth0"]);
  router.sysctls.set("net.ipv4.ip_forward", "1");
  addRoute(left, {
    destination: { address: 0, prefix: 0 },
    gateway: parseIpv4("10.0.1.2"),
    device: first[0],
  });
  addRoute(right, {
    destination: { address: 0, prefix: 0 },
    gateway: parseIpv4("10.0.2.1"),
    device: second[1],
  });
  for (const nic of second) setLink(nic.home as Netns, nic, { mtu: 1400 });
  const socket = left.icmp.socket(1);
  const ask = (size: number) => {
    socket.send(parseIpv4("10.0.2.2"), 1, new Uint8Array(size));
    world.scheduler.runFor(ms(50));
    return socket.receive();
  };
  expect(ask(56)).toMatchObject({ type: 0, ttl: 63 });
  expect(ask(1400)).toMatchObject({ type: 3, code: 4, mtu: 1400, source: parseIpv4("10.0.1.2") });
  expect(left.pathMtu(parseIpv4("10.0.2.2"))).toBe(1400);
  expect(ask(1400)).toMatchObject({ type: 0 });
  router.sysctls.set("net.ipv4.conf.eth0.rp_filter", "1");
  addAddress(left, first[0], { address: parseIpv4("10.0.2.77"), prefix: 32 });
  socket.source = parseIpv4("10.0.2.77");
  expect(ask(56)).toBeNull();
});
