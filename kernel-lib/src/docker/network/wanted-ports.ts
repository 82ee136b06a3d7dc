import type { PortBinding } from "../container/config.js";
import type { Container } from "../container/container.js";
import { exposedPorts } from "../container/exposed-ports.js";
import { gatewayEndpoint } from "./gateway-endpoint.js";

/** The container's ports that are to be published, in the order in which the daemon goes through them (nat.SortPortMap). */
export function wantedPorts(container: Container): readonly PortBinding[] {
  const { ports, publishAll } = container.request;
  const entries = exposedPorts(container).flatMap((port): PortBinding[] => {
    const bound = ports.filter((given) => portName(given) === port);
    if (bound.length > 0) return bound;
    const [number, protocol] = port.split("/");
    return [
      {
        hostIp: "",
        hostPort: "",
        containerPort: Number(number),
        protocol: protocol as PortBinding["protocol"],
      },
    ];
  });
  const sorted = insertionSort(entries, goesBefore);
  const names = [...new Set(sorted.map(portName))];
  return names
    .flatMap((name) => sorted.filter((entry) => portName(entry) === name))
    .filter((entry) => publishAll || ports.includes(entry));
}

/** Ports are looked at on the endpoint with the default route: not on host and none, on internal networks only, or in another container's namespace. */
export function canPublish(container: Container): boolean {
  const endpoint = container.running ? gatewayEndpoint(container) : null;
  return endpoint !== null && !endpoint.network.request.internal;
}

export function portName({ containerPort, protocol }: PortBinding): string {
  return `${containerPort}/${protocol}`;
}

/** The larger host port, or the larger port, or TCP before the others. It is no order (two entries may each go before the other), so what comes out depends on the way of sorting. */
function goesBefore(a: PortBinding, b: PortBinding): boolean {
  return (
    first(a.hostPort) > first(b.hostPort) ||
    a.containerPort > b.containerPort ||
    (a.containerPort === b.containerPort && a.protocol === "tcp")
  );
}

function first(hostPort: string): number {
  return hostPort === "" ? 0 : Number(hostPort.split("-")[0]);
}

/** Go's sort.Sort for at most twelve entries. */
function insertionSort<T>(entries: readonly T[], less: (a: T, b: T) => boolean): T[] {
  const sorted = [...entries];
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && less(sorted[j]!, sorted[j - 1]!); j--) {
      const above = sorted[j - 1]!;
      sorted[j - 1] = sorted[j]!;
      sorted[j] = above;
    }
  }
  return sorted;
}
