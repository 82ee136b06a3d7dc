import { tryParseIpv4 } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Steps } from "../../host/process.js";
import { directoryOf } from "../directory.js";
import type { SwarmMember } from "../member.js";
import type { Availability, NodeRole } from "../model/node.js";
import { advertiseAddress } from "./advertise.js";
import { ALREADY_PART, admit } from "./membership.js";
import { parseToken } from "./tokens.js";

export interface JoinRequest {
  readonly token: string;
  readonly advertise: string | null;
  readonly availability: Availability;
}

/** `docker swarm join`. Gives the role that the token lets it have. */
export function* joinSwarm(member: SwarmMember, remote: string, request: JoinRequest): Steps<NodeRole> {
  const token = parseToken(request.token);
  if (member.cluster !== null) throw new DockerError(ALREADY_PART);
  if (token === null) throw new DockerError("invalid join token", "invalid");
  const address = tryParseIpv4(remote.split(":")[0]!);
  const manager = [...directoryOf(member.engine.host.world).values()].find(
    (other) => other.cluster !== null && other.address === address,
  );
  const role = manager?.cluster?.roleOf(token.secret) ?? null;
  if (manager === undefined || role === null)
    throw new DockerError(
      "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
    );
  admit(manager.cluster!, member, {
    role,
    address: advertiseAddress(member.engine, request.advertise),
    availability: request.availability,
  });
  yield* member.start();
  return role;
}
