import { formatIpv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { EndpointRequest } from "../container/config.js";
import type { Container } from "../container/container.js";
import type { Engine } from "../engine.js";

/** A task of the swarm's: its agent has brought the networks, and the addresses are in its request. */
function isTask({ request }: Container): boolean {
  return request.labels.has("com.docker.swarm.task.id");
}

/** Before a container starts: those of its networks that are the swarm's come to this machine, and the swarm gives it an address in each. */
export function* attachAll(engine: Engine, container: Container): Steps<void> {
  for (const [name, request] of container.networks) yield* attach(engine, container, name, request);
}

/** The same for one network. Throws DockerError where the swarm does not let the container in. */
export function* attach(
  engine: Engine,
  container: Container,
  name: string,
  request: EndpointRequest,
): Steps<void> {
  const { swarm, networks } = engine;
  const known = networks.tryFind(name);
  if (swarm === null || isTask(container) || known?.scope === "local") return;
  const wanted = request.address === null ? null : tryParseIpv4(request.address);
  const attachment = yield* swarm.networks.attach(container, name, wanted);
  if (attachment !== null)
    container.swarmAddresses.set(attachment.network.name, formatIpv4(attachment.address));
}

/** What a container asks for in a network, with the address that the swarm has given it there. */
export function attachedRequest(
  container: Container,
  name: string,
  request: EndpointRequest,
): EndpointRequest {
  const address = container.swarmAddresses.get(name);
  return address === undefined ? request : { ...request, address };
}
