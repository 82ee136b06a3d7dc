import { ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { NodeControl } from "../../cluster/node-control.js";
import { memberOf } from "../../directory.js";
import { printTasks, taskFilter } from "../service/tasks-table.js";
import { NODE_PS } from "../usage/node.js";
import { nodeRefusal } from "./not-found.js";

/** `docker node ps`: the tasks of nodes, of the asked one without a word. */
export const nodePs: Subcommand = {
  names: ["node ps"],
  help: NODE_PS,
  minimum: 0,
  maximum: Infinity,
  run(call) {
    const member = memberOf(call.engine);
    const control = new NodeControl(member);
    const { cluster } = control;
    const passes = taskFilter(call, cluster, member.nodeId);
    const refusals: string[] = [];
    const nodes = new Set<string>();
    for (const word of call.words.length === 0 ? ["self"] : call.words) {
      try {
        nodes.add(control.find(word).id);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        refusals.push(nodeRefusal(call, error, word));
      }
    }
    const tasks = [...cluster.store.tasks.values()].filter(
      (task) => task.nodeId !== null && nodes.has(task.nodeId) && passes(task),
    );
    if (nodes.size > 0) printTasks(call, cluster, tasks);
    if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
    return 0;
  },
};
