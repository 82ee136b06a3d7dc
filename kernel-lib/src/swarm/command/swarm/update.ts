import { ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { helpText } from "../../../docker/command/usage-errors.js";
import { memberOf } from "../../directory.js";
import { SWARM_UPDATE } from "../usage/swarm.js";
import { durationOption, historyLimitOption, refuseOptions } from "./options.js";

const UNSUPPORTED = ["cert-expiry", "external-ca", "max-snapshots", "snapshot-interval"];

/** `docker swarm update`; without an option it shows its help. */
export const swarmUpdate: Subcommand = {
  names: ["swarm update"],
  help: SWARM_UPDATE,
  minimum: 0,
  maximum: 0,
  *run(call) {
    const { engine, flags, stdout } = call;
    refuseOptions(call, "swarm update", UNSUPPORTED);
    const limit = historyLimitOption(flags.value("task-history-limit"));
    const heartbeat = durationOption(flags, "dispatcher-heartbeat");
    const autolock = flags.has("autolock");
    if (limit === null && heartbeat === null && !autolock) {
      stdout.write(helpText(SWARM_UPDATE, engine.version));
      return 0;
    }
    if (autolock && flags.bool("autolock"))
      throw new ClientError("docker swarm update: option --autolock is not supported here");
    const member = memberOf(engine);
    const { spec } = member.expectManager();
    yield* member.consent();
    if (limit !== null) spec.taskHistoryLimit = limit;
    if (heartbeat !== null) spec.heartbeat = heartbeat;
    stdout.write("Swarm updated.\n");
    return 0;
  },
};
