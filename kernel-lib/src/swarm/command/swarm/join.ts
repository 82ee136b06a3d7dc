import type { Subcommand } from "../../../docker/command/subcommand.js";
import { joinSwarm } from "../../cluster/join.js";
import { memberOf } from "../../directory.js";
import { SWARM_JOIN } from "../usage/swarm.js";
import { availabilityOption, refuseOptions } from "./options.js";

/** `docker swarm join`. */
export const swarmJoin: Subcommand = {
  names: ["swarm join"],
  help: SWARM_JOIN,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const { engine, flags, words, stdout } = call;
    refuseOptions(call, "swarm join", ["data-path-addr", "listen-addr"]);
    const member = memberOf(engine);
    const role = yield* joinSwarm(member, words[0]!, {
      token: flags.value("token") ?? "",
      advertise: flags.value("advertise-addr"),
      availability: availabilityOption(flags),
    });
    stdout.write(`This node joined a swarm as a ${role}.\n`);
    return 0;
  },
};
