import { ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { stackServices } from "../../stack/stack.js";
import { printTasks, taskFilter } from "../service/tasks-table.js";
import { STACK_PS as HELP_20_10 } from "../usage/stack.js";
import { STACK_PS } from "../usage/stack-28.js";

/** `docker stack ps`. */
export const stackPs: Subcommand = {
  names: ["stack ps"],
  help: STACK_PS,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: 1,
  run(call) {
    const member = memberOf(call.engine);
    const cluster = member.expectManager();
    const passes = taskFilter(call, cluster, member.nodeId);
    const tasks = stackServices(cluster, call.words[0]!)
      .flatMap(({ id }) => cluster.store.tasksOfService(id))
      .filter(passes);
    if (tasks.length === 0) throw new ClientError(`nothing found in stack: ${call.words[0]}`);
    printTasks(call, cluster, tasks);
    return 0;
  },
};
