import { deviceId } from "../lab/topology.js";
import type { Journey } from "../trace/journey.js";
import { stretchesOf, type TunnelEnd } from "../trace/tunnel.js";
import { PALETTE } from "./palette.js";
import { element, round, text } from "./svg.js";
import type { Layout, PlacedDevice } from "./topology-layout.js";

/** The tunnels of a packet's copies, from device to device, each once. */
function tunnelsOf(
  journey: Journey,
): readonly { readonly from: string; readonly to: string; readonly vni: number }[] {
  const idOf = ({ machine, netns, device }: TunnelEnd) => deviceId(machine, netns, device);
  const tunnels = stretchesOf(journey.events).map(({ from, to, vni }) => ({
    from: idOf(from),
    to: idOf(to),
    vni,
  }));
  return [...new Map(tunnels.map((tunnel) => [`${tunnel.from} ${tunnel.to}`, tunnel])).values()];
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
    return a === undefined || b === undefined ? [] : [drawTunnel(a, b, vni, layout.devices)];
  });
  return {
    lines: drawn.map(({ line }) => line).join(""),
    names: drawn.map(({ name }) => name).join(""),
  };
}

const COLOUR = PALETTE[1];
/** How far an arc goes up at most, so that its name is above what stands between two machines. */
const MOST_RISE = 115;

/** Where along an arc its name may stand, the best place first. */
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
const NAME_HEIGHT = 22;

function drawTunnel(
  a: PlacedDevice,
  b: PlacedDevice,
  vni: number,
  devices: readonly PlacedDevice[],
): { line: string; name: string } {
  const label = `VXLAN ${vni}`;
  const width = label.length * 8 + 8;
  const rise = Math.min(MOST_RISE, Math.abs(a.x - b.x) / 4);
  const top = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 2 * rise };
  const onArc = (t: number) => ({
    x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * top.x + t ** 2 * b.x,
    y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * top.y + t ** 2 * b.y,
  });
  const isFree = (t: number) => {
    const { x, y } = onArc(t);
    return !devices.some(
      (box) =>
        Math.abs(box.x - x) < (box.width + width) / 2 && Math.abs(box.y - y) < (box.height + NAME_HEIGHT) / 2,
    );
  };
  const { x, y } = onArc(PLACES.find(isFree) ?? PLACES[0]!);
  const line = element("path", {
    d: `M${round(a.x)},${round(a.y)}Q${round(top.x)},${round(top.y)} ${round(b.x)},${round(b.y)}`,
    fill: "none",
    stroke: COLOUR,
    "stroke-width": 4,
    "stroke-dasharray": "9 5",
  });
  const ground = { x: x - width / 2, y: y - NAME_HEIGHT / 2, width, height: NAME_HEIGHT, rx: 6 };
  const name =
    element("rect", { ...ground, fill: "#ffffff", stroke: COLOUR }) +
    text(x, y + 4, label, { "text-anchor": "middle", "font-weight": 600, fill: "#a84300" });
  return { line, name };
}
