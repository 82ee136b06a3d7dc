import type { Container } from "../../docker/container/container.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Steps } from "../../host/process.js";
import { taskName } from "../agent/container-request.js";
import type { TaskNetworking } from "../agent/task-networking.js";
import type { SwarmMember } from "../member.js";
import type { TaskObject } from "../model/task.js";
import type { TaskIdentity } from "./overlay.js";

/** What the swarm's networks do for a task of this node. */
export function overlayTaskNetworking(member: SwarmMember): TaskNetworking {
  const { engine, overlay } = member;
  return {
    *prepare(task) {
      for (const { networkId } of task.attachments) {
        if (!member.cluster!.store.networks.has(networkId))
          throw new DockerError(`network ${networkId} not found`, "notFound", "network");
        yield* engine.exclusively(overlay.need(networkId));
      }
    },
    // biome-ignore lint/correctness/useYield: the others of this interface take time
    *activate(task, container) {
      overlay.activate(container, identityOf(member, task, container));
    },
    // biome-ignore lint/correctness/useYield: the others of this interface take time
    *deactivate(_task, container): Steps<void> {
      overlay.deactivate(container);
    },
    *release(task) {
      for (const { networkId } of task.attachments) yield* engine.exclusively(overlay.release(networkId));
    },
  };
}

/** How the other nodes know a task: by its name and the service's, with the addresses and ports of the service. */
function identityOf({ cluster }: SwarmMember, task: TaskObject, container: Container): TaskIdentity {
  const service = cluster!.store.services.get(task.serviceId);
  const ports = (service?.ports ?? task.spec.ports).filter(({ mode }) => mode === "ingress");
  const networks = task.attachments.map(({ networkId }) => {
    const network = cluster!.store.networks.get(networkId);
    return [
      networkId,
      {
        vip: service?.virtualIps.find((one) => one.networkId === networkId)?.address ?? 0,
        aliases: task.spec.networks.find(({ target }) => target === networkId)?.aliases ?? [],
        taskAliases: container.networks.get(network?.name ?? "")?.aliases ?? [],
        ingressPorts: network?.ingress === true ? ports : [],
      },
    ] as const;
  });
  return {
    taskName: taskName(task),
    taskId: task.id,
    serviceName: task.spec.name,
    serviceId: task.serviceId,
    networks: new Map(networks),
  };
}
