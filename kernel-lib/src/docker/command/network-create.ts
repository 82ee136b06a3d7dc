import type { Steps } from "../../host/process.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { IpamRefusal, ipamRequest } from "../network/ipam-request.js";
import type { NetworkRequest } from "../network/network.js";
import { FlagError, splitOnce } from "./flags.js";
import { pairs } from "./run-options.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { NETWORK_CREATE } from "./usage/network.js";

const DRIVERS = new Set(["bridge", "host", "null"]);
const UNSUPPORTED_DRIVERS = new Set(["macvlan", "ipvlan"]);
const UNSUPPORTED = ["config-only", "ipv6"];

/** `docker network create`. */
export const networkCreate: Subcommand = {
  names: ["network create"],
  help: NETWORK_CREATE,
  minimum: 1,
  maximum: 1,
  *run(call) {
    for (const name of UNSUPPORTED)
      if (call.flags.bool(name))
        throw new ClientError(`docker network create: option --${name} is not supported here`);
    const { engine, words } = call;
    const request = requestOf(call);
    engine.networks.checkName(words[0]!);
    checkDriver(call);
    call.stdout.write(`${yield* make(engine, request)}\n`);
    return 0;
  },
};

/** Makes the network, here or in the swarm, and gives its id. */
function* make(engine: Engine, request: NetworkRequest): Steps<string> {
  if (request.driver === "overlay" && engine.swarm !== null)
    return yield* engine.swarm.networks.create(request);
  return (yield* engine.exclusively(engine.networks.create(request))).id;
}

function requestOf({ flags, words }: Call): NetworkRequest {
  const texts = (name: string) => flags.values(name).flatMap((text) => text.split(","));
  try {
    return {
      name: words[0]!,
      driver: (flags.value("driver") ?? "bridge") as NetworkRequest["driver"],
      internal: flags.bool("internal"),
      attachable: flags.bool("attachable"),
      ingress: flags.bool("ingress"),
      options: pairs(flags.values("opt")),
      labels: pairs(flags.values("label").map(checkLabel)),
      ...ipamRequest({
        subnets: texts("subnet"),
        ranges: texts("ip-range"),
        gateways: texts("gateway"),
        auxAddresses: pairs(flags.values("aux-address")),
        ipamOptions: pairs(flags.values("ipam-opt")),
      }),
    };
  } catch (error) {
    if (error instanceof IpamRefusal) throw new ClientError(error.message);
    throw error;
  }
}

function checkLabel(text: string): string {
  if (splitOnce(text, "=")[0] === "")
    throw new FlagError(`invalid argument "${text}" for "--label" flag: invalid label '${text}': empty name`);
  return text;
}

/** What the daemon says of drivers and scopes that it has not, or only a swarm has. */
function checkDriver({ flags, engine }: Call): void {
  const from = flags.value("config-from") ?? "";
  if (from !== "") throw new DockerError(`configuration network "${from}" does not exist`, "notFound");
  const driver = flags.value("driver") ?? "bridge";
  const scope = flags.value("scope") ?? "local";
  const overlay = driver === "overlay" && (scope === "local" || scope === "swarm");
  if (overlay && engine.swarm !== null) return;
  if (flags.bool("ingress"))
    throw new DockerError("Ingress network can only be global scope network", "forbidden");
  if (scope === "swarm")
    throw new DockerError("cannot create a swarm scoped network when swarm is not active", "forbidden");
  if (driver === "overlay" || (scope !== "local" && scope !== ""))
    throw new DockerError(
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  if (UNSUPPORTED_DRIVERS.has(driver))
    throw new ClientError(`docker network create: driver "${driver}" is not supported here`);
  if (!DRIVERS.has(driver)) throw new DockerError(`plugin "${driver}" not found`, "notFound");
  const ipam = flags.value("ipam-driver") ?? "default";
  if (ipam === "null") throw new DockerError("ipv4 pool is empty");
  if (ipam !== "default" && ipam !== "") throw new DockerError(`plugin "${ipam}" not found`, "notFound");
}
