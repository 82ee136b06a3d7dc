import { forEach } from "../../../docker/command/each.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { NodeControl } from "../../cluster/node-control.js";
import { memberOf } from "../../directory.js";
import { NODE_RM } from "../usage/node.js";
import { nodeRefusal } from "./not-found.js";

/** `docker node rm`. */
export const nodeRemove: Subcommand = {
  names: ["node rm", "node remove"],
  help: NODE_RM,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const member = memberOf(call.engine);
    return yield* forEach(
      call,
      function* (word) {
        yield* member.consent();
        const control = new NodeControl(member);
        control.remove(control.find(word), call.flags.bool("force"));
      },
      (error, word) => nodeRefusal(call, error, word),
    );
  },
};
