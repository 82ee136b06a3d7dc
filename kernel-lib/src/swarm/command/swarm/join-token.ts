import { formatIpv4 } from "../../../base/addresses.js";
import { ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import type { Engine } from "../../../docker/engine.js";
import { memberOf } from "../../directory.js";
import { SWARM_JOIN_TOKEN } from "../usage/swarm.js";

/** The command that a new node is to run, as the client shows it: over three lines until 17.05. */
export function joinCommand({ version }: Engine, token: string, address: string): string {
  const older = version.release.startsWith("1.12") || version.release.startsWith("17.05");
  const cut = older ? " \\\n    " : " ";
  return `    docker swarm join${cut}--token ${token}${cut}${address}`;
}

/** `docker swarm join-token`. */
export const swarmJoinToken: Subcommand = {
  names: ["swarm join-token"],
  help: SWARM_JOIN_TOKEN,
  minimum: 1,
  maximum: 1,
  run({ engine, flags, words, stdout }) {
    const [role] = words;
    if (role !== "worker" && role !== "manager") throw new ClientError(`unknown role ${role}`);
    const member = memberOf(engine);
    const cluster = member.expectManager();
    if (flags.bool("rotate")) {
      cluster.rotateToken(role);
      if (!flags.bool("quiet")) stdout.write(`Successfully rotated ${role} join token.\n\n`);
    }
    const token = cluster.token(role);
    if (flags.bool("quiet")) stdout.write(`${token}\n`);
    else
      stdout.write(
        `To add a ${role} to this swarm, run the following command:\n\n${joinCommand(engine, token, `${formatIpv4(member.address)}:2377`)}\n\n`,
      );
    return 0;
  },
};
