import { describe, expect, it } from "vitest";
import { DISPLAY } from "../base/display.js";
import type { DeviceView, MachineView, Topology } from "../lab/topology.js";
import type { TraceEvent } from "../trace/events.js";
import { journeysOf } from "../trace/journey.js";
import { frame } from "./frame.js";
import { hops } from "./hops.js";
import { sequence } from "./sequence.js";
import { throughput } from "./throughput.js";
import { topology } from "./topology.js";
import { layoutTopology } from "./topology-layout.js";

const at = (ns: number, machine: string, netns = machine, branch = 0) => ({
  journey: 1,
  branch,
  at: ns,
  machine,
  netns,
});
const bytes = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const INNER = bytes("0242ac1200160242ac12000b0800450000540000400040010000ac12000bac120016080000003efc0000");
const OUTER = bytes(
  `00163e75fd9a00163ed5606d0800450000860000000040110000c0a83865c0a83866a83412b5007200000800000000000a00${Buffer.from(INNER).toString("hex")}`,
);
const sent = { kind: "transmit", deviceKind: "veth" } as const;
const came = { kind: "receive", deviceKind: "veth" } as const;
const tunnel = { device: "vxlan0", vni: 10, remote: 0xc0a83866 } as const;
/** A ping from `web` on host-a to a container of the same name on host-b, by a switch that floods. */
const EVENTS: TraceEvent[] = [
  { ...at(0, "host-a", "web"), kind: "born", by: "socket", summary: "ICMP echo request a → b", cause: 0 },
  { ...at(100, "host-a", "web"), ...sent, device: "eth0", frame: INNER, length: 98 },
  { ...at(300, "host-a"), ...came, device: "veth1", frame: INNER, length: 98 },
  { ...at(600, "host-a"), ...tunnel, kind: "encapsulate", sourcePort: 43060, destinationPort: 4789 },
  { ...at(700, "host-a"), ...sent, device: "enX0", frame: OUTER, length: 148 },
  { ...at(1_000, "switch"), ...came, device: "port1", frame: OUTER, length: 148 },
  { ...at(1_100, "switch", "switch", 1), ...sent, device: "port3", frame: OUTER, length: 148 },
  { ...at(1_900, "router", "router", 1), kind: "drop", reason: "OTHERHOST", where: "eth0" },
  { ...at(2_000, "host-b"), ...came, device: "enX0", frame: OUTER, length: 148 },
  { ...at(2_350, "host-b"), ...tunnel, remote: 0xc0a83865, kind: "decapsulate" },
  { ...at(2_850, "host-b", "web"), ...came, device: "eth0", frame: INNER, length: 98 },
  { ...at(3_000, "host-b", "web"), kind: "deliver", protocol: "icmp", to: "kernel" },
];
const [ping] = journeysOf(EVENTS);

describe("a way through a tunnel", () => {
  it("is inside from going in to coming out, copies made there too", () => {
    expect(ping!.hops.map((hop) => hop.tunnel)).toEqual([
      null,
      null,
      null,
      ...[10, 10, 10, 10, 10, 10, 10],
      null,
      null,
    ]);
    const column = ping!.table().head.indexOf("packet");
    expect(new Set(ping!.table().rows.map((row) => row[column]))).toEqual(new Set(["inner", "outer"]));
  });

  it("names two containers of one name with their machines", () => {
    expect(ping!.path).toEqual(["web on host-a", "host-a", "switch", "router", "host-b", "web on host-b"]);
  });

  it("hops: the time before, in and behind the tunnel", () => {
    const { spec, description } = hops(ping!, { by: "tunnel" });
    expect(spec.data.map(({ name }) => name)).toEqual([
      "before the tunnel: 300 ns",
      "in VXLAN 10: 2.05 µs",
      "behind it: 650 ns",
    ]);
    expect(description).toContain(", 300 ns before the tunnel, 2.05 µs in VXLAN 10, 650 ns behind it;");
  });

  it("sequence: a band over the arrow that went through", async () => {
    const drawing = sequence([ping!]);
    const svg = await drawing.svg();
    expect(svg.match(/fill-opacity="0.35"/g)).toHaveLength(1);
    expect([...svg.matchAll(/font-weight="600">([^<]*)</g)].map(([, name]) => name)).toEqual([
      "web on host-a",
      "host-a",
      "host-b",
      "web on host-b",
    ]);
    expect(drawing.description).toContain("1 of them through a VXLAN tunnel.");
  });
});

/** A machine with a container on a bridge, a tunnel as its other port, and a card. */
function host(name: string): MachineView {
  const device = (netns: string, device: string, kind: DeviceView["kind"]): DeviceView => ({
    id: `${name}/${netns}/${device}`,
    name: device,
    kind,
    mac: "",
    addresses: [],
    up: true,
  });
  const own = [device(name, "veth1", "veth"), device(name, "enX0", "nic")];
  const ports = [device(name, "vxlan0", "vxlan"), device(name, "vxlan-net", "bridge")];
  return {
    name,
    namespaces: [
      { label: name, root: true, devices: [...own, ...ports] },
      { label: "web", root: false, devices: [device("web", "eth0", "veth")] },
    ],
  };
}

const wired = (name: string) =>
  [
    { from: `${name}/web/eth0`, to: `${name}/${name}/veth1`, kind: "veth" },
    { from: `${name}/${name}/vxlan-net`, to: `${name}/${name}/veth1`, kind: "port" },
    { from: `${name}/${name}/vxlan-net`, to: `${name}/${name}/vxlan0`, kind: "port" },
  ] as const;
const VIEW: Topology = {
  machines: [host("host-a"), host("host-b")],
  links: [
    ...wired("host-a"),
    ...wired("host-b"),
    { from: "host-a/host-a/enX0", to: "host-b/host-b/enX0", kind: "cable" },
  ],
};

describe("the topology with a tunnel", () => {
  it("stands container, port, bridge, tunnel and card below one another, host-a left of host-b", () => {
    const { devices, groups } = layoutTopology(VIEW);
    const y = (id: string) => devices.find(({ device }) => device.id === id)!.y;
    const column = ["web/eth0", "host-a/veth1", "host-a/vxlan-net", "host-a/vxlan0", "host-a/enX0"];
    const heights = column.map((id) => y(`host-a/${id}`));
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBe(column.length);
    const x = (label: string) => groups.find((group) => group.label === label)!.x;
    expect(x("host-a")).toBeLessThanOrEqual(x("host-b"));
  });

  it("draws the tunnel that a packet went through once, and its carrier's way along the links", async () => {
    const svg = await topology(VIEW, { journey: ping! }).svg();
    expect(svg.match(/>VXLAN 10</g)).toHaveLength(1);
    expect(svg.match(/stroke-dasharray="9 5"/g)).toHaveLength(1);
    expect(svg.match(/<circle/g)!.length).toBeGreaterThan(2);
    expect(await topology(VIEW).svg()).not.toContain("VXLAN 10");
  });
});

describe("frame", () => {
  it("is a box in a box for each header, of the longest frame of a journey", async () => {
    const drawing = frame(ping!);
    const svg = await drawing.svg();
    const names = [...svg.matchAll(/font-weight="600"[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(names).toEqual(["Ethernet", "IPv4", "UDP", "VXLAN", "Ethernet", "IPv4", "ICMP", "data"]);
    expect(svg).toContain("bytes 42–49: 8 bytes");
    expect(svg).toContain("50 bytes of envelope");
    expect(svg).toContain("08 00 00 00 00 00 0a 00");
    expect(drawing.description).toMatch(
      /^A frame of 148 bytes as it leaves enX0 of host-a, from outside in: Ethernet \(14 bytes from 0, 00:16:3e:d5:60:6d → 00:16:3e:75:fd:9a\), .*VXLAN \(8 bytes from 42\), .*data \(56 bytes from 92\)\. The first 50 bytes are the envelope of VXLAN 10, the other 98 the frame that it carries\.$/,
    );
  });

  it("takes a hop, bytes, and a captured frame", () => {
    expect(frame(ping!.hops[1]!).description).toMatch(
      /^A frame of 98 bytes as it leaves eth0 of web on host-a, /,
    );
    expect(frame(OUTER.subarray(0, 50)).description).toContain("VXLAN (8 bytes from 42)");
    expect(frame({ bytes: OUTER, originalLength: 148 }).description).toContain("data (56 bytes from 92)");
    expect(frame(OUTER, { vxlanPort: 8472 }).description).not.toContain("VXLAN (");
    expect(() => frame(ping!.hops[0]!)).toThrow("no device has the frame at hop 1 (program)");
  });

  it("stays within its width: each line of text is shorter than its box", async () => {
    const svg = await frame(ping!).svg();
    for (const [, x, size, content] of svg.matchAll(
      /<text x="([\d.]+)" y="[\d.]+"[^>]*?(?:font-size="(\d+)")?[^>]*>([^<]*)</g,
    )) {
      if (content!.includes("bytes")) continue;
      expect(Number(x) + content!.length * Number(size ?? 13) * 0.56, content).toBeLessThan(600);
    }
  });
});

describe("throughput", () => {
  const points = [
    { size: 1500, bitsPerSecond: 0 },
    { size: 1450, bitsPerSecond: 8.3e8 },
    { size: 500, bitsPerSecond: 3.1e8 },
  ];

  it("has a line for each series, in the order of sizes, with crosses where nothing arrives", async () => {
    const figure = throughput(
      { before: points, after: points.slice(1) },
      { edges: { "MTU of vxlan0": 1450 } },
    );
    const bundle = await figure[DISPLAY]();
    const { data } = bundle["application/vnd.plotly.v1+json"] as {
      data: { name: string; x: number[]; y: number[]; marker: { symbol: string[] } }[];
    };
    expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([
      ["before", [500, 1450, 1500], [310, 830, 0]],
      ["after", [500, 1450], [310, 830]],
    ]);
    expect(data[0]!.marker.symbol).toEqual(["circle", "circle", "x"]);
    expect(bundle["image/svg+xml"]).toContain("MTU of vxlan0: 1450");
    expect(bundle["text/plain"]).toBe(
      "Throughput against packet size. before: 500 to 1500 bytes, at most 830 Mbit/s at 1450 bytes; nothing arrives at 1500 bytes. after: 500 to 1450 bytes, at most 830 Mbit/s at 1450 bytes. MTU of vxlan0: 1450 bytes.",
    );
  });

  it("takes one series without a name, and refuses none", () => {
    expect(throughput(points).spec.layout.showlegend).toBe(false);
    expect(() => throughput([])).toThrow("throughput needs measurements");
  });
});
