import { type Call, ClientError, daemonSays, type Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import type { Steps } from "../../../host/process.js";
import { memberOf } from "../../directory.js";
import { ServiceControl } from "../../service/control.js";
import { stackNetworkObjects, stackServices } from "../../stack/stack.js";
import { STACK_RM as HELP_20_10 } from "../usage/stack.js";
import { STACK_RM } from "../usage/stack-28.js";

/** `docker stack rm`. */
export const stackRemove: Subcommand = {
  names: ["stack rm", "stack remove", "stack down"],
  help: STACK_RM,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const refusals: string[] = [];
    for (const namespace of call.words) {
      yield* call.engine.work(20);
      if (!(yield* removeStack(call, namespace)))
        refusals.push(`Failed to remove some resources from stack: ${namespace}`);
    }
    if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
    return 0;
  },
};

/** False when something is left. */
function* removeStack(call: Call, namespace: string): Steps<boolean> {
  const { engine, stderr } = call;
  const member = memberOf(engine);
  const control = new ServiceControl(member);
  control.cluster.expectLeader();
  const services = stackServices(control.cluster, namespace);
  const networks = stackNetworkObjects(control.cluster, namespace);
  if (services.length + networks.length === 0) {
    stderr.write(`Nothing found in stack: ${namespace}\n`);
    return true;
  }
  let all = true;
  for (const service of services) {
    stderr.write(`Removing service ${service.spec.name}\n`);
    control.remove(service);
    yield* engine.work(10);
  }
  for (const { name, id } of networks) {
    stderr.write(`Removing network ${name}\n`);
    const network = member.networks.list().find((candidate) => candidate.id === id);
    if (network === undefined) continue;
    try {
      yield* member.networks.remove(network);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      stderr.write(`Failed to remove network ${id}: ${daemonSays(error)}`);
      all = false;
    }
  }
  return all;
}
