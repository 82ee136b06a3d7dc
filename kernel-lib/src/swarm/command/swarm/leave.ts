import type { Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import type { Cluster } from "../../cluster/cluster.js";
import { leaveSwarm } from "../../cluster/membership.js";
import { memberOf } from "../../directory.js";
import type { SwarmMember } from "../../member.js";
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
    if (member.manager !== null && !flags.bool("force"))
      throw new DockerError(warning(member.cluster, member));
    yield* leaveSwarm(member);
    stdout.write("Node left the swarm.\n");
    return 0;
  },
};

/** Why a manager does not leave without `--force`. */
function warning(cluster: Cluster, member: SwarmMember): string {
  const says = "You are attempting to leave the swarm on a node that is participating as a manager.";
  const { voters } = cluster;
  if (voters.size === 1)
    return `${says} Removing the last manager erases all current state of the swarm. Use \`--force\` to ignore this message.`;
  const raft = member.manager?.raft.knowsLeader ? cluster.leader!.manager!.raft : null;
  const reached = [...voters].filter((id) => raft?.reaches(id)).length;
  const loses = raft !== null && reached - 2 <= voters.size - reached;
  const left = loses
    ? ` Removing this node leaves ${reached - 1} managers out of ${voters.size}. Without a Raft quorum your swarm will be inaccessible.`
    : "";
  return `${says}${left} The only way to restore a swarm that has lost consensus is to reinitialize it with \`--force-new-cluster\`. Use \`--force\` to suppress this message.`;
}
