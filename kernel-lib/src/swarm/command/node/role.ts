import type { Subcommand } from "../../../docker/command/subcommand.js";
import { NodeControl } from "../../cluster/node-control.js";
import { memberOf } from "../../directory.js";
import type { NodeRole } from "../../model/node.js";
import { NODE_DEMOTE, NODE_PROMOTE } from "../usage/node.js";
import { inClientWords } from "./not-found.js";

/** `docker node promote` and `docker node demote`: one node after the other, until one is refused. */
function changeRole(
  name: string,
  help: string,
  role: NodeRole,
  say: { readonly done: (word: string) => string; readonly already: (id: string) => string },
): Subcommand {
  return {
    names: [name],
    help,
    minimum: 1,
    maximum: Infinity,
    *run(call) {
      const { engine, words, stdout } = call;
      const member = memberOf(engine);
      for (const word of words) {
        yield* member.consent();
        const control = new NodeControl(member);
        const node = inClientWords(call, word, () => control.find(word));
        if (node.role === role) stdout.write(`${say.already(node.id)}\n`);
        else {
          control.update(node, { role });
          stdout.write(`${say.done(word)}\n`);
        }
      }
      return 0;
    },
  };
}

export const nodePromote = changeRole("node promote", NODE_PROMOTE, "manager", {
  done: (word) => `Node ${word} promoted to a manager in the swarm.`,
  already: (id) => `Node ${id} is already a manager.`,
});

export const nodeDemote = changeRole("node demote", NODE_DEMOTE, "worker", {
  done: (word) => `Manager ${word} demoted in the swarm.`,
  already: (id) => `Node ${id} is already a worker.`,
});
