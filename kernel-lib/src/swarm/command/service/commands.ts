import type { Subcommand } from "../../../docker/command/subcommand.js";
import { serviceCreate } from "./create.js";
import { serviceList } from "./ls.js";
import { servicePs } from "./ps.js";
import { serviceRemove } from "./rm.js";

/** `docker service …`. */
export const SERVICE_COMMANDS: readonly Subcommand[] = [serviceCreate, serviceList, servicePs, serviceRemove];
