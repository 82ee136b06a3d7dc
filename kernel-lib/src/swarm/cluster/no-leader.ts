import type { DockerError } from "../../docker/docker-error.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import { rpcError } from "../service/rpc-error.js";

const TEXT =
  "The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";

/** What a manager answers while there is no leader. */
export function noLeader(version: EngineVersion): DockerError {
  return rpcError(
    version,
    "Unknown",
    version.release.startsWith("1.12") ? "raft: no elected cluster leader" : TEXT,
  );
}
