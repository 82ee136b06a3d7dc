import { forEach } from "../../../docker/command/each.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { ServiceControl } from "../../service/control.js";
import { SERVICE_RM } from "../usage/service.js";

/** `docker service rm`. */
export const serviceRemove: Subcommand = {
  names: ["service rm", "service remove"],
  help: SERVICE_RM,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const member = memberOf(call.engine);
    return yield* forEach(call, function* (word) {
      yield* call.engine.work(10);
      const control = new ServiceControl(member);
      control.remove(control.find(word));
    });
  },
};
