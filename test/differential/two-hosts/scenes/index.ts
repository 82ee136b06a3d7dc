import type { Scene } from "../scene.js";
import { MTU_SCENES } from "./mtu.js";
import { SWITCHING_SCENES } from "./switching.js";
import { TRAFFIC_SCENES } from "./traffic.js";
import { TUNNEL_SCENES } from "./tunnel.js";

export const SCENES: readonly Scene[] = [
  ...TUNNEL_SCENES,
  ...MTU_SCENES,
  ...SWITCHING_SCENES,
  ...TRAFFIC_SCENES,
];
