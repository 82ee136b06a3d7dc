import { DockerError } from "../../docker/docker-error.js";
import type { Engine } from "../../docker/engine.js";
import { issue } from "../../docker/firewall/engine-firewall.js";
import type { FirewallCommand } from "../../docker/firewall/firewall.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { PublishedPorts } from "../ingress/published-ports.js";
import type { SwarmMember } from "../member.js";
import type { MemberPart } from "../parts.js";
import { type BindingChange, type LoadBalancer, type Replica, ServiceBindings } from "./bindings.js";
import { BALANCING_LAYOUTS, type BalancingLayout } from "./layout.js";
import type { BalancingSandbox } from "./sandbox.js";
import {
  afterPorts,
  beforePorts,
  inSandbox,
  removeMarksAndAddress,
  removeService,
  serverWords,
} from "./sandbox-commands.js";

/** From that many changes of servers on they go to the kernel by one command that reads them (`ipvsadm -R`). */
const BATCH = 4;

/** A change that the kernel has not been told of yet. */
interface Pending {
  readonly change: BindingChange;
  /** Null: for all sandboxes of the network. */
  readonly only: BalancingSandbox | null;
}

/**
 * What a node balances: it hears of replicas (its own, and by gossip those of other nodes), and tells IPVS and the rules of each sandbox of the network,
 * in the order in which it heard (libnetwork's addServiceBinding and rmServiceBinding).
 */
export class Balancing implements MemberPart {
  readonly layout: BalancingLayout;
  private bindings = new ServiceBindings();
  private readonly sandboxes = new Map<string, Set<BalancingSandbox>>();
  private pending: Pending[] = [];
  private readonly work: WaitQueue;
  private ports: PublishedPorts;

  constructor(private readonly member: SwarmMember) {
    const { engine } = member;
    this.layout = BALANCING_LAYOUTS[engine.release];
    this.work = new WaitQueue(engine.host.world.scheduler);
    this.ports = new PublishedPorts(engine);
  }

  start(): Steps<void> {
    this.member.background(this.serve());
    return nothing();
  }

  /** The services go before the sandboxes do, so that no published port leads to nowhere. */
  *stop(): Steps<void> {
    yield* this.settle(this.pending.splice(0));
    for (const [networkId, sandboxes] of this.sandboxes)
      for (const balancer of this.bindings.inNetwork(networkId))
        for (const sandbox of sandboxes)
          if (sandbox.gateway !== null) yield* this.ports.close(balancer.ports, sandbox.gateway);
    this.sandboxes.clear();
    this.bindings = new ServiceBindings();
    this.ports = new PublishedPorts(this.engine);
  }

  /** A replica is there, or it is there again with all its connections. */
  add(replica: Replica): void {
    this.tell(this.bindings.add(replica));
  }

  /** A replica is to end: it gets no new connections. Releases that do not know of that take it out at once. */
  disable(replica: Replica): void {
    this.tell(this.layout.quiesces ? this.bindings.disable(replica) : this.bindings.remove(replica));
  }

  remove(replica: Replica): void {
    this.tell(this.bindings.remove(replica));
  }

  /** The mark of a service in a network; null when the node does not know it. */
  markOf(networkId: string, serviceId: string): number | null {
    return this.bindings.markOf(networkId, serviceId);
  }

  /** A sandbox has come into being: it gets its settings, and all services that the node knows in its network. */
  *attach(sandbox: BalancingSandbox, settings: boolean): Steps<void> {
    const sandboxes = this.sandboxes.get(sandbox.networkId) ?? new Set();
    this.sandboxes.set(sandbox.networkId, sandboxes.add(sandbox));
    if (settings) yield* this.issueIn(sandbox, this.sandboxSettings());
    for (const balancer of this.bindings.inNetwork(sandbox.networkId)) {
      this.pending.push({ change: { kind: "service-added", balancer }, only: sandbox });
      for (const { address, disabled } of balancer.backends.values()) {
        this.pending.push({ change: { kind: "backend-added", balancer, address }, only: sandbox });
        if (disabled)
          this.pending.push({ change: { kind: "backend-disabled", balancer, address }, only: sandbox });
      }
    }
    this.work.wakeAll();
  }

  /** A sandbox goes, with all that is in it. */
  detach(sandbox: BalancingSandbox): void {
    this.sandboxes.get(sandbox.networkId)?.delete(sandbox);
    this.pending = this.pending.filter(({ only }) => only !== sandbox);
  }

  private get engine(): Engine {
    return this.member.engine;
  }

  private sandboxSettings(): readonly FirewallCommand[] {
    return [
      { argv: ["modprobe", "-va", "ip_vs"], mayFail: true },
      ...this.layout.settings.map((setting) => ({ argv: ["sysctl", "-w", setting], mayFail: true })),
    ];
  }

  private tell(changes: readonly BindingChange[]): void {
    for (const change of changes) if (change.balancer.vip !== null) this.pending.push({ change, only: null });
    if (this.pending.length > 0) this.work.wakeAll();
  }

  private *serve(): Steps<void> {
    for (;;) {
      yield* this.settle(this.pending.splice(0));
      if (this.pending.length === 0) yield* until([this.work]);
    }
  }

  /** Tells the kernel, the changes of one service under the command that made the service what it is. */
  private *settle(pending: readonly Pending[]): Steps<void> {
    for (let begin = 0; begin < pending.length; ) {
      const { serviceId } = pending[begin]!.change.balancer;
      let end = begin;
      while (end < pending.length && pending[end]!.change.balancer.serviceId === serviceId) end++;
      const cause = this.member.cluster?.store.services.get(serviceId)?.cause;
      const steps = this.obey(pending.slice(begin, end));
      yield* cause === undefined ? steps : this.engine.serving.run(cause, steps);
      begin = end;
    }
  }

  private *obey(pending: readonly Pending[]): Steps<void> {
    const servers = new Map<BalancingSandbox, (readonly string[])[]>();
    for (const { change, only } of pending) {
      const sandboxes = only === null ? [...(this.sandboxes.get(change.balancer.networkId) ?? [])] : [only];
      if (change.kind === "service-added" || change.kind === "service-removed")
        yield* this.tellServers(servers);
      for (const sandbox of sandboxes) {
        if ("address" in change) servers.set(sandbox, [...(servers.get(sandbox) ?? []), serverWords(change)]);
        else if (change.kind === "service-added") yield* this.open(change.balancer, sandbox);
        else yield* this.close(change.balancer, sandbox);
      }
    }
    yield* this.tellServers(servers);
  }

  private *tellServers(servers: Map<BalancingSandbox, (readonly string[])[]>): Steps<void> {
    for (const [sandbox, lines] of servers) {
      if (lines.length < BATCH)
        yield* this.issueIn(
          sandbox,
          lines.map((words) => ({ argv: ["ipvsadm", ...words], mayFail: true })),
        );
      else {
        const stdin = lines.map((words) => `${words.join(" ")}\n`).join("");
        yield* this.engine.command([...sandbox.inside, "ipvsadm", "-R"], { stdin });
      }
    }
    servers.clear();
  }

  private *open(balancer: LoadBalancer, sandbox: BalancingSandbox): Steps<void> {
    const { layout } = this;
    if (layout.place === "tasks") yield* this.issueIn(sandbox, this.sandboxSettings());
    yield* issue(this.engine, beforePorts(layout, balancer, sandbox));
    if (sandbox.gateway !== null) yield* this.openPorts(balancer, sandbox);
    yield* issue(this.engine, afterPorts(layout, balancer, sandbox));
  }

  /** A rule that iptables refuses is only written into the daemon's log. */
  private *openPorts({ ports }: LoadBalancer, { gateway }: BalancingSandbox): Steps<void> {
    try {
      yield* this.ports.open(ports, gateway!);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
    }
  }

  private *close(balancer: LoadBalancer, sandbox: BalancingSandbox): Steps<void> {
    yield* issue(this.engine, removeService(balancer, sandbox));
    if (sandbox.gateway !== null) yield* this.ports.close(balancer.ports, sandbox.gateway);
    yield* issue(this.engine, removeMarksAndAddress(this.layout, balancer, sandbox));
  }

  private *issueIn(sandbox: BalancingSandbox, commands: readonly FirewallCommand[]): Steps<void> {
    yield* issue(
      this.engine,
      commands.map((command) => inSandbox(sandbox, command)),
    );
  }
}

function* nothing(): Steps<void> {}
