import { describe, expect, it } from "vitest";
import { Lab } from "../lab/lab.js";
import type { PresetOptions } from "../lab/preset.js";
import { topology } from "./topology.js";
import { layoutTopology, type PlacedDevice } from "./topology-layout.js";

const viewOf = (options: PresetOptions) => Lab.preset("vxlan", { seed: 7, ...options }).topology();
const overlap = (a: PlacedDevice, b: PlacedDevice) =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;

describe("many machines around a switch or router", () => {
  it.each([
    { hosts: 5, underlay: "switched", widest: 900 },
    { hosts: 12, underlay: "switched", widest: 900 },
    { hosts: 12, underlay: "routed", widest: 900 },
    // Names of 12 pixels are read down to about 7 of them.
    { hosts: 50, underlay: "switched", widest: 1500 },
  ] as const)("$hosts hosts, $underlay, in $widest pixels", ({ widest, ...options }) => {
    const view = viewOf(options);
    const { width, height, devices, groups, links } = layoutTopology(view);
    expect(width).toBeLessThanOrEqual(widest);
    const all = view.machines.flatMap(({ namespaces }) => namespaces.flatMap((one) => one.devices));
    expect(devices.map(({ device }) => device.id).sort()).toEqual(all.map(({ id }) => id).sort());
    expect(groups.map(({ label }) => label).sort()).toEqual(view.machines.map(({ name }) => name).sort());
    expect(links).toHaveLength(view.links.length);
    expect(devices.filter((a, i) => devices.slice(i + 1).some((b) => overlap(a, b)))).toEqual([]);
    for (const box of [...devices, ...groups]) {
      expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width / 2).toBeLessThanOrEqual(width);
      expect(box.y - box.height / 2).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height / 2).toBeLessThanOrEqual(height);
    }
  });

  it("each cable ends at its card and its port, and crosses no other device", () => {
    const { devices, links } = layoutTopology(viewOf({ hosts: 12 }));
    for (const { link, points } of links.filter(({ link: { kind } }) => kind === "cable")) {
      const touched = devices.filter((box) =>
        points.slice(1).some((to, i) => {
          const from = points[i]!;
          const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
          const [width, height] = [Math.abs(from.x - to.x), Math.abs(from.y - to.y)];
          const beside = Math.abs(box.x - x) - (box.width + width) / 2;
          return Math.max(beside, Math.abs(box.y - y) - (box.height + height) / 2) < 0.01;
        }),
      );
      expect(touched.map(({ device }) => device.id).sort()).toEqual([link.from, link.to].sort());
    }
  });

  it("machines that nothing joins stand in layers as before", async () => {
    const machines = Array.from({ length: 9 }, (_, i) => ({
      ...viewOf({}).machines[0]!,
      name: `alone-${i}`,
      namespaces: [],
    }));
    expect((await topology({ machines, links: [] }).svg()).length).toBeGreaterThan(0);
    expect(layoutTopology(viewOf({ hosts: 4 })).width).toBe(1268);
  });
});
