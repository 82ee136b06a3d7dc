import { invariant } from "../base/assert.js";
import type { Bridge } from "../link/bridge.js";
import type { UdpSocket } from "../socket/udp.js";
import { Cpu } from "../trace/cpu.js";
import { Recorder } from "../trace/recorder.js";
import { World } from "../trace/world.js";
import { addAddress } from "./config/address.js";
import { createLink, setLink } from "./config/link.js";
import { Netns } from "./netns.js";
import { type Clock, measurePace, type Pace } from "./pace.bench.js";

const FIRST = 0xac110002;
const SECOND = 0xac110003;
const PORT = 5000;
const PAYLOAD = 100;
/** Datagrams in flight at once: fewer than fill a receive buffer. */
const BURST = 64;

interface Bench {
  readonly world: World;
  readonly sender: UdpSocket;
  readonly receiver: UdpSocket;
}

/** Container → veth → bridge → veth → container, the neighbours resolved and the FDB filled. */
function build(): Bench {
  const world = new World(1);
  const cpu = new Cpu(world.scheduler);
  const host = new Netns({ world, cpu, machine: "bench", label: "host", id: 1 });
  const bridge = createLink(host, { kind: "bridge", name: "docker0" }) as Bridge;
  setLink(host, bridge, { up: true });
  const [a, b] = [FIRST, SECOND].map((address, i) => container(world, cpu, host, bridge, address, i)) as [
    Netns,
    Netns,
  ];
  const sender = a.udp.socket();
  const receiver = b.udp.socket();
  receiver.bind(0, PORT);
  sender.connect(SECOND, PORT);
  sender.sendTo(new Uint8Array(PAYLOAD));
  world.scheduler.runFor(1_000_000);
  invariant(receiver.receiveInto(new Uint8Array(PAYLOAD)) === PAYLOAD, "the bench's path does not work");
  return { world, sender, receiver };
}

function container(world: World, cpu: Cpu, host: Netns, bridge: Bridge, address: number, i: number): Netns {
  const netns = new Netns({ world, cpu, machine: "bench", label: `c${i}`, id: 2 + i });
  const outer = createLink(host, { kind: "veth", name: `veth${i}`, peer: { name: "eth0", netns } });
  setLink(host, outer, { master: bridge, up: true });
  const inner = outer.link!;
  addAddress(netns, inner, { address, prefix: 16 });
  setLink(netns, inner, { up: true });
  return netns;
}

/** Sends `packets` datagrams in bursts, runs the clock until each burst has come, and reads them. */
function pump({ world, sender, receiver }: Bench, packets: number): number {
  const payload = new Uint8Array(PAYLOAD);
  const buffer = new Uint8Array(PAYLOAD);
  const { scheduler } = world;
  let received = 0;
  for (let sent = 0; sent < packets; ) {
    for (let i = 0; i < BURST && sent < packets; i++, sent++) sender.sendTo(payload);
    scheduler.runFor(1_000_000);
    while (receiver.receiveInto(buffer) >= 0) received++;
  }
  return received;
}

/** The pace of 100-byte UDP from container to container over a bridge, on one core: two events a packet, one at the bridge and one in the container. */
export function measurePath(clock: Clock, { packets = 400_000, traced = false } = {}): Pace {
  const bench = build();
  pump(bench, 20_000);
  const send = (count: number) => {
    if (traced) bench.world.recorder = new Recorder();
    return pump(bench, count);
  };
  return measurePace(clock, bench.world.scheduler, packets, send);
}

/** Bytes of heap that the trace of 10,000 packets holds; `heapUsed` collects garbage first (node --expose-gc) and tells the heap's size. */
export function measureTraceMemory(heapUsed: () => number): {
  readonly packets: number;
  readonly events: number;
  readonly bytes: number;
} {
  const bench = build();
  pump(bench, 1_000);
  const recorder = new Recorder();
  const before = heapUsed();
  bench.world.recorder = recorder;
  pump(bench, 10_000);
  return { packets: 10_000, events: recorder.events.length, bytes: heapUsed() - before };
}
