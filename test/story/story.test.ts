import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../kernel-lib/src/base/display.js";
import { type Story, story } from "../../kernel-lib/src/plot/story.js";
import { STORY_MIME, type StoryHop } from "../../kernel-lib/src/plot/story-data.js";
import type { TraceEvent } from "../../kernel-lib/src/trace/events.js";
import { journeysOf } from "../../kernel-lib/src/trace/journey.js";
import { droppedWay, floodedWay, localWay, publishedWay, type Way } from "./ways.js";

const told = ({ journey, topology }: Way): Story => story(journey, { topology });
const hopAt = ({ data }: Story, stage: string): StoryHop => data.hops.find((hop) => hop.stage === stage)!;

/** What a hop's headers mark: `+Ethernet` for a new one, `IPv4 TTL 64 → 63` for a changed value. */
function marks({ headers }: StoryHop): readonly string[] {
  return headers.flatMap(({ name, added, fields }) => [
    ...(added ? [`+${name}`] : []),
    ...fields.flatMap(({ name: field, value, before }) =>
      before === undefined ? [] : [`${name} ${field} ${before} → ${value}`],
    ),
  ]);
}

describe("the story of a packet to a published port", () => {
  const way = publishedWay();
  const it1 = told(way);

  it("is told in one sentence with its hops and its time, what was changed, and how it ended", () => {
    expect(it1.toString()).toMatch(
      /^The packet TCP SYN 203\.0\.113\.9:\d+ → 192\.168\.56\.101:5000 goes client → router → docker01 → api-container: 24 hops, 15\.8 µs\. PREROUTING on docker01 changes the destination from 192\.168\.56\.101:5000 to 172\.17\.0\.2:5000\. It is delivered to 5000\/tcp\.$/,
    );
  });

  it("has the rows of the packet's table", () => {
    expect(it1.data.hops.map(({ time, stage }) => [time, stage])).toEqual(
      way.journey.table().rows.map((row) => [row[1], row[4]]),
    );
  });

  it("marks what changed in the headers, and only where it changed", () => {
    const changed = it1.data.hops.flatMap((hop) =>
      marks(hop).map((mark) => `${hop.where} ${hop.stage}: ${mark}`),
    );
    expect(changed.filter((mark) => !mark.includes("Ethernet"))).toEqual([
      "router forward: IPv4 TTL 64 → 63",
      "docker01 PREROUTING: IPv4 destination 192.168.56.101 → 172.17.0.2",
      "docker01 forward: IPv4 TTL 63 → 62",
    ]);
    expect(changed.filter((mark) => mark.includes("Ethernet")).map((mark) => mark.split(":")[0])).toEqual([
      ...["client eth0", "router eth0", "router eth0", "docker01 docker0", "docker01 docker0"],
    ]);
  });

  it("names the rule that decided, the command behind it, and the rules that were missed by one term", () => {
    const [rule] = hopAt(it1, "PREROUTING").rules;
    expect(rule!.rule).toMatch(/^nat DOCKER 2: .*-j DNAT --to-destination 172\.17\.0\.2:5000$/);
    expect(rule!.because).toContain("docker run");
    expect(hopAt(it1, "FORWARD").misses).toEqual([
      {
        rule: "filter FORWARD 3: -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        fails: "-m conntrack --ctstate RELATED,ESTABLISHED",
        because: "dockerd",
      },
    ]);
  });

  it.each([
    ["the lab's map", it1],
    ["a map of what it saw", story(way.journey)],
  ])("moves without a jump on %s", (_, { data }) => {
    let at: readonly number[] | null = null;
    for (const { way: line, stage } of data.hops) {
      expect(line.length, stage).toBeGreaterThanOrEqual(2);
      if (at !== null && line.length > 2) expect(line.slice(0, 2), stage).toEqual(at);
      at = line.slice(-2);
      expect(at[0]).toBeLessThanOrEqual(data.map.width);
      expect(at[1]).toBeLessThanOrEqual(data.map.height);
    }
  });

  it("is a bundle for each kind of reader", async () => {
    const bundle = await it1[DISPLAY]();
    expect(Object.keys(bundle)).toEqual([STORY_MIME, "text/html", "image/svg+xml", "text/plain"]);
    expect(bundle["text/plain"]).toBe(it1.description);
    const picture = String(bundle["image/svg+xml"]);
    expect(picture).toContain('role="img" aria-label="The packet TCP SYN');
    expect(picture).toContain("PREROUTING: destination 192.168.56.101:5000 → 172.17.0.2:5000");
    const [, still] = /<img alt="The packet TCP SYN[^>]* src="data:image\/svg\+xml;base64,([^"]+)">/.exec(
      String(bundle["text/html"]),
    )!;
    expect(Buffer.from(still!, "base64").toString()).toBe(picture);
  });
});

it("a dropped packet's story ends where it died, with the rule and what it narrowly missed", () => {
  const dropped = told(droppedWay());
  expect(dropped.description).toContain("It is dropped at FORWARD: a netfilter rule or policy dropped it");
  const { text, rules, misses } = hopAt(dropped, "FORWARD");
  expect([text, rules[0]!.rule]).toEqual(["drop (NEW)", "filter DOCKER-USER 2: -j DROP"]);
  expect(misses.map(({ rule, fails }) => [rule, fails])).toEqual([
    ["filter DOCKER-USER 1: -i eth0 -p tcp -m tcp --dport 5000 -j ACCEPT", "-i eth0"],
  ]);
  expect(dropped.data.hops.at(-1)!.end).toBe("dropped");
});

it("copies of a flooded frame go their own ways from the bridge", () => {
  const { data } = told(floodedWay());
  const copies = [...new Set(data.hops.map(({ copy }) => copy))];
  expect(copies).toEqual([0, 1, 2]);
  const ends = copies.map((wanted) =>
    data.hops
      .findLast(({ copy }) => copy === wanted)!
      .way.slice(-2)
      .join(),
  );
  expect(new Set(ends).size).toBe(copies.length);
});

it("a packet that stays on loopback has a map of its own", () => {
  const { data, description } = told(localWay());
  expect(description).toContain("stays on docker01: 11 hops");
  expect(data.hops.every(({ way }) => way.length >= 2)).toBe(true);
});

describe("a way through a tunnel", () => {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
  const inner = "0242ac1200160242ac12000b0800450000540000400040010000ac12000bac120016080000003efc0000";
  const outer = `00163e75fd9a00163ed5606d0800450000860000000040110000c0a83865c0a83866a83412b5007200000800000000000a00${inner}`;
  const at = (ns: number, machine: string, netns = machine) => ({
    journey: 1,
    branch: 0,
    at: ns,
    machine,
    netns,
  });
  const tunnel = { device: "vxlan0", vni: 10, remote: 0xc0a83866 };
  const sent = { kind: "transmit", deviceKind: "nic" } as const;
  const came = { kind: "receive", deviceKind: "nic" } as const;
  const [small, large] = [
    { frame: bytes(inner), length: 98 },
    { frame: bytes(outer), length: 148 },
  ];
  const events: TraceEvent[] = [
    { ...at(0, "host-a", "web"), kind: "born", by: "socket", summary: "ICMP echo request a → b", cause: 0 },
    { ...at(1, "host-a", "web"), ...sent, device: "eth0", ...small },
    { ...at(2, "host-a"), ...tunnel, kind: "encapsulate", sourcePort: 43060, destinationPort: 4789 },
    {
      ...at(3, "host-a"),
      kind: "hook",
      hook: "OUTPUT",
      verdict: "accept",
      input: "",
      output: "enX0",
      ends: "",
      steps: [],
      changes: [],
      connection: null,
    },
    { ...at(4, "host-a"), ...sent, device: "enX0", ...large },
    { ...at(5, "host-b"), ...came, device: "enX0", ...large },
    { ...at(6, "host-b"), ...tunnel, remote: 0xc0a83865, kind: "decapsulate" },
    { ...at(7, "host-b", "web"), ...came, device: "eth0", ...small },
    { ...at(8, "host-b", "web"), kind: "deliver", protocol: "icmp", to: "kernel" },
  ];
  const { data } = story(journeysOf(events)[0]!);

  it("has the envelope from where it is put on to where it is taken off", () => {
    const carried = ["Ethernet", "IPv4", "ICMP", "data"];
    const envelope = ["IPv4", "UDP", "VXLAN"];
    expect(data.hops.map(({ headers }) => headers.map(({ name }) => name))).toEqual([
      carried.slice(1),
      carried,
      [...envelope, ...carried],
      [...envelope, ...carried],
      ["Ethernet", ...envelope, ...carried],
      ["Ethernet", ...envelope, ...carried],
      [...envelope, ...carried],
      carried,
      carried.slice(1),
    ]);
    expect(data.hops.map((hop) => marks(hop).join(" "))).toEqual([
      ...["", "+Ethernet", "+IPv4 +UDP +VXLAN", "", "+Ethernet", "", "", "", ""],
    ]);
  });
});
