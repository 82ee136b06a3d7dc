import { formatIpv4 } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { PortBinding } from "../container/config.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import type { Endpoint, Network } from "../network/network.js";
import type { FirewallCommand } from "./firewall.js";
import type { FirewallBridge, FirewallPort } from "./layout.js";

/** What the rules of a network depend on. */
export function firewallBridge(network: Network): FirewallBridge {
  const { subnet } = network.pool!;
  const { icc, masquerade, hostAddress, gatewayMode } = network.bridge;
  return {
    device: network.device,
    subnet: `${formatIpv4(subnet.address)}/${subnet.prefix}`,
    internal: network.request.internal,
    icc,
    masquerade,
    hostAddress,
    gatewayMode,
  };
}

/** Runs commands of the firewall as the daemon's children. */
export function* issue(engine: Engine, commands: readonly FirewallCommand[]): Steps<void> {
  for (const { argv, mayFail, unless, provided, failure = "" } of commands) {
    if (provided !== undefined && (yield* engine.command(provided)).status !== 0) continue;
    if (unless !== undefined && (yield* engine.command(unless)).status === 0) continue;
    const { status, stderr } = yield* engine.command(argv);
    if (status !== 0 && !mayFail)
      throw new DockerError(
        `${failure} (iptables failed: ${argv.join(" ")}: ${stderr} (exit status ${status}))`,
      );
  }
}

/** The rules of a new bridge network. */
export function* openBridge(engine: Engine, network: Network): Steps<void> {
  try {
    yield* issue(engine, engine.firewall.addBridge(firewallBridge(network)));
  } catch (error) {
    engine.firewall.forget(network.device);
    if (!(error instanceof DockerError)) throw error;
    throw new DockerError(`Failed to Setup IP tables: ${error.message}`);
  }
}

export function* closeBridge(engine: Engine, network: Network): Steps<void> {
  yield* issue(engine, engine.firewall.removeBridge(network.device));
}

type Placed = Pick<Endpoint, "network" | "address">;

/** The rules of one endpoint's address. */
export function* openEndpoint(engine: Engine, { network, address }: Placed): Steps<void> {
  yield* issue(engine, engine.firewall.addEndpoint(firewallBridge(network), formatIpv4(address!)));
}

export function* closeEndpoint(engine: Engine, { network, address }: Placed): Steps<void> {
  yield* issue(engine, engine.firewall.removeEndpoint(firewallBridge(network), formatIpv4(address!)));
}

/** The rules of a container's published ports, on the endpoint that has its default route. */
export function* openPorts(
  engine: Engine,
  gateway: Endpoint | null,
  published: readonly PortBinding[],
): Steps<void> {
  for (const port of firewallPorts(gateway, published)) yield* issue(engine, engine.firewall.addPort(port));
}

export function* closePorts(
  engine: Engine,
  gateway: Endpoint | null,
  published: readonly PortBinding[],
): Steps<void> {
  for (const port of firewallPorts(gateway, published))
    yield* issue(engine, engine.firewall.removePort(port));
}

function firewallPorts(gateway: Endpoint | null, published: readonly PortBinding[]): readonly FirewallPort[] {
  if (gateway === null || gateway.network.request.internal) return [];
  return published
    .filter(({ hostIp }) => !hostIp.includes(":"))
    .map(({ hostIp, hostPort, containerPort, protocol }) => ({
      bridge: firewallBridge(gateway.network),
      protocol,
      hostAddress: hostIp === "0.0.0.0" || hostIp === "" ? "0/0" : hostIp,
      hostPort: gateway.network.bridge.gatewayMode === "routed" ? null : hostPort,
      containerAddress: formatIpv4(gateway.address!),
      containerPort: String(containerPort),
    }));
}
