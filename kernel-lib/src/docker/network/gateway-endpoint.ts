import type { Container } from "../container/container.js";
import type { Endpoint } from "./network.js";

/** The endpoint that has the default route: internal networks last, then by name (libnetwork's endpoint heap; all have the same priority). */
export function gatewayEndpoint(container: Container): Endpoint | null {
  const candidates = [...container.endpoints.values()].filter((endpoint) => endpoint.address !== null);
  const rank = ({ network }: Endpoint) => `${network.request.internal ? 1 : 0}${network.name}`;
  candidates.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return candidates[0] ?? null;
}
