/** A service's port on the ingress network (libnetwork's PortConfig). */
export interface IngressPortConfig {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly targetPort: number;
  readonly publishedPort: number;
}

/** One key for what is the same set of ports. */
export function portsKey(ports: readonly IngressPortConfig[]): string {
  if (ports.length === 1) return keyOf(ports[0]!);
  return ports.map(keyOf).sort().join(",");
}

function keyOf({ protocol, publishedPort, targetPort }: IngressPortConfig): string {
  return `${publishedPort}:${targetPort}/${protocol}`;
}
