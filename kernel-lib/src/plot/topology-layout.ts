import type { Topology } from "../lab/topology.js";
import { layoutGrid } from "./topology-grid.js";
import { type Layout, layoutLayers } from "./topology-layers.js";

export type { Layout, PlacedDevice, PlacedGroup, PlacedLink, Point } from "./topology-layers.js";

/** From so many machines on a row of them would be too wide for a page. */
const MANY_MACHINES = 8;

/** A few machines stand in layers; many stand in rows around the switch or router that joins them. */
export function layoutTopology(topology: Topology): Layout {
  const grid = topology.machines.length < MANY_MACHINES ? null : layoutGrid(topology);
  return grid ?? layoutLayers(topology);
}
