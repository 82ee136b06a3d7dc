import { formatIpv4, parseCidr } from "../../../base/addresses.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { advertiseAddress } from "../../cluster/advertise.js";
import { initSwarm } from "../../cluster/membership.js";
import { memberOf } from "../../directory.js";
import type { Availability } from "../../model/node.js";
import { SWARM_INIT } from "../usage/swarm.js";
import { joinCommand } from "./join-token.js";

/** `docker swarm init`. */
export const swarmInit: Subcommand = {
  names: ["swarm init"],
  help: SWARM_INIT,
  minimum: 0,
  maximum: 0,
  *run({ engine, flags, stdout }) {
    const member = memberOf(engine);
    const address = advertiseAddress(engine, flags.value("advertise-addr"));
    const cluster = yield* initSwarm(
      member,
      {
        addressPools: flags
          .values("default-addr-pool")
          .flatMap((text) => text.split(","))
          .map((text) => parseCidr(text)),
        subnetSize: Number(flags.value("default-addr-pool-mask-length") ?? 24),
        dataPathPort: Number(flags.value("data-path-port") ?? 0) || 4789,
      },
      { address, availability: (flags.value("availability") ?? "active") as Availability },
    );
    stdout.write(`Swarm initialized: current node (${member.nodeId}) is now a manager.\n\n`);
    stdout.write("To add a worker to this swarm, run the following command:\n\n");
    stdout.write(`${joinCommand(engine, cluster.token("worker"), `${formatIpv4(address)}:2377`)}\n\n`);
    stdout.write(
      "To add a manager to this swarm, run 'docker swarm join-token manager' and follow the instructions.\n\n",
    );
    return 0;
  },
};
