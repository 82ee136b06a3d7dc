import { filtersOf } from "../../../docker/command/ps.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { NAMESPACE_LABEL } from "../../stack/convert.js";
import { printServices, selectedServices } from "../service/ls.js";
import { STACK_SERVICES as HELP_20_10 } from "../usage/stack.js";
import { STACK_SERVICES } from "../usage/stack-28.js";

/** `docker stack services`. */
export const stackServicesList: Subcommand = {
  names: ["stack services"],
  help: STACK_SERVICES,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: 1,
  run(call) {
    const cluster = memberOf(call.engine).expectManager();
    const namespace = call.words[0]!;
    const rows = selectedServices(cluster, filtersOf(call, ["id", "label", "mode", "name"])).filter(
      ({ service }) => service.spec.labels.get(NAMESPACE_LABEL) === namespace,
    );
    if (rows.length === 0) call.stderr.write(`Nothing found in stack: ${namespace}\n`);
    else printServices(call, rows);
    return 0;
  },
};
