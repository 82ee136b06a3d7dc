import type { Subcommand } from "../../docker/command/subcommand.js";
import type { Steps } from "../../host/process.js";
import { memberOf } from "../directory.js";

const CHANGES = /^(service|stack) (create|update|scale|rm|rollback|deploy)$/;

/** A command that changes the swarm first waits until a majority of the managers stands behind the leader (what Raft's log does for each change). */
export function withConsent(command: Subcommand): Subcommand {
  if (!command.names.some((name) => CHANGES.test(name))) return command;
  return {
    ...command,
    *run(call): Steps {
      const member = memberOf(call.engine);
      if (member.manager?.raft.knowsLeader === true) yield* member.consent();
      const outcome = command.run(call);
      return typeof outcome === "number" ? outcome : yield* outcome;
    },
  };
}
