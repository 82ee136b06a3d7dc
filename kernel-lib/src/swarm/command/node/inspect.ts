import { printInspected } from "../../../docker/command/inspect.js";
import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { NodeControl } from "../../cluster/node-control.js";
import { inspectNode } from "../../cluster/node-inspect.js";
import { prettyNode } from "../../cluster/node-pretty.js";
import { memberOf } from "../../directory.js";
import type { NodeObject } from "../../model/node.js";
import { NODE_INSPECT } from "../usage/node.js";

/** `docker node inspect`. */
export const nodeInspect: Subcommand = {
  names: ["node inspect"],
  help: NODE_INSPECT,
  minimum: 1,
  maximum: Infinity,
  run(call) {
    const { flags } = call;
    const pretty = flags.bool("pretty");
    if (pretty && (flags.value("format") ?? "") !== "")
      throw new ClientError("--format is incompatible with human friendly format");
    if (pretty) return printPretty(call);
    const control = controlOf(call);
    const refusals = printInspected(
      call,
      (word) => {
        const node = tryFind(control, word);
        return node === null ? null : inspectNode(control.cluster, node);
      },
      (word) => missing(word),
    );
    if (refusals.length === 0) return 0;
    throw refused(call, refusals.join("\n"));
  },
};

const missing = (word: string) => `Error: No such node: ${word}`;

/** Until 23 the client says its status besides. */
function refused({ engine }: Call, text: string): ClientError {
  return new ClientError(engine.version.messages === "20.10" ? `Status: ${text}, Code: 1` : text);
}

/** A node that is no manager answers each word with the same refusal. */
function controlOf(call: Call): NodeControl {
  try {
    return new NodeControl(memberOf(call.engine));
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    if ((call.flags.value("format") ?? "") === "") call.stdout.write("[]\n");
    throw refused(call, `Error response from daemon: ${error.message}`);
  }
}

function tryFind(control: NodeControl, word: string): NodeObject | null {
  try {
    return control.find(word);
  } catch (error) {
    if (error instanceof DockerError) return null;
    throw error;
  }
}

function printPretty(call: Call): number {
  const control = new NodeControl(memberOf(call.engine));
  call.words.forEach((word, i) => {
    const node = tryFind(control, word);
    if (node === null) throw refused(call, missing(word));
    call.stdout.write(`${i === 0 ? "" : "\n"}${prettyNode(control.cluster, node)}`);
  });
  return 0;
}
