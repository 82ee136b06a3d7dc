import { describe, expect, test } from "vitest";
import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms } from "../../kernel-lib/src/base/units.js";
import type { TraceEvent } from "../../kernel-lib/src/trace/events.js";
import { Recorder } from "../../kernel-lib/src/trace/recorder.js";
import { bridgedHost } from "./topology.js";

const SECOND = parseIpv4("172.17.0.3");

/** Traces what `act` does in the first of two containers. */
function traced(act: (topology: ReturnType<typeof bridgedHost>) => void): readonly TraceEvent[] {
  const topology = bridgedHost(2);
  const recorder = new Recorder();
  topology.world.recorder = recorder;
  act(topology);
  topology.world.scheduler.runFor(ms(10));
  return recorder.events;
}

function born(events: readonly TraceEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "born" ? [event.summary] : []));
}

describe("a new packet in a reader's words", () => {
  test("ARP and echo", () => {
    const events = traced(({ containers }) =>
      containers[0]!.icmp.socket(1).send(SECOND, 1, new Uint8Array(56)),
    );
    expect(born(events)).toEqual([
      "ICMP echo request 172.17.0.2 → 172.17.0.3, seq 1",
      "ARP who has 172.17.0.3? tell 172.17.0.2",
      "ARP 172.17.0.3 is at 02:42:ac:11:00:03",
      "ICMP echo reply 172.17.0.3 → 172.17.0.2, seq 1",
    ]);
    expect(events.find((event) => event.kind === "neighbour")).toMatchObject({
      state: "INCOMPLETE",
      queued: true,
    });
  });

  test("UDP with its payload's size, and the error that answers it", () => {
    const events = traced(({ containers }) => {
      const socket = containers[0]!.udp.socket();
      socket.bind(0, 4000);
      socket.sendTo(new Uint8Array(100), SECOND, 5000);
      socket.sendTo(new Uint8Array(1), SECOND, 5000);
    });
    const texts = born(events).filter((text) => !text.startsWith("ARP"));
    expect(texts.slice(0, 3)).toEqual([
      "UDP 172.17.0.2:4000 → 172.17.0.3:5000, 100 bytes",
      "UDP 172.17.0.2:4000 → 172.17.0.3:5000, 1 byte",
      "ICMP port unreachable 172.17.0.3 → 172.17.0.2",
    ]);
  });

  test("TCP with its flags, and with bytes where it carries some", () => {
    const events = traced(({ world, containers }) => {
      const server = containers[1]!.tcp.socket();
      server.bind(0, 5000);
      server.listen(8);
      const client = containers[0]!.tcp.socket();
      client.bind(0, 4000);
      client.connect(SECOND, 5000);
      world.scheduler.runFor(ms(1));
      client.send(new Uint8Array(79));
    });
    const texts = born(events).filter((text) => text.startsWith("TCP"));
    expect(texts).toEqual([
      "TCP SYN 172.17.0.2:4000 → 172.17.0.3:5000",
      "TCP SYN,ACK 172.17.0.3:5000 → 172.17.0.2:4000",
      "TCP ACK 172.17.0.2:4000 → 172.17.0.3:5000",
      "TCP PSH,ACK 172.17.0.2:4000 → 172.17.0.3:5000, 79 bytes",
      "TCP ACK 172.17.0.3:5000 → 172.17.0.2:4000",
    ]);
  });
});

test("frames are kept as they were at each device, and shared where a bridge passes them on unchanged", () => {
  const events = traced(({ containers }) => {
    const socket = containers[0]!.icmp.socket(1);
    socket.send(SECOND, 1, new Uint8Array(8).fill(1));
    socket.send(SECOND, 2, new Uint8Array(8).fill(2));
  });
  const journeys = new Map<number, Uint8Array[]>();
  for (const event of events) {
    if (event.kind !== "transmit" && event.kind !== "receive") continue;
    journeys.set(event.journey, [...(journeys.get(event.journey) ?? []), event.frame]);
  }
  const echoes = [...journeys.values()].filter((frames) => frames[0]!.length === 50);
  expect(
    echoes.map((frames) => [frames.length, new Set(frames).size, frames[0]![41], frames[0]![49]]),
  ).toEqual([
    [4, 1, 1, 1],
    [4, 1, 2, 2],
    [4, 1, 1, 1],
    [4, 1, 2, 2],
  ]);
});
