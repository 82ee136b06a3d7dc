import { formatIpv4 } from "../../base/addresses.js";
import { issue } from "../../docker/firewall/engine-firewall.js";
import type { FirewallCommand } from "../../docker/firewall/firewall.js";
import type { Endpoint } from "../../docker/network/network.js";
import type { Place } from "../../docker/network/place.js";
import type { Steps } from "../../host/process.js";
import { taskRules } from "../ingress/task-rules.js";
import type { SwarmMember } from "../member.js";
import type { BalancingSandbox } from "./sandbox.js";
import { within } from "./sandbox-commands.js";

/**
 * What a container's own namespace gets when it comes into a network of the swarm, before its program begins (libnetwork's populateLoadBalancers): on the
 * ingress network a task's rules; until 17.x also its service's virtual address, and the balancing of what it will send itself.
 */
export class TaskEndpoints {
  /** Namespaces of containers that balance for themselves, by endpoint. */
  private readonly sandboxes = new Map<string, BalancingSandbox>();

  constructor(private readonly member: SwarmMember) {}

  *joined(endpoint: Endpoint, { enter }: Place): Steps<void> {
    const { engine, balancing } = this.member;
    yield* issue(
      engine,
      this.commands(endpoint).map((command) => within(enter, command)),
    );
    const { network, id, address, containerDevice } = endpoint;
    if (balancing.layout.place === "node" || network.swarm?.ingress !== false) return;
    const own = { address: address!, prefix: network.pool!.subnet.prefix };
    const sandbox = { networkId: network.id, inside: enter, device: containerDevice!, own, gateway: null };
    this.sandboxes.set(id, sandbox);
    balancing.attach(sandbox);
  }

  left(endpointId: string): void {
    const sandbox = this.sandboxes.get(endpointId);
    if (sandbox === undefined) return;
    this.sandboxes.delete(endpointId);
    this.member.balancing.detach(sandbox);
  }

  private commands({ container, network, address, containerDevice }: Endpoint): readonly FirewallCommand[] {
    const { agent, balancing, cluster } = this.member;
    const service = cluster?.store.services.get(agent.taskOf(container)?.serviceId ?? "");
    const vip = service?.virtualIps.find(({ networkId }) => networkId === network.id)?.address;
    const ports = (service?.ports ?? []).filter(({ mode }) => mode === "ingress");
    const alias = ["ip", "addr", "add", `${formatIpv4(vip ?? 0)}/32`, "dev", containerDevice!];
    return [
      ...(balancing.layout.place === "node" || vip === undefined ? [] : [{ argv: alias, mayFail: true }]),
      ...(network.swarm?.ingress === true ? taskRules(balancing.layout, address!, ports) : []),
    ];
  }
}
