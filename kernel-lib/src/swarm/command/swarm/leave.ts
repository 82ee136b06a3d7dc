import type { Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { leaveSwarm } from "../../cluster/membership.js";
import { memberOf } from "../../directory.js";
import { SWARM_LEAVE } from "../usage/swarm.js";

/** `docker swarm leave`. */
export const swarmLeave: Subcommand = {
  names: ["swarm leave"],
  help: SWARM_LEAVE,
  minimum: 0,
  maximum: 0,
  *run({ engine, flags, stdout }) {
    const member = memberOf(engine);
    if (member.cluster === null) throw new DockerError("This node is not part of a swarm");
    if (member.isManager && !flags.bool("force"))
      throw new DockerError(
        "You are attempting to leave the swarm on a node that is participating as a manager. Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ",
      );
    yield* leaveSwarm(member);
    stdout.write("Node left the swarm.\n");
    return 0;
  },
};
