import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process, Steps } from "../../host/process.js";
import type { EndpointRequest } from "../container/config.js";
import type { Container } from "../container/container.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { closeEndpoint, openEndpoint } from "../firewall/engine-firewall.js";
import { macFromAddress, shortId } from "../ids.js";
import { Resolver } from "../resolver/resolver.js";
import { dnsSettings, externalServers } from "../resolver/servers.js";
import { moveCommands, vethCommands } from "./bridge-driver.js";
import { gatewayBridge } from "./gateway-bridge.js";
import { gatewayEndpoint, needsGatewayBridge } from "./gateway-endpoint.js";
import type { Endpoint, Network } from "./network.js";
import { type Place, placeOfProcess } from "./place.js";
import type { EndpointDevices } from "./swarm-networks.js";

/** What the address of a new endpoint must be: throws before anything is touched. */
export function checkEndpoint(network: Network, request: EndpointRequest): void {
  if (request.address === null || network.pool === null) return;
  const address = tryParseIpv4(request.address);
  if (network.swarm !== null) return;
  if (!network.userDefined)
    throw new DockerError("user specified IP address is supported on user defined networks only", "invalid");
  if (network.request.subnet === null)
    throw new DockerError(
      "user specified IP address is supported only when connecting to networks with user configured subnets",
      "invalid",
    );
  if (address === null) throw new DockerError(`invalid IPv4 address: ${request.address}`, "invalid");
  if (!network.pool.has(address))
    throw new DockerError(
      `Invalid address ${request.address}: It does not belong to any of this network's subnets`,
      "invalid",
    );
  if (!network.pool.isFree(address)) throw new DockerError("Address already in use", "forbidden");
}

/** Puts a container's namespace into a network: veth pair, address, default route. A failure leaves nothing behind. */
export function* join(
  engine: Engine,
  container: Container,
  network: Network,
  process: Process,
  request: EndpointRequest,
): Steps<void> {
  if (network.pool === null) return attachWithout(engine, container, network);
  checkEndpoint(network, request);
  const wanted = request.address === null ? null : tryParseIpv4(request.address);
  const endpoint = newEndpoint(engine, container, network, { wanted, name: container.name });
  const place = placeOfProcess(process.pid);
  try {
    if (network.userDefined && container.resolver === null)
      yield* Resolver.start(engine, container, process, serversOf(engine, container));
    yield* connect(engine, endpoint, place);
    network.endpoints.set(container, endpoint);
    container.endpoints.set(network, endpoint);
    yield* network.swarm === null ? openEndpoint(engine, endpoint) : network.swarm.joined(endpoint, place);
    yield* followGateway(engine, container, place);
  } catch (error) {
    network.endpoints.delete(container);
    container.endpoints.delete(network);
    network.pool.release(endpoint.address!);
    yield* disconnect(engine, endpoint);
    throw error;
  }
}

/** Makes an endpoint's pair, moves its end into the namespace and configures it there. */
export function* connect(engine: Engine, endpoint: EndpointDevices, place: Place): Steps<void> {
  const peer = engine.ids.veth();
  const { swarm } = endpoint.network;
  if (swarm !== null) yield* swarm.connect(endpoint, peer);
  else for (const argv of vethCommands(endpoint, peer, engine.firewall.settings)) yield* engine.must(argv);
  for (const argv of moveCommands(endpoint, peer, place, engine.version)) yield* engine.must(argv);
}

/** Takes an endpoint's pair away. It may be gone already, with the namespace. */
export function* disconnect(engine: Engine, endpoint: EndpointDevices): Steps<void> {
  const { swarm } = endpoint.network;
  if (swarm !== null) yield* swarm.disconnect(endpoint);
  else yield* engine.command(["ip", "link", "delete", "dev", endpoint.hostDevice!]);
}

/** Lets a container join docker_gwbridge or leave it, as its networks ask, and sets its default route. */
export function* followGateway(engine: Engine, container: Container, place: Place): Steps<void> {
  const needed = needsGatewayBridge(container);
  if (needed && container.gatewayBridge === null) {
    const network = yield* gatewayBridge(engine);
    const name = `gateway_${shortId(container.sandboxId)}`;
    const endpoint = newEndpoint(engine, container, network, { wanted: null, name });
    yield* connect(engine, endpoint, place);
    network.endpoints.set(container, endpoint);
    container.gatewayBridge = endpoint;
    yield* openEndpoint(engine, endpoint);
  } else if (!needed && container.gatewayBridge !== null) yield* leaveGatewayBridge(engine, container);
  yield* routeThrough(engine, container, place);
}

function* leaveGatewayBridge(engine: Engine, container: Container): Steps<void> {
  const endpoint = container.gatewayBridge;
  if (endpoint === null) return;
  container.gatewayBridge = null;
  endpoint.network.endpoints.delete(container);
  yield* closeEndpoint(engine, endpoint);
  yield* disconnect(engine, endpoint);
  endpoint.network.pool!.release(endpoint.address!);
}

/** An endpoint with an address and the next free device name of its container; nothing of it is on the machine yet. */
function newEndpoint(
  engine: Engine,
  container: Container,
  network: Network,
  { wanted, name }: { wanted: Ipv4 | null; name: string },
): Endpoint {
  const address = network.pool!.request(wanted);
  if (address === null)
    throw new DockerError(
      `failed to create endpoint ${name} on network ${network.name}: no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})`,
    );
  const { devicePrefix } = network.bridge;
  const number = container.nextDevices.get(devicePrefix) ?? 0;
  container.nextDevices.set(devicePrefix, number + 1);
  const chosen = container.endpoints.size === 0 ? container.request.mac : "";
  return {
    id: engine.ids.id(),
    name,
    network,
    container,
    address,
    mac: chosen === "" ? endpointMac(engine, network, address) : chosen,
    hostDevice: engine.ids.veth(),
    containerDevice: `${devicePrefix}${number}`,
  };
}

/** The overlay driver goes by the address in all releases. */
export function endpointMac({ version, ids }: Engine, network: Network, address: Ipv4): string {
  return version.mac === "random" && network.swarm === null ? ids.bridgeMac() : macFromAddress(address);
}

function serversOf({ host, settings }: Engine, { request }: Container) {
  const path = "/etc/resolv.conf";
  return externalServers(
    dnsSettings(request, settings).dns,
    host.files.exists(path) ? host.files.readText(path) : "",
  );
}

/** host and none: an endpoint without devices. */
function attachWithout(engine: Engine, container: Container, network: Network): void {
  const endpoint: Endpoint = {
    id: engine.ids.id(),
    name: container.name,
    network,
    container,
    address: null,
    mac: "",
    hostDevice: null,
    containerDevice: null,
  };
  network.endpoints.set(container, endpoint);
  container.endpoints.set(network, endpoint);
}

/** Takes a container out of a network. */
export function* leave(engine: Engine, endpoint: Endpoint): Steps<void> {
  const { network, container } = endpoint;
  network.endpoints.delete(container);
  container.endpoints.delete(network);
  if (endpoint.hostDevice === null) return;
  if (network.swarm === null) yield* closeEndpoint(engine, endpoint);
  yield* disconnect(engine, endpoint);
  network.pool!.release(endpoint.address!);
  container.swarmAddresses.delete(network.name);
  if (network.swarm !== null && engine.swarm !== null) yield* engine.swarm.networks.detach(endpoint);
}

/** Takes a container out of all its networks: it has ended, or could not start. */
export function* leaveAll(engine: Engine, container: Container): Steps<void> {
  for (const endpoint of [...container.endpoints.values()]) yield* leave(engine, endpoint);
  yield* leaveGatewayBridge(engine, container);
}

/** Whether the network's containers have a default route: those of an internal one had until 24. */
function hasGateway({ version }: Engine, { gateway, request }: Network): boolean {
  return gateway !== null && (!request.internal || version.internalRoute);
}

/** Sets the default route of a container's namespace anew, when it is to go another way. */
function* routeThrough(engine: Engine, container: Container, { enter }: Place): Steps<void> {
  const endpoint = gatewayEndpoint(container);
  if (endpoint === container.gateway) return;
  const inside = [...enter, "ip", "route"];
  if (container.gateway !== null) yield* engine.command([...inside, "delete", "default"]);
  container.gateway = endpoint;
  if (endpoint !== null && hasGateway(engine, endpoint.network))
    yield* engine.must([
      ...inside,
      "add",
      "default",
      "via",
      formatIpv4(endpoint.network.gateway!),
      "dev",
      endpoint.containerDevice!,
    ]);
}
