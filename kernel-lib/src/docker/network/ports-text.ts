import type { PortBinding } from "../container/config.js";
import type { Container } from "../container/container.js";
import { exposedPorts } from "../container/exposed-ports.js";
import type { Engine } from "../engine.js";
import { canPublish, portName } from "./wanted-ports.js";

/** A port as the API lists it: `hostIp` is empty for one that is only exposed. */
interface ListedPort {
  readonly hostIp: string;
  readonly publicPort: number;
  readonly privatePort: number;
  readonly protocol: string;
}

interface Group {
  first: number;
  last: number;
}

/** `0.0.0.0:8080`; an IPv6 address is in brackets from Docker 28 on. */
export function hostText({ hostIp, hostPort }: PortBinding, brackets: boolean): string {
  return brackets && hostIp.includes(":") ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`;
}

/** The PORTS column of `docker ps` (formatter.DisplayablePorts): neighbours are one range, but not where host and container port differ. */
export function portsText(engine: Engine, container: Container): string {
  if (!canPublish(container)) return "";
  const brackets = engine.version.messages === "28";
  const groups = new Map<string, Group>();
  const closed: string[] = [];
  const mapped: string[] = [];
  for (const port of listed(container)) {
    const { hostIp, publicPort, privatePort, protocol } = port;
    const host = brackets && hostIp.includes(":") ? `[${hostIp}]` : hostIp;
    if (hostIp !== "" && publicPort !== privatePort) {
      mapped.push(`${host}:${publicPort}->${privatePort}/${protocol}`);
      continue;
    }
    const key = hostIp === "" ? protocol : `${host}/${protocol}`;
    const group = groups.get(key);
    if (group !== undefined && privatePort === group.last + 1) group.last = privatePort;
    else {
      if (group !== undefined) closed.push(groupText(key, group));
      groups.set(key, { first: privatePort, last: privatePort });
    }
  }
  return [...closed, ...[...groups].map(([key, group]) => groupText(key, group)), ...mapped].join(", ");
}

function listed(container: Container): ListedPort[] {
  const published = container.published.map(
    (binding): ListedPort => ({
      hostIp: binding.hostIp,
      publicPort: Number(binding.hostPort),
      privatePort: binding.containerPort,
      protocol: binding.protocol,
    }),
  );
  const bound = new Set(container.published.map(portName));
  const exposed = exposedPorts(container)
    .filter((port) => !bound.has(port))
    .map((port): ListedPort => {
      const [number, name = ""] = port.split("/");
      // A protocol that libnetwork does not know has number 0.
      const protocol = ["tcp", "udp", "sctp"].includes(name) ? name : "0";
      return { hostIp: "", publicPort: 0, privatePort: Number(number), protocol };
    });
  return [...published, ...exposed].sort(
    (a, b) =>
      a.privatePort - b.privatePort ||
      compare(a.hostIp, b.hostIp) ||
      a.publicPort - b.publicPort ||
      compare(a.protocol, b.protocol),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function groupText(key: string, { first, last }: Group): string {
  const at = key.lastIndexOf("/");
  const range = first === last ? `${first}` : `${first}-${last}`;
  const protocol = key.slice(at + 1);
  return at < 0 ? `${range}/${protocol}` : `${key.slice(0, at)}:${range}->${range}/${protocol}`;
}
