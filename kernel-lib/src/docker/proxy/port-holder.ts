import { formatIpv4, parseIpv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { Output } from "../../host/process.js";
import type { PortBinding } from "../container/config.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import type { Endpoint } from "../network/network.js";
import { goAddress, goError } from "./go-words.js";
import { listenAlone } from "./held-port.js";

/** What keeps a published port on the machine from everybody else. */
export interface PortHolder {
  stop(): void;
}

/** Number of the first descriptor that the daemon opens for a port; what has lower numbers is there from its start. */
const FIRST_DAEMON_FD = 29;

/** Takes the port of a binding. Throws DockerError when another program has it. */
export function holdPort(engine: Engine, binding: PortBinding, endpoint: Endpoint): PortHolder {
  return engine.settings.userlandProxy
    ? startProxy(engine, binding, endpoint)
    : holdAlone(engine, binding, endpoint);
}

/** A docker-proxy of its own for each binding. It tells the daemon when it listens, or why it cannot. */
function startProxy(engine: Engine, binding: PortBinding, endpoint: Endpoint): PortHolder {
  const stderr = new Output();
  const { path, options, passesSocket, ipv6 } = engine.version.proxy;
  const argv = [
    path,
    ...["-proto", binding.protocol],
    ...["-host-ip", binding.hostIp],
    ...["-host-port", binding.hostPort],
    ...["-container-ip", formatIpv4(endpoint.address!)],
    ...["-container-port", String(binding.containerPort)],
    ...options,
  ];
  const proxy = engine.daemon.spawn({ argv, stdout: new Output(), stderr, cause: engine.serving.cause });
  if (proxy.exitCode !== null) {
    // A docker-proxy that serves both families does not name one.
    const message = stderr.written.trimEnd().replace(/^listen (tcp|udp)4/, ipv6 ? "listen $14" : "listen $1");
    throw new DockerError(
      passesSocket
        ? cannotBind(binding, endpoint, message.split(": bind: ").at(-1)!)
        : `Error starting userland proxy: ${message}`,
    );
  }
  return { stop: () => proxy.kill("SIGINT") };
}

/** Without docker-proxy (dummyProxy). */
function holdAlone(engine: Engine, binding: PortBinding, endpoint: Endpoint): PortHolder {
  const { hostIp, hostPort, protocol } = binding;
  const address = tryParseIpv4(hostIp) === null ? 0 : parseIpv4(hostIp);
  if (protocol === "sctp") return { stop: () => {} };
  try {
    const port = Number(hostPort);
    return listenAlone(engine, protocol, { address, port, firstFd: FIRST_DAEMON_FD, dualStack: false });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const why = goError(error);
    throw new DockerError(
      engine.version.proxy.passesSocket
        ? cannotBind(binding, endpoint, why)
        : `listen ${protocol}4 ${goAddress(hostIp, hostPort)}: bind: ${why}`,
    );
  }
}

/** Release 28 binds the port itself and hands the socket to docker-proxy. */
function cannotBind(
  { hostIp, hostPort, containerPort, protocol }: PortBinding,
  endpoint: Endpoint,
  why: string,
): string {
  const container = `${formatIpv4(endpoint.address!)}:${containerPort}`;
  return `failed to bind host port for ${goAddress(hostIp, hostPort)}:${container}/${protocol}: ${why}`;
}
