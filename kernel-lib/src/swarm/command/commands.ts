import type { Subcommand } from "../../docker/command/subcommand.js";
import { nodeInspect } from "./node/inspect.js";
import { nodeList } from "./node/ls.js";
import { nodePs } from "./node/ps.js";
import { nodeRemove } from "./node/rm.js";
import { nodeDemote, nodePromote } from "./node/role.js";
import { nodeUpdate } from "./node/update.js";
import { SERVICE_COMMANDS } from "./service/commands.js";
import { STACK_COMMANDS } from "./stack/commands.js";
import { swarmInit } from "./swarm/init.js";
import { swarmJoin } from "./swarm/join.js";
import { swarmJoinToken } from "./swarm/join-token.js";
import { swarmLeave } from "./swarm/leave.js";
import { swarmUpdate } from "./swarm/update.js";
import { withConsent } from "./with-consent.js";

/** Every subcommand of `docker` that swarm mode brings. */
export const SWARM_COMMANDS: readonly Subcommand[] = [
  nodeDemote,
  nodeInspect,
  nodeList,
  nodePromote,
  nodePs,
  nodeRemove,
  nodeUpdate,
  ...SERVICE_COMMANDS.map(withConsent),
  ...STACK_COMMANDS.map(withConsent),
  swarmInit,
  swarmJoin,
  swarmJoinToken,
  swarmLeave,
  swarmUpdate,
];
