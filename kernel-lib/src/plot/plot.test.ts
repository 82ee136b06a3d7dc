import { describe, expect, it } from "vitest";
import { DISPLAY } from "../base/display.js";
import type { Topology } from "../lab/topology.js";
import type { TraceEvent } from "../trace/events.js";
import { journeysOf } from "../trace/journey.js";
import { hops } from "./hops.js";
import { sequence } from "./sequence.js";
import { topology } from "./topology.js";

const at = (journey: number, ns: number, netns: string) => ({
  journey,
  branch: 0,
  at: ns,
  machine: "docker01",
  netns,
});
const frame = new Uint8Array(14);
const EVENTS: TraceEvent[] = [
  { ...at(1, 0, "a"), kind: "born", by: "socket", summary: "UDP 172.17.0.2:9 → 172.17.0.3:9", cause: 0 },
  { ...at(1, 700, "a"), kind: "transmit", device: "eth0", deviceKind: "veth", frame, length: 100 },
  { ...at(1, 1_000, "docker01"), kind: "receive", device: "veth1", deviceKind: "veth", frame, length: 100 },
  { ...at(1, 1_500, "b"), kind: "receive", device: "eth0", deviceKind: "veth", frame, length: 100 },
  { ...at(1, 2_000, "b"), kind: "deliver", protocol: "udp", to: "9/udp <nc>" },
];
const [journey] = journeysOf(EVENTS);

const device = (netns: string, name: string, kind: "veth" | "bridge") => ({
  id: `docker01/${netns}/${name}`,
  name,
  kind,
  mac: "02:42:ac:11:00:02",
  addresses: [],
  up: true,
});
const VIEW: Topology = {
  machines: [
    {
      name: "docker01",
      namespaces: [
        {
          label: "docker01",
          root: true,
          devices: [device("docker01", "docker0", "bridge"), device("docker01", "veth1", "veth")],
        },
        { label: "a", root: false, devices: [device("a", "eth0", "veth")] },
      ],
    },
  ],
  links: [
    { from: "docker01/docker01/docker0", to: "docker01/docker01/veth1", kind: "port" },
    { from: "docker01/a/eth0", to: "docker01/docker01/veth1", kind: "veth" },
  ],
};

/** Every tag that opens also closes, and attributes are quoted: what an XML parser would ask. */
function wellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [tag, close, name, , self] of svg.matchAll(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (tag === undefined) return false;
    if (close === "/") {
      if (open.pop() !== name) return false;
    } else if (self !== "/") open.push(name!);
  }
  return open.length === 0;
}

describe("plots", () => {
  it("hops: a bar for each hop that took time, as JSON, SVG and text", async () => {
    const figure = hops(journey!);
    const bundle = await figure[DISPLAY]();
    const chart = bundle["application/vnd.plotly.v1+json"] as {
      data: { name: string; x: number[]; base: number[] }[];
    };
    expect(chart.data.map(({ name, x, base }) => [name, x, base])).toEqual([
      ["a", [0.7], [0]],
      ["docker01", [0.3], [0.7]],
      ["b", [0.5, 0.5], [1, 1.5]],
    ]);
    expect(bundle["text/plain"]).toBe(
      "UDP 172.17.0.2:9 → 172.17.0.3:9: 5 hops through a, docker01, b in 2.00 µs (modelled); the longest hop is eth0 with 700 ns.",
    );
    expect(bundle["image/svg+xml"]).toContain('role="img"');
    expect(bundle["image/svg+xml"]).toMatch(/^<svg [^>]*><rect width="\d+" height="\d+" fill="#ffffff"\/>/);
  });

  it("hops: the same bytes every time, whatever was drawn before", async () => {
    const first = await hops(journey!).svg();
    await hops(journey!, { title: "another" }).svg();
    expect(await hops(journey!).svg()).toBe(first);
    expect(first.match(/class="point"/g)).toHaveLength(4);
  });

  it("topology: every device once, the path numbered", () => {
    const drawing = topology(VIEW, { journey: journey! });
    const svg = drawing[DISPLAY]()["image/svg+xml"] as string;
    expect(wellFormed(svg)).toBe(true);
    expect(svg.match(/>docker0</g)).toHaveLength(1);
    expect(svg.match(/<circle/g)).toHaveLength(1);
    expect(drawing.description).toBe(
      "Topology of docker01 (with a). The packet UDP 172.17.0.2:9 → 172.17.0.3:9 goes a → docker01 → b: 5 hops, 2.00 µs. It passes eth0 → veth1 → eth0. It is delivered to 9/udp <nc>.",
    );
  });

  it("sequence: one arrow a packet, from its maker to its reader", async () => {
    const drawing = sequence([journey!]);
    const svg = await drawing.svg();
    expect(wellFormed(svg)).toBe(true);
    expect(svg.match(/marker-end/g)).toHaveLength(1);
    expect(drawing.description).toBe(
      "1 packet between a, docker01, b, in the order of time: 5 hops, 2.00 µs.",
    );
  });
});
