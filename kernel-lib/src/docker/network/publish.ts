import { tryParseIpv4 } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { PortBinding } from "../container/config.js";
import type { Container } from "../container/container.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { closePorts, openPorts } from "../firewall/engine-firewall.js";
import { holdPort, type PortHolder } from "../proxy/port-holder.js";
import { clearFlows } from "./clear-flows.js";
import { gatewayEndpoint } from "./gateway-endpoint.js";
import type { Endpoint } from "./network.js";
import { PortTaken } from "./port-allocator.js";
import { wantedPorts } from "./wanted-ports.js";

/** A published port while it works: the endpoint that its rules lead to, and what holds the port on the machine. */
export interface PortMapping {
  readonly binding: PortBinding;
  readonly endpoint: Endpoint;
  readonly holder: PortHolder;
}

/** How often a port that nobody named is looked for (maxAllocatePortAttempts). */
const ATTEMPTS = 10;

/**
 * Publishes the ports of a container on the endpoint that has its default route: for each a port of the machine, then the rules, then the proxy.
 * Throws DockerError when one cannot be had; those before it are taken back.
 */
export function* publishPorts(
  engine: Engine,
  container: Container,
  endpoint: Endpoint | null,
): Steps<readonly PortMapping[]> {
  if (endpoint === null || endpoint.network.request.internal) return [];
  if (endpoint.network.bridge.gatewayMode === "routed") return yield* openRouted(engine, container, endpoint);
  const mappings: PortMapping[] = [];
  try {
    for (const wanted of wantedPorts(container))
      for (const hostIp of hostAddresses(engine, wanted, endpoint))
        mappings.push(yield* mapPort(engine, { ...wanted, hostIp }, endpoint));
    yield* clearFlows(
      engine,
      endpoint,
      mappings.map(({ binding }) => binding),
    );
    return mappings;
  } catch (error) {
    yield* unpublishPorts(engine, mappings);
    if (!(error instanceof DockerError || error instanceof PortTaken)) throw error;
    const outer = engine.version.messages === "28" ? "failed to set up container networking: " : "";
    throw new DockerError(
      `${outer}driver failed programming external connectivity on endpoint ${container.name} (${endpoint.id}): ${error.message}`,
    );
  }
}

/** A routed network's containers are met at their own addresses: the rules let the port in, and none of the machine's leads there. */
function* openRouted(
  engine: Engine,
  container: Container,
  endpoint: Endpoint,
): Steps<readonly PortMapping[]> {
  const bindings = wantedPorts(container).map((wanted) => ({ ...wanted, hostIp: "0.0.0.0", hostPort: "" }));
  yield* openPorts(engine, endpoint, bindings);
  return bindings.map((binding) => ({ binding, endpoint, holder: { stop: () => {} } }));
}

/** Takes published ports back: proxy, rules, port. */
export function* unpublishPorts(engine: Engine, mappings: readonly PortMapping[]): Steps<void> {
  for (const { binding, endpoint, holder } of mappings) {
    holder.stop();
    yield* closePorts(engine, endpoint, [binding]);
    if (binding.hostPort !== "")
      engine.ports.release(binding.hostIp, binding.protocol, Number(binding.hostPort));
  }
}

/** A running container has joined or left a network: where its default route goes another way now, its ports move along. */
export function* movePorts(engine: Engine, container: Container): Steps<void> {
  const endpoint = gatewayEndpoint(container);
  const { mappings } = container;
  if (mappings.length > 0 && mappings.every((mapping) => mapping.endpoint === endpoint)) return;
  yield* unpublishPorts(engine, mappings);
  container.mappings = [];
  container.mappings = yield* publishPorts(engine, container, endpoint);
}

/** `-p` without an address is all of the machine's: IPv4's, and IPv6's as far as docker-proxy can serve them. */
function hostAddresses(
  { version, settings }: Engine,
  { hostIp }: PortBinding,
  endpoint: Endpoint,
): readonly string[] {
  const ipv6 = version.proxy.ipv6 && settings.userlandProxy;
  if (hostIp !== "") return tryParseIpv4(hostIp) !== null || ipv6 ? [hostIp] : [];
  const otherwise = endpoint.network.bridge.hostBinding ?? "0.0.0.0";
  return otherwise === "0.0.0.0" && ipv6 ? ["0.0.0.0", "::"] : [otherwise];
}

/** A port that nobody named is another one when the first is in use by another program. */
function* mapPort(engine: Engine, wanted: PortBinding, endpoint: Endpoint): Steps<PortMapping> {
  const [first, last] = portRange(wanted.hostPort);
  for (let attempt = 1; ; attempt++) {
    const port = engine.ports.request(wanted.hostIp, wanted.protocol, first, last);
    const binding = { ...wanted, hostPort: String(port) };
    try {
      yield* openPorts(engine, endpoint, [binding]);
      return { binding, endpoint, holder: holdPort(engine, binding, endpoint) };
    } catch (error) {
      yield* closePorts(engine, endpoint, [binding]);
      engine.ports.release(binding.hostIp, binding.protocol, port);
      if (first !== 0 || attempt === ATTEMPTS) throw error;
    }
  }
}

function portRange(text: string): readonly [number, number] {
  const [first = 0, last = first] = text === "" ? [] : text.split("-").map(Number);
  return [first, last];
}
