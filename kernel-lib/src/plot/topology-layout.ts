import type { Topology } from "../lab/topology.js";
import { layoutGrid } from "./topology-grid.js";
import { type Layout, layoutLayers } from "./topology-layers.js";
import { tidied } from "./topology-tidy.js";

export type { Layout, PlacedDevice, PlacedGroup, PlacedLink, Point } from "./topology-layers.js";

/** From so many machines on a row of them would be too wide for a page. */
const MANY_MACHINES = 8;

/** And so is a picture of so many pixels: machines with much in them fill a row sooner. */
const TOO_WIDE = 1800;

/** A few machines stand in layers; many, or large ones, stand in rows around the switch or router that joins them. */
export function layoutTopology(topology: Topology): Layout {
  return tidied(place(topology));
}

function place(topology: Topology): Layout {
  if (topology.machines.length >= MANY_MACHINES) return layoutGrid(topology) ?? layoutLayers(topology);
  const layers = layoutLayers(topology);
  return layers.width < TOO_WIDE ? layers : (layoutGrid(topology) ?? layers);
}
