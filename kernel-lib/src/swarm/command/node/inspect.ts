import { printInspected } from "../../../docker/command/inspect.js";
import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { NodeControl } from "../../cluster/node-control.js";
import { inspectNode } from "../../cluster/node-inspect.js";
import { prettyNode } from "../../cluster/node-pretty.js";
import { memberOf } from "../../directory.js";
import { NODE_INSPECT } from "../usage/node.js";
import { nodeRefusal } from "./not-found.js";

/** `docker node inspect`. */
export const nodeInspect: Subcommand = {
  names: ["node inspect"],
  help: NODE_INSPECT,
  minimum: 1,
  maximum: Infinity,
  run(call) {
    if (call.flags.bool("pretty") || call.flags.value("format") === "pretty") return printPretty(call);
    let why = "";
    const refusals = printInspected(
      call,
      (word) => {
        try {
          const control = new NodeControl(memberOf(call.engine));
          return inspectNode(control.cluster, control.find(word));
        } catch (error) {
          why = nodeRefusal(call, error, word);
          return null;
        }
      },
      () => why,
    );
    if (refusals.length === 0) return 0;
    const older = call.engine.version.messages === "20.10";
    throw new ClientError(older ? `Status: ${refusals.join("\n")}, Code: 1` : refusals.join("\n"));
  },
};

function printPretty(call: Call): number {
  call.words.forEach((word, i) => {
    try {
      const control = new NodeControl(memberOf(call.engine));
      call.stdout.write(`${i === 0 ? "" : "\n"}${prettyNode(control.cluster, control.find(word))}`);
    } catch (error) {
      throw new ClientError(nodeRefusal(call, error, word));
    }
  });
  return 0;
}
