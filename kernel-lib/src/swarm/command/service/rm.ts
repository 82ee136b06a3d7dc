import { forEach } from "../../../docker/command/each.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { ServiceControl } from "../../service/control.js";
import { serviceRefusal } from "../../service/not-found.js";
import { SERVICE_RM as HELP_20_10 } from "../usage/service.js";
import { SERVICE_RM } from "../usage/service-28.js";

/** `docker service rm`. */
export const serviceRemove: Subcommand = {
  names: ["service rm", "service remove"],
  help: SERVICE_RM,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const member = memberOf(call.engine);
    return yield* forEach(
      call,
      function* (word) {
        yield* call.engine.work(10);
        const control = new ServiceControl(member);
        control.remove(control.find(word));
      },
      (error, word) => serviceRefusal(call, error, word),
    );
  },
};
