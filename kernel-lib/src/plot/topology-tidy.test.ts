import { describe, expect, it } from "vitest";
import type { DeviceView } from "../lab/topology.js";
import type { Layout, PlacedDevice, PlacedLink } from "./topology-layers.js";
import { tidied } from "./topology-tidy.js";

const device = (id: string, x: number, y: number): PlacedDevice => {
  const name = id.split("/")[2]!;
  const view: DeviceView = { id, name, kind: "bridge", mac: "", addresses: [], up: true };
  return { device: view, x, y, width: 100, height: 40 };
};
const BR0 = device("n/overlay/br0", 100, 100);
const VXLAN0 = device("n/overlay/vxlan0", 100, 240);
const bent = (from: string, to: string): PlacedLink => ({
  link: { from, to, kind: "port" },
  points: [
    { x: 100, y: 120 },
    { x: 300, y: 170 },
    { x: 100, y: 220 },
  ],
});
const GROUP = { label: "overlay", kind: "namespace", x: 150, y: 170, width: 300, height: 220 } as const;
const layout = (parts: Partial<Layout>): Layout => ({
  width: 400,
  height: 300,
  devices: [BR0, VXLAN0],
  groups: [],
  links: [],
  ...parts,
});

describe("lines", () => {
  const straight = [
    { x: 100, y: 120 },
    { x: 100, y: 220 },
  ];

  it("within a namespace go straight where nothing stands between", () => {
    const { links } = tidied(layout({ links: [bent(BR0.device.id, VXLAN0.device.id)] }));
    expect(links[0]!.points).toEqual(straight);
    const upwards = tidied(layout({ links: [bent(VXLAN0.device.id, BR0.device.id)] }));
    expect(upwards.links[0]!.points).toEqual([...straight].reverse());
  });

  it("stay as they are around a device, and between namespaces", () => {
    const link = bent(BR0.device.id, VXLAN0.device.id);
    const between = device("n/overlay/veth0", 100, 170);
    expect(tidied(layout({ devices: [BR0, VXLAN0, between], links: [link] })).links).toEqual([link]);
    const far = device("n/n/enp0s8", 100, 240);
    const out = bent(BR0.device.id, far.device.id);
    expect(tidied(layout({ devices: [BR0, far], links: [out] })).links).toEqual([out]);
  });
});

describe("names of groups", () => {
  const crossing = (x: number): PlacedLink => ({
    link: { from: "n/a/eth0", to: BR0.device.id, kind: "veth" },
    points: [
      { x, y: 20 },
      { x, y: 90 },
    ],
  });

  it("stay at the left where no line crosses them, else go to the right of it", () => {
    expect(tidied(layout({ groups: [GROUP], links: [crossing(250)] })).groups).toEqual([GROUP]);
    const [moved] = tidied(layout({ groups: [GROUP], links: [crossing(40)] })).groups;
    expect(moved!.titleX).toBeGreaterThan(40);
    expect(moved!.crossed).toBeUndefined();
  });

  it("stand before the line where there is no other place", () => {
    const narrow = { ...GROUP, x: 40, width: 80 };
    const [group] = tidied(layout({ groups: [narrow], links: [crossing(40)] })).groups;
    expect(group).toEqual({ ...narrow, crossed: true });
  });
});
