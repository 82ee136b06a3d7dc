import { formatIpv4 } from "../../../base/addresses.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import type { DockerVersion } from "../../../docker/versions/version.js";
import { advertiseAddress } from "../../cluster/advertise.js";
import { ALREADY_PART, initSwarm } from "../../cluster/membership.js";
import { memberOf } from "../../directory.js";
import { SWARM_INIT } from "../usage/swarm.js";
import { joinCommand } from "./join-token.js";
import {
  availabilityOption,
  checkDataPathPort,
  checkPools,
  durationOption,
  historyLimitOption,
  poolsOption,
  refuseNewer,
  refuseOptions,
  unsignedOption,
} from "./options.js";

const UNSUPPORTED = [
  "autolock",
  "cert-expiry",
  "data-path-addr",
  "external-ca",
  "force-new-cluster",
  "listen-addr",
  "max-snapshots",
  "snapshot-interval",
];

const OLDER: readonly DockerVersion[] = ["1.12", "17.05", "17.09"];
/** Address pools came with 18.09, the port of the tunnels with 19.03. */
const SINCE_18_09 = ["default-addr-pool", "default-addr-pool-mask-length", "data-path-port"];

/** `docker swarm init`. */
export const swarmInit: Subcommand = {
  names: ["swarm init"],
  help: SWARM_INIT,
  minimum: 0,
  maximum: 0,
  *run(call) {
    const { engine, flags, stdout } = call;
    refuseOptions(call, "swarm init", UNSUPPORTED);
    if (OLDER.includes(engine.release)) refuseNewer(call, SINCE_18_09);
    const availability = availabilityOption(flags);
    const pools = poolsOption(flags);
    const size = unsignedOption(flags, "default-addr-pool-mask-length");
    const port = unsignedOption(flags, "data-path-port") ?? 0;
    const heartbeat = durationOption(flags, "dispatcher-heartbeat");
    const limit = historyLimitOption(flags.value("task-history-limit"));
    const member = memberOf(engine);
    if (member.cluster !== null) throw new DockerError(ALREADY_PART);
    checkPools(pools, size);
    const dataPathPort = checkDataPathPort(port);
    const address = advertiseAddress(engine, flags.value("advertise-addr"));
    const cluster = yield* initSwarm(
      member,
      { addressPools: pools, subnetSize: size ?? 24, dataPathPort },
      { address, availability },
    );
    if (limit !== null) cluster.spec.taskHistoryLimit = limit;
    if (heartbeat !== null) cluster.spec.heartbeat = heartbeat;
    stdout.write(`Swarm initialized: current node (${member.nodeId}) is now a manager.\n\n`);
    stdout.write("To add a worker to this swarm, run the following command:\n\n");
    stdout.write(`${joinCommand(engine, cluster.token("worker"), `${formatIpv4(address)}:2377`)}\n\n`);
    stdout.write(
      "To add a manager to this swarm, run 'docker swarm join-token manager' and follow the instructions.\n\n",
    );
    return 0;
  },
};
