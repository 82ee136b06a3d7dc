import { DockerError } from "../../docker/docker-error.js";

/** What a manager answers while there is no leader. */
export function noLeader(): DockerError {
  return new DockerError(
    "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.",
  );
}
