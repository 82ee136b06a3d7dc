import { printInspected } from "../../../docker/command/inspect.js";
import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import type { Cluster } from "../../cluster/cluster.js";
import { memberOf } from "../../directory.js";
import { findService } from "../../service/control.js";
import { ServiceInspector } from "../../service/inspect.js";
import { prettyService } from "../../service/pretty.js";
import { SERVICE_INSPECT as HELP_20_10 } from "../usage/service.js";
import { SERVICE_INSPECT } from "../usage/service-28.js";

const missing = (call: Call, word: string) =>
  call.engine.version.messages === "28" ? `no such service: ${word}` : `Error: no such service: ${word}`;

/** `docker service inspect`. */
export const serviceInspect: Subcommand = {
  names: ["service inspect"],
  help: SERVICE_INSPECT,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: Infinity,
  run(call) {
    const { flags } = call;
    const pretty = flags.bool("pretty");
    if (pretty && (flags.value("format") ?? "") !== "")
      throw new ClientError("--format is incompatible with human friendly format");
    const cluster = memberOf(call.engine).expectManager();
    if (pretty || flags.value("format") === "pretty") return printPretty(call, cluster);
    const inspector = new ServiceInspector(cluster, call.engine.version);
    const refusals = printInspected(
      call,
      (name) => {
        const found = findService(cluster, name);
        return found === null || found === "several" ? null : inspector.service(found);
      },
      (name) => missing(call, name),
    );
    if (refusals.length === 0) return 0;
    const older = call.engine.version.messages === "20.10";
    throw new ClientError(older ? `Status: ${refusals.join("\n")}, Code: 1` : refusals.join("\n"));
  },
};

function printPretty(call: Call, cluster: Cluster): number {
  for (const word of call.words) {
    const found = findService(cluster, word);
    if (found === null || found === "several") throw new ClientError(missing(call, word));
    call.stdout.write(prettyService(cluster, found, call.engine.version));
  }
  return 0;
}
