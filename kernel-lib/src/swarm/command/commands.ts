import type { Subcommand } from "../../docker/command/subcommand.js";
import { nodeList } from "./node/ls.js";
import { SERVICE_COMMANDS } from "./service/commands.js";
import { swarmInit } from "./swarm/init.js";
import { swarmJoin } from "./swarm/join.js";
import { swarmJoinToken } from "./swarm/join-token.js";
import { swarmLeave } from "./swarm/leave.js";

/** Every subcommand of `docker` that swarm mode brings. */
export const SWARM_COMMANDS: readonly Subcommand[] = [
  nodeList,
  ...SERVICE_COMMANDS,
  swarmInit,
  swarmJoin,
  swarmJoinToken,
  swarmLeave,
];
