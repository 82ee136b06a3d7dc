import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process, Steps } from "../../host/process.js";
import type { EndpointRequest } from "../container/config.js";
import type { Container } from "../container/container.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { closeEndpoint, openEndpoint } from "../firewall/engine-firewall.js";
import { macFromAddress } from "../ids.js";
import { Resolver } from "../resolver/resolver.js";
import { dnsSettings, externalServers } from "../resolver/servers.js";
import { moveCommands, vethCommands } from "./bridge-driver.js";
import { gatewayEndpoint } from "./gateway-endpoint.js";
import type { Endpoint, Network } from "./network.js";

/** What the address of a new endpoint must be: throws before anything is touched. */
export function checkEndpoint(network: Network, request: EndpointRequest): void {
  if (request.address === null || network.pool === null) return;
  const address = tryParseIpv4(request.address);
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
  const address = network.pool.request(request.address === null ? null : tryParseIpv4(request.address));
  if (address === null)
    throw new DockerError(
      `failed to create endpoint ${container.name} on network ${network.name}: no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})`,
    );
  const { devicePrefix } = network.bridge;
  const number = container.nextDevices.get(devicePrefix) ?? 0;
  const endpoint = newEndpoint(engine, container, network, address, `${devicePrefix}${number}`);
  const peer = engine.ids.veth();
  try {
    if (network.userDefined && container.resolver === null)
      yield* Resolver.start(engine, container, process, serversOf(engine, container));
    for (const argv of vethCommands(endpoint, peer, engine.firewall.settings)) yield* engine.must(argv);
    for (const argv of moveCommands(endpoint, peer, process.pid)) yield* engine.must(argv);
    container.nextDevices.set(devicePrefix, number + 1);
    network.endpoints.set(container, endpoint);
    container.endpoints.set(network, endpoint);
    yield* openEndpoint(engine, endpoint);
    yield* routeThrough(engine, container, process.pid);
  } catch (error) {
    network.endpoints.delete(container);
    container.endpoints.delete(network);
    network.pool.release(address);
    yield* engine.command(["ip", "link", "delete", "dev", endpoint.hostDevice!]);
    throw error;
  }
}

function newEndpoint(
  engine: Engine,
  container: Container,
  network: Network,
  address: Ipv4,
  containerDevice: string,
): Endpoint {
  const first = container.endpoints.size === 0;
  return {
    id: engine.ids.id(),
    network,
    container,
    address,
    mac:
      first && container.request.mac !== ""
        ? container.request.mac
        : engine.version.mac === "random"
          ? engine.ids.bridgeMac()
          : macFromAddress(address),
    hostDevice: engine.ids.veth(),
    containerDevice,
  };
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
  yield* closeEndpoint(engine, endpoint);
  yield* engine.command(["ip", "link", "delete", "dev", endpoint.hostDevice]);
  network.pool!.release(endpoint.address!);
}

/** Whether the network's containers have a default route: those of an internal one had until 24. */
export function hasGateway({ version }: Engine, { gateway, request }: Network): boolean {
  return gateway !== null && (!request.internal || version.internalRoute);
}

/** Sets the default route of a container's namespace anew, when it is to go another way. */
export function* routeThrough(engine: Engine, container: Container, pid: number): Steps<void> {
  const endpoint = gatewayEndpoint(container);
  if (
    endpoint === container.gateway &&
    (endpoint === null || container.endpoints.get(endpoint.network) === endpoint)
  )
    return;
  const inside = ["nsenter", "-t", String(pid), "-n", "ip", "route"];
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
