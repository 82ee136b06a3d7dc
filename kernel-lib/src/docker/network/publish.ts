import type { PortBinding } from "../container/config.js";
import type { Container } from "../container/container.js";
import { exposedPorts } from "../container/inspect.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";

/** First port of the range that unnamed host ports come from (portallocator's fallback). */
const FIRST_DYNAMIC_PORT = 49153;

/** The host ports of a container that is about to start. Throws DockerError when one is taken; nothing is changed. */
export function choosePorts(engine: Engine, container: Container): readonly PortBinding[] {
  const taken = new Set(
    engine.containers.list().flatMap((other) => (other === container ? [] : other.published.map(portKey))),
  );
  const chosen: PortBinding[] = [];
  for (const wanted of wantedPorts(container)) {
    const hostPort = wanted.hostPort === "" ? freePort(taken, wanted.protocol) : wanted.hostPort;
    const hosts = wanted.hostIp === "" ? ["0.0.0.0", "::"] : [wanted.hostIp];
    for (const hostIp of hosts) {
      const binding = { ...wanted, hostIp, hostPort };
      if (taken.has(portKey(binding))) throw portTaken(engine, container, binding);
      chosen.push(binding);
    }
    for (const binding of chosen) taken.add(portKey(binding));
  }
  return chosen;
}

function wantedPorts(container: Container): readonly PortBinding[] {
  const { ports, publishAll } = container.request;
  if (!publishAll) return ports;
  const more = exposedPorts(container).map((port): PortBinding => {
    const [number, protocol] = port.split("/");
    return {
      hostIp: "",
      hostPort: "",
      containerPort: Number(number),
      protocol: protocol as PortBinding["protocol"],
    };
  });
  return [
    ...ports,
    ...more.filter(
      (port) =>
        !ports.some(
          (given) => given.containerPort === port.containerPort && given.protocol === port.protocol,
        ),
    ),
  ];
}

function portKey({ hostIp, hostPort, protocol }: PortBinding): string {
  return `${hostIp}|${hostPort}|${protocol}`;
}

function freePort(taken: ReadonlySet<string>, protocol: string): string {
  let port = FIRST_DYNAMIC_PORT;
  while (taken.has(`0.0.0.0|${port}|${protocol}`)) port++;
  return String(port);
}

function portTaken(engine: Engine, container: Container, { hostIp, hostPort }: PortBinding): DockerError {
  return new DockerError(
    `driver failed programming external connectivity on endpoint ${container.name} (${engine.ids.id()}): Bind for ${hostIp}:${hostPort} failed: port is already allocated`,
  );
}

/** `0.0.0.0:8080`; an IPv6 address is in brackets from Docker 28 on. */
export function hostText({ hostIp, hostPort }: PortBinding, brackets: boolean): string {
  return brackets && hostIp.includes(":") ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`;
}

/** Ports as `docker ps` shows them: those only exposed, then the published ones. */
export function portsText(engine: Engine, container: Container): string {
  if (!container.running) return "";
  const brackets = engine.version.messages === "28";
  const published = container.published.map(
    (binding) => `${hostText(binding, brackets)}->${portName(binding)}`,
  );
  const bound = new Set(container.published.map(portName));
  const onHost = container.request.networkMode === "host";
  const exposed = onHost ? [] : exposedPorts(container).filter((port) => !bound.has(port));
  return [...exposed, ...published].join(", ");
}

function portName({ containerPort, protocol }: PortBinding): string {
  return `${containerPort}/${protocol}`;
}
