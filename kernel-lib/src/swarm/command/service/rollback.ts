import { commandLine } from "../../../base/command-line.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { ServiceControl } from "../../service/control.js";
import { inClientWords } from "../../service/not-found.js";
import { SERVICE_ROLLBACK as HELP_20_10 } from "../usage/service.js";
import { SERVICE_ROLLBACK } from "../usage/service-28.js";
import { waitOnService } from "./wait.js";

/** `docker service rollback`. */
export const serviceRollback: Subcommand = {
  names: ["service rollback"],
  help: SERVICE_ROLLBACK,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const word = call.words[0]!;
    const control = new ServiceControl(memberOf(call.engine));
    const service = inClientWords(call, word, () => control.find(word));
    yield* call.engine.work(20);
    control.rollback(service, commandLine(call.process.argv));
    call.stdout.write(`${word}\n`);
    return yield* waitOnService(call, service);
  },
};
