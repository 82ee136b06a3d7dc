import { expect, test } from "vitest";
import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { setLink } from "../../kernel-lib/src/stack/config/link.js";
import { replaceNeighbour } from "../../kernel-lib/src/stack/config/neighbour.js";
import { bridgedHost, eth0 } from "./topology.js";

const SECOND = parseIpv4("172.17.0.3");
const MAC = 0x0242ac110003;

function scene() {
  const topology = bridgedHost(2);
  const [first, second] = topology.containers as [
    (typeof topology.containers)[0],
    (typeof topology.containers)[0],
  ];
  first.sysctls.set("net.ipv4.neigh.eth0.base_reachable_time_ms", "30000");
  const socket = first.udp.socket();
  return {
    ...topology,
    first,
    second,
    send: () => socket.sendTo(new Uint8Array(1), SECOND, 9),
    cut: () => setLink(second, eth0(second), { up: false }),
    entry: () => first.neighbours.find(SECOND, eth0(first)),
  };
}
type Scene = ReturnType<typeof scene>;

/** Seconds after the entry was set by hand to a state, what happens then, and the state right after (net/core/neighbour.c). */
const STORIES: readonly (readonly [
  string,
  "STALE" | "REACHABLE" | "DELAY" | "PROBE",
  readonly (readonly [number, ((scene: Scene) => void) | null, string])[],
])[] = [
  ["a stale entry stays so while nobody uses it", "STALE", [[3600, null, "STALE"]]],
  [
    "used, it waits 5 s, asks three times a second apart, and fails",
    "STALE",
    [
      [0, (at) => at.cut(), "STALE"],
      [1, (at) => at.send(), "DELAY"],
      [5.9, null, "DELAY"],
      [6.1, null, "PROBE"],
      [8.9, null, "PROBE"],
      [9.1, null, "FAILED"],
      [10, (at) => at.send(), "INCOMPLETE"],
      [12.9, null, "INCOMPLETE"],
      [13.1, null, "FAILED"],
    ],
  ],
  [
    "an answer to the question makes it reachable",
    "STALE",
    [
      [1, (at) => at.send(), "DELAY"],
      [6.1, null, "REACHABLE"],
    ],
  ],
  [
    "progress of a connection within the 5 s saves the question, even when nobody would answer",
    "STALE",
    [
      [0, (at) => at.cut(), "STALE"],
      [1, (at) => at.send(), "DELAY"],
      [3, (at) => at.first.neighbours.confirm(at.entry()!), "DELAY"],
      [6.1, null, "REACHABLE"],
    ],
  ],
  [
    "a reachable one is stale when its time (15 to 45 s) is over, at once used it is in delay",
    "REACHABLE",
    [
      [14.9, null, "REACHABLE"],
      [45.1, null, "STALE"],
      [46, (at) => at.send(), "DELAY"],
    ],
  ],
  [
    "confirmed again and again, it stays reachable",
    "REACHABLE",
    [
      [14, (at) => at.first.neighbours.confirm(at.entry()!), "REACHABLE"],
      [28, (at) => at.first.neighbours.confirm(at.entry()!), "REACHABLE"],
      [42, null, "REACHABLE"],
      [74, null, "STALE"],
    ],
  ],
];

test.each(STORIES)("%s", (_name, state, story) => {
  const at = scene();
  const start = at.world.scheduler.now;
  replaceNeighbour(at.first, { address: SECOND, device: eth0(at.first), mac: MAC, state });
  for (const [when, act, expected] of story) {
    at.world.scheduler.runFor(start + seconds(when) - at.world.scheduler.now);
    act?.(at);
    at.world.scheduler.runFor(act === null ? 0 : ms(1));
    expect([when, at.entry()?.state]).toEqual([when, expected]);
  }
});

test("entries are forgotten only beyond 128 of them (gc_thresh1): the failed, and the stale that were unused for 60 s", () => {
  const { world, first } = scene();
  const device = eth0(first);
  const base = parseIpv4("172.17.1.0");
  const add = (i: number, state: "STALE" | "FAILED" | "PERMANENT") =>
    replaceNeighbour(first, { address: base + i, device, mac: MAC, state });
  for (let i = 0; i < 126; i++) add(i, i % 2 === 0 ? "STALE" : "PERMANENT");
  world.scheduler.runFor(seconds(3600));
  expect(first.neighbours.list()).toHaveLength(126);
  add(200, "FAILED");
  add(201, "STALE");
  expect(first.neighbours.list()).toHaveLength(128);
  add(202, "STALE");
  expect(
    first.neighbours
      .list()
      .map((entry) => entry.state)
      .sort(),
  ).toEqual([...new Array(63).fill("PERMANENT"), "STALE", "STALE"]);
});
