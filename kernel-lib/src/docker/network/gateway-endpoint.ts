import type { Container } from "../container/container.js";
import type { Endpoint } from "./network.js";

/** The endpoints with an address: internal networks last, then by name (libnetwork's endpoint heap; all have the same priority). */
export function endpointsByPriority(container: Container): readonly Endpoint[] {
  const candidates = [...container.endpoints.values()].filter((endpoint) => endpoint.address !== null);
  const rank = ({ network }: Endpoint) => `${network.request.internal ? 1 : 0}${network.name}`;
  return candidates.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The endpoint that has the default route: the first whose network has a gateway, or that on docker_gwbridge. */
export function gatewayEndpoint(container: Container): Endpoint | null {
  const leading = endpointsByPriority(container).filter(({ network }) => network.scope === "local");
  const [first] = leading;
  if (container.gatewayBridge !== null && first?.network.request.internal !== false)
    return container.gatewayBridge;
  return first ?? null;
}

/** Whether a container gets out by no network of its own, though one of them is no internal one: then docker_gwbridge leads it out (needDefaultGW). */
export function needsGatewayBridge(container: Container): boolean {
  const open = endpointsByPriority(container).filter(({ network }) => !network.request.internal);
  return open.length > 0 && open.every(({ network }) => network.scope === "swarm");
}
