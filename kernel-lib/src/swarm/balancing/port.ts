/** A service's port on the ingress network (libnetwork's PortConfig). */
export interface IngressPortConfig {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly targetPort: number;
  readonly publishedPort: number;
}

/** One key for what is the same set of ports. */
export function portsKey(ports: readonly IngressPortConfig[]): string {
  return ports
    .map(({ protocol, publishedPort, targetPort }) => `${publishedPort}:${targetPort}/${protocol}`)
    .sort()
    .join(",");
}
