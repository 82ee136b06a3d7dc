import { SERVICE } from "./service.js";
import { STACK } from "./stack.js";
import { NODE, SWARM } from "./swarm.js";

/** Help texts of swarm mode's groups of commands, by their first word. */
export const SWARM_GROUPS: Readonly<Record<string, string>> = {
  swarm: SWARM,
  node: NODE,
  service: SERVICE,
  stack: STACK,
};
