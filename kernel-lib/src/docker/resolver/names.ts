import type { Ipv4 } from "../../base/addresses.js";
import type { Container } from "../container/container.js";
import type { Engine } from "../engine.js";
import { endpointsByPriority } from "../network/gateway-endpoint.js";
import type { Endpoint, Network } from "../network/network.js";

/**
 * The names of an endpoint on its network, that of its address first: the container's name, then its aliases (the given ones, the short id, the
 * host name). Before release 25 a container that was given no name has its aliases only.
 */
export function endpointNames(engine: Engine, { container, network }: Endpoint): readonly string[] {
  if (!network.userDefined) return [];
  const aliases = container.networks.get(network.name)?.aliases ?? [];
  const named = container.named || engine.version.namesAllContainers;
  return named ? [container.name, ...aliases] : aliases;
}

/** The addresses that a network knows under a name, in the order in which the containers joined. Names compare without case. */
function addressesIn(engine: Engine, network: Network, name: string): readonly Ipv4[] {
  if (network.swarm !== null) return engine.swarm?.addressesOf(network, name) ?? [];
  const wanted = name.toLowerCase();
  return [...network.endpoints.values()]
    .filter((endpoint) => endpointNames(engine, endpoint).some((each) => each.toLowerCase() === wanted))
    .map(({ address }) => address!);
}

/** The networks in which a container's names are looked up: those of the swarm before those of the engine. */
function searched(container: Container): readonly Network[] {
  const networks = endpointsByPriority(container).map(({ network }) => network);
  const rank = ({ swarm }: Network) => (swarm === null ? 2 : swarm.ingress ? 1 : 0);
  return networks.sort((a, b) => rank(a) - rank(b));
}

/**
 * The addresses of a name as a container sees it: in its networks, the one with the default route first; else `name.network`, with the dot at
 * every place (libnetwork's ResolveName). Empty when it is no name of Docker's.
 */
export function resolveName(engine: Engine, container: Container, name: string): readonly Ipv4[] {
  const networks = searched(container);
  for (let dot = name.length; dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const within = dot === name.length ? null : name.slice(dot + 1);
    for (const network of networks) {
      if (within !== null && network.name !== within) continue;
      const found = addressesIn(engine, network, name.slice(0, dot));
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** `container.network` of an address in one of the container's networks; null when nobody there has it. */
export function resolveAddress(engine: Engine, container: Container, address: Ipv4): string | null {
  for (const network of searched(container)) {
    const known = network.swarm === null ? null : engine.swarm?.nameOf(network, address);
    if (known !== null && known !== undefined) return `${known}.${network.name}`;
    if (network.swarm !== null) continue;
    for (const endpoint of network.endpoints.values()) {
      const [name] = endpointNames(engine, endpoint);
      if (endpoint.address === address && name !== undefined) return `${name}.${network.name}`;
    }
  }
  return null;
}
