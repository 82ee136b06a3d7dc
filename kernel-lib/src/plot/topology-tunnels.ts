import { deviceId } from "../lab/topology.js";
import type { Journey } from "../trace/journey.js";
import { PALETTE } from "./palette.js";
import { element, round, text } from "./svg.js";
import type { Layout, PlacedDevice } from "./topology-layout.js";

/** A VXLAN tunnel that a packet went through, from device to device. */
interface Tunnel {
  readonly from: string;
  readonly to: string;
  readonly vni: number;
}

/** The tunnels of a packet's copies, each once. */
function tunnelsOf(journey: Journey): readonly Tunnel[] {
  const tunnels = new Map<string, Tunnel>();
  const { events } = journey;
  for (const out of events) {
    if (out.kind !== "decapsulate") continue;
    const into =
      events.find((event) => event.kind === "encapsulate" && event.branch === out.branch) ??
      events.find((event) => event.kind === "encapsulate" && event.vni === out.vni);
    if (into?.kind !== "encapsulate") continue;
    const from = deviceId(into.machine, into.netns, into.device);
    const to = deviceId(out.machine, out.netns, out.device);
    tunnels.set(`${from} ${to}`, { from, to, vni: out.vni });
  }
  return [...tunnels.values()];
}

/**
 * What the inner packet sees of the way between two VXLAN devices: one link, a dashed arc. Its line goes behind the devices, its name before them; the way of the
 * packet that carries it is drawn along the cables.
 */
export function drawTunnels(
  layout: Layout,
  journey: Journey,
): { readonly lines: string; readonly names: string } {
  const placed = new Map(layout.devices.map((one) => [one.device.id, one]));
  const drawn = tunnelsOf(journey).flatMap(({ from, to, vni }) => {
    const [a, b] = [placed.get(from), placed.get(to)];
    return a === undefined || b === undefined ? [] : [drawTunnel(a, b, vni)];
  });
  return {
    lines: drawn.map(({ line }) => line).join(""),
    names: drawn.map(({ name }) => name).join(""),
  };
}

const COLOUR = PALETTE[1];
/** How far an arc goes up at most, so that its name is above what stands between two machines. */
const MOST_RISE = 115;

function drawTunnel(a: PlacedDevice, b: PlacedDevice, vni: number): { line: string; name: string } {
  const label = `VXLAN ${vni}`;
  const rise = Math.min(MOST_RISE, Math.abs(a.x - b.x) / 4);
  const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2 - rise];
  const width = label.length * 8 + 8;
  const line = element("path", {
    d: `M${round(a.x)},${round(a.y)}Q${round(x)},${round(y - rise)} ${round(b.x)},${round(b.y)}`,
    fill: "none",
    stroke: COLOUR,
    "stroke-width": 4,
    "stroke-dasharray": "9 5",
  });
  const ground = { x: x - width / 2, y: y - 11, width, height: 22, rx: 6, fill: "#ffffff", stroke: COLOUR };
  const name =
    element("rect", ground) +
    text(x, y + 4, label, { "text-anchor": "middle", "font-weight": 600, fill: "#a84300" });
  return { line, name };
}
