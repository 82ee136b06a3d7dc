import type { DockerVersion } from "../versions/version.js";
import { LAYOUT_28 } from "./forward-chains.js";
import type { FirewallLayout } from "./layout.js";
import { LAYOUT_1_12, LAYOUT_17_05, LAYOUT_17_09 } from "./pairwise.js";
import { LAYOUT_20_10 } from "./staged.js";

/** The rules' layout of each release. */
export const FIREWALL_LAYOUTS: Readonly<Record<DockerVersion, FirewallLayout>> = {
  "1.12": LAYOUT_1_12,
  "17.05": LAYOUT_17_05,
  "17.09": LAYOUT_17_09,
  "20.10": LAYOUT_20_10,
  "28": LAYOUT_28,
};
