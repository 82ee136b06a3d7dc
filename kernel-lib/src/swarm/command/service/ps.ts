import { ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import type { TaskObject } from "../../model/task.js";
import { findService } from "../../service/control.js";
import { SERVICE_PS as HELP_20_10 } from "../usage/service.js";
import { SERVICE_PS } from "../usage/service-28.js";
import { printTasks, taskFilter } from "./tasks-table.js";

/** `docker service ps`. */
export const servicePs: Subcommand = {
  names: ["service ps"],
  help: SERVICE_PS,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: Infinity,
  run(call) {
    const member = memberOf(call.engine);
    const cluster = member.expectManager();
    const passes = taskFilter(call, cluster, member.nodeId);
    const missing: string[] = [];
    const tasks = new Map<string, TaskObject>();
    let found = false;
    for (const word of call.words) {
      const service = findService(cluster, word);
      if (service === null || service === "several") {
        missing.push(`no such service: ${word}`);
        continue;
      }
      found = true;
      for (const task of cluster.store.tasksOfService(service.id)) if (passes(task)) tasks.set(task.id, task);
    }
    if (found) printTasks(call, cluster, [...tasks.values()]);
    if (missing.length > 0) throw new ClientError(missing.join("\n"));
    return 0;
  },
};
