import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import { DockerError } from "../../docker/docker-error.js";
import { goError } from "../../docker/proxy/go-words.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import type { Steps } from "../../host/process.js";
import { ageOf } from "../command/age.js";
import { directoryOf } from "../directory.js";
import type { SwarmMember } from "../member.js";
import type { Availability, NodeRole } from "../model/node.js";
import { rpcError } from "../service/rpc-error.js";
import { tryAdvertise } from "./advertise.js";
import type { Cluster } from "./cluster.js";
import { CONTROL_PORT, type ControlChannel, openChannel } from "./control-channel.js";
import { ALREADY_PART, admit } from "./membership.js";
import type { JoinMessage, Message } from "./messages.js";
import { noLeader } from "./no-leader.js";
import { fingerprint, parseToken } from "./tokens.js";

export interface JoinRequest {
  readonly token: string;
  readonly advertise: string | null;
  readonly availability: Availability;
}

/** How long `docker swarm join` waits until the node is in (cluster.swarmConnectTimeout), and for one connection. */
const CONNECT_TIMEOUT: Nanoseconds = seconds(20);

const TIMED_OUT =
  'Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the "docker info" command to see the current swarm status of your node.';

/** `docker swarm join`. Gives the role that the token lets the node have. */
export function* joinSwarm(member: SwarmMember, remote: string, request: JoinRequest): Steps<NodeRole> {
  if (member.cluster !== null) throw new DockerError(ALREADY_PART);
  const token = request.token === "" ? null : parseToken(request.token);
  if (token === null && request.token !== "") throw new DockerError("invalid join token", "invalid");
  const { host } = member.engine;
  const deadline = host.world.scheduler.now + CONNECT_TIMEOUT;
  const channel = yield* dial(member, remote, deadline);
  try {
    const root = yield* ask(member, channel, { kind: "certificate" }, deadline);
    if (token !== null && (root.kind !== "root" || root.digest !== token.digest))
      throw new DockerError(`remote CA does not match fingerprint. Expected: ${fingerprint(token)}`);
    const answer = yield* ask(
      member,
      channel,
      {
        kind: "join",
        secret: token?.secret ?? "",
        machine: host.name,
        address: tryAdvertise(member.engine, request.advertise),
        availability: request.availability,
      },
      deadline,
    );
    if (answer.kind === "refused") throw new DockerError(answer.why);
  } finally {
    channel.close();
  }
  yield* member.start();
  if (!member.connected) throw new DockerError(TIMED_OUT);
  return member.node.role;
}

/** Connects to the manager. */
function* dial(member: SwarmMember, remote: string, deadline: Nanoseconds): Steps<ControlChannel> {
  const { daemon, version } = member.engine;
  const [name = "", port] = remote.split(":");
  const address = tryParseIpv4(name);
  const number = port === undefined ? CONTROL_PORT : Number(port);
  if (address === null) throw unavailable(version, `dial tcp: lookup ${name}: no such host`);
  try {
    return yield* openChannel(daemon, address, number, deadline);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.errno === "ETIMEDOUT") throw new DockerError(TIMED_OUT);
    throw unavailable(version, `dial tcp ${formatIpv4(address)}:${number}: connect: ${goError(error)}`);
  }
}

/** What gRPC says of a connection that it does not get: the reason since 18, with a colon more since Docker 24. */
function unavailable(version: EngineVersion, why: string): DockerError {
  const age = ageOf(version);
  const dialing = age < 24 ? "Error while dialing" : "Error while dialing:";
  return rpcError(
    version,
    "Unavailable",
    age < 18
      ? "grpc: the connection is unavailable"
      : `connection error: desc = "transport: ${dialing} ${why}"`,
  );
}

function* ask(
  member: SwarmMember,
  channel: ControlChannel,
  message: Message,
  deadline: Nanoseconds,
): Steps<Message> {
  channel.send(message);
  const answer = yield* channel.answer(member.engine.daemon, deadline);
  if (answer === null) throw new DockerError(TIMED_OUT);
  return answer;
}

/** A manager lets a node in: it has a place in the store, and knows its swarm, from now on. */
export function receiveNode(
  manager: SwarmMember,
  cluster: Cluster,
  message: JoinMessage,
  seen: Ipv4,
): Message {
  const { version } = manager.engine;
  const refuse = ({ message: why }: DockerError): Message => ({ kind: "refused", why });
  const role = cluster.roleOf(message.secret);
  if (role === null)
    return refuse(
      rpcError(version, "InvalidArgument", "A valid join token is necessary to join this cluster"),
    );
  if (manager.manager?.raft.knowsLeader !== true) return refuse(noLeader(version));
  const member = directoryOf(cluster.world).get(message.machine)!;
  admit(cluster, member, { role, address: message.address ?? seen, availability: message.availability });
  return { kind: "joined", role };
}
