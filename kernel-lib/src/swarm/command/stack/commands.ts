import type { Subcommand } from "../../../docker/command/subcommand.js";
import { stackDeploy } from "./deploy.js";
import { stackList } from "./ls.js";
import { stackPs } from "./ps.js";
import { stackRemove } from "./rm.js";
import { stackServicesList } from "./services.js";

/** `docker stack …`. */
export const STACK_COMMANDS: readonly Subcommand[] = [
  stackDeploy,
  stackList,
  stackPs,
  stackRemove,
  stackServicesList,
];
