import type { Container } from "../container/container.js";
import type { Endpoint } from "./network.js";

/** The endpoints with an address: internal networks last, then by name (libnetwork's endpoint heap; all have the same priority). */
export function endpointsByPriority(container: Container): readonly Endpoint[] {
  const candidates = [...container.endpoints.values()].filter((endpoint) => endpoint.address !== null);
  const rank = ({ network }: Endpoint) => `${network.request.internal ? 1 : 0}${network.name}`;
  return candidates.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The endpoint that has the default route. */
export function gatewayEndpoint(container: Container): Endpoint | null {
  return endpointsByPriority(container)[0] ?? null;
}
