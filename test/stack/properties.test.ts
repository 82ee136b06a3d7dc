import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { routeText } from "../../kernel-lib/src/route/route-text.js";
import { Random } from "../../kernel-lib/src/sim/random.js";
import { setLink } from "../../kernel-lib/src/stack/config/link.js";
import { fragment } from "../../kernel-lib/src/stack/fragment.js";
import type { Netns } from "../../kernel-lib/src/stack/netns.js";
import { Recorder } from "../../kernel-lib/src/trace/recorder.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { checksum, updateLong, updateWord } from "../../kernel-lib/src/wire/checksum.js";
import { decrementTtl, fillIpv4Checksum, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { VALID_FRAMES } from "./frames.js";
import { type BridgedHost, bridgedHost, eth0 } from "./topology.js";

/** What must not change, whatever frames come in. */
function configuration({ host, containers, bridge }: BridgedHost): unknown {
  return [host, ...containers].map((netns: Netns) => [
    [...netns.devices.values()].map((d) => [
      d.name,
      d.ifindex,
      d.mac,
      d.mtu,
      d.up,
      d.carrier,
      d.master?.name,
      d.addresses,
    ]),
    netns.fib.tables.map((table) => netns.fib.list(table).map(routeText)),
    netns.sysctls.names().map((name) => netns.sysctls.get(name)),
    bridge.ports.map((port) => port.state),
  ]);
}

describe("10,000 damaged frames", () => {
  test.each([
    ["into a container", 0],
    ["into the host by the bridge", 1],
  ])("%s: nothing throws, the configuration stays", (_name, side) => {
    const topology = bridgedHost(2, { seed: 11 });
    const { world, containers, host } = topology;
    host.sysctls.set("net.ipv4.ip_forward", "1");
    for (const netns of containers) {
      netns.udp.socket().bind(0, 5000);
      const listener = netns.tcp.socket();
      listener.bind(0, 5000);
      listener.listen(8);
    }
    const before = configuration(topology);
    const random = new Random(99, "fuzz");
    const device = side === 0 ? eth0(containers[1]!) : eth0(containers[0]!);
    const target = eth0(containers[0]!).link!;
    for (let i = 0; i < 10_000; i++) {
      const frame = mutate(VALID_FRAMES[random.between(0, VALID_FRAMES.length - 1)]!, random);
      const packet = world.packets.from(frame);
      if (side === 0) target.transmit(packet);
      else device.transmit(packet);
      if (i % 50 === 0) world.scheduler.runFor(ms(20));
    }
    world.scheduler.runFor(seconds(200));
    expect(configuration(topology)).toEqual(before);
    expect(containers.map((netns) => netns.reassembly.size)).toEqual([0, 0]);
    const socket = containers[0]!.icmp.socket(1);
    socket.send(parseIpv4("172.17.0.1"), 1, new Uint8Array(8));
    world.scheduler.runFor(seconds(1));
    expect(socket.receive()).toMatchObject({ type: 0 });
  });
});

/** One to four changes: a bit, a byte, a cut, or an extension; half of the IPv4 headers get their checksum mended. */
function mutate(frame: Uint8Array, random: Random): Uint8Array {
  let copy = frame.slice();
  for (let n = random.between(1, 4); n > 0; n--) {
    const at = random.between(0, Math.max(0, copy.length - 1));
    const kind = random.between(0, 5);
    if (kind <= 1 && copy.length > 0) copy[at]! ^= 1 << random.between(0, 7);
    else if (kind <= 3 && copy.length > 0) copy[at] = random.between(0, 255);
    else if (kind === 4) copy = copy.slice(0, at);
    else copy = Uint8Array.from([...copy, ...new Array(random.between(1, 40)).fill(random.between(0, 255))]);
  }
  if (
    random.between(0, 1) === 1 &&
    copy.length >= 34 &&
    copy[12] === 8 &&
    copy[13] === 0 &&
    (copy[14]! & 15) * 4 + 14 <= copy.length
  ) {
    fillIpv4Checksum(copy, 14);
  }
  return copy;
}

describe("checksums after a rewrite equal those computed anew", () => {
  const header = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => {
    bytes[0] = 0x45;
    if (bytes[8] === 0) bytes[8] = 1;
    fillIpv4Checksum(bytes, 0);
    return bytes;
  });

  test("TTL", () => {
    fc.assert(
      fc.property(header, (bytes) => {
        decrementTtl(bytes, 0);
        expect(checksum(bytes, 0, 20)).toBe(0);
      }),
    );
  });

  test("address and word", () => {
    fc.assert(
      fc.property(header, fc.nat(0xffffffff), fc.nat(0xffff), (bytes, address, id) => {
        let sum = updateLong(ipv4.checksum.get(bytes, 0), ipv4.source.get(bytes, 0), address);
        ipv4.source.set(bytes, 0, address);
        sum = updateWord(sum, ipv4.id.get(bytes, 0), id);
        ipv4.id.set(bytes, 0, id);
        ipv4.checksum.set(bytes, 0, sum);
        expect(checksum(bytes, 0, 20)).toBe(0);
      }),
    );
  });
});

test("fragments put together are the packet, in whatever order they come", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 9, max: 9000 }),
      fc.integer({ min: 68, max: 1500 }),
      fc.integer(),
      (size, mtu, seed) => {
        const { world, containers } = bridgedHost(1);
        const netns = containers[0]!;
        const packet = world.packets.take(20 + size);
        const at = packet.put(20 + size);
        for (let i = 0; i < size; i++) packet.bytes[at + 20 + i] = (i * 31 + seed) & 255;
        packet.bytes.set(
          [
            0x45,
            0,
            (20 + size) >>> 8,
            (20 + size) & 255,
            1,
            2,
            0,
            0,
            64,
            253,
            0,
            0,
            172,
            17,
            0,
            3,
            172,
            17,
            0,
            2,
          ],
          at,
        );
        fillIpv4Checksum(packet.bytes, at);
        packet.network = at;
        packet.transport = at + 20;
        const whole = packet.copyBytes();
        if (20 + size <= mtu) return;
        const pieces = fragment(world, packet, mtu);
        const random = new Random(seed);
        pieces.sort(() => random.unit() - 0.5);
        let result: Uint8Array | null = null;
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(mtu);
          expect(checksum(piece.bytes, piece.start, piece.start + 20)).toBe(0);
          const joined = netns.reassembly.add(piece, eth0(netns));
          if (joined !== null) result = joined.copyBytes();
        }
        expect(result).toEqual(whole);
      },
    ),
    { numRuns: 60 },
  );
});

test("every packet made is delivered, dropped with a reason, or still waits", () => {
  const topology = bridgedHost(3, { seed: 5 });
  const { world, containers, host } = topology;
  host.sysctls.set("net.ipv4.ip_forward", "1");
  const random = new Random(4, "traffic");
  const recorder = new Recorder();
  world.recorder = recorder;
  containers[0]!.udp.socket().bind(0, 5000);
  const targets = [
    "172.17.0.2",
    "172.17.0.3",
    "172.17.0.4",
    "172.17.0.9",
    "172.17.0.1",
    "10.9.9.9",
    "172.17.255.255",
  ].map(parseIpv4);
  for (let i = 0; i < 300; i++) {
    const socket = containers[random.between(0, 2)]!.udp.socket();
    socket.broadcast = true;
    socket.sendTo(
      new Uint8Array(random.between(0, 3000)),
      targets[random.between(0, targets.length - 1)]!,
      5000,
    );
    world.scheduler.runFor(ms(random.between(0, 100)));
  }
  setLink(host, host.device("veth2")!, { up: false });
  world.scheduler.runFor(seconds(120));
  const made = new Set(recorder.events.flatMap((event) => (event.kind === "born" ? [event.journey] : [])));
  const ended = new Set(
    recorder.events.flatMap((event) =>
      event.kind === "deliver" || event.kind === "drop" ? [event.journey] : [],
    ),
  );
  const waiting = [host, ...containers].flatMap((netns) =>
    netns.neighbours.list().flatMap((entry) => entry.queue.map((packet) => packet.journey)),
  );
  for (const journey of waiting) ended.add(journey);
  expect(made.size).toBeGreaterThan(300);
  expect([...made].filter((journey) => !ended.has(journey))).toEqual([]);
});

test("two worlds run in turns are each as if alone, byte for byte", () => {
  const start = (seed: number) => {
    const topology = bridgedHost(2, { seed, world: new World(seed) });
    const recorder = new Recorder();
    topology.world.recorder = recorder;
    const socket = topology.containers[0]!.icmp.socket();
    let sequence = 0;
    const step = () => {
      sequence++;
      socket.send(
        parseIpv4(sequence % 3 === 0 ? "172.17.0.9" : "172.17.0.3"),
        sequence,
        new Uint8Array(sequence * 100),
      );
      topology.world.scheduler.runFor(ms(700));
    };
    return { step, recorder };
  };
  const alone = [1, 2].map((seed) => {
    const run = start(seed);
    for (let i = 0; i < 30; i++) run.step();
    return run.recorder.events;
  });
  const [one, two] = [start(1), start(2)];
  for (let i = 0; i < 30; i++) {
    one.step();
    two.step();
  }
  expect(one.recorder.events).toEqual(alone[0]);
  expect(two.recorder.events).toEqual(alone[1]);
  expect(one.recorder.events).not.toEqual(two.recorder.events);
});
