import type { Subcommand } from "../../../docker/command/subcommand.js";
import { serviceCreate } from "./create.js";
import { serviceInspect } from "./inspect.js";
import { serviceLogs } from "./logs.js";
import { serviceList } from "./ls.js";
import { servicePs } from "./ps.js";
import { serviceRemove } from "./rm.js";
import { serviceRollback } from "./rollback.js";
import { serviceScale } from "./scale.js";
import { serviceUpdate } from "./update.js";

/** `docker service …`. */
export const SERVICE_COMMANDS: readonly Subcommand[] = [
  serviceCreate,
  serviceInspect,
  serviceList,
  serviceLogs,
  servicePs,
  serviceRemove,
  serviceRollback,
  serviceScale,
  serviceUpdate,
];
