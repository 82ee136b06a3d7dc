import { DockerError } from "../../docker/docker-error.js";
import type { Engine } from "../../docker/engine.js";
import { issue } from "../../docker/firewall/engine-firewall.js";
import type { FirewallCommand } from "../../docker/firewall/firewall.js";
import { Resolver } from "../../docker/resolver/resolver.js";
import { externalServers } from "../../docker/resolver/servers.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { byCause, inBatch } from "../by-cause.js";
import { gathering } from "../gossip/gathering.js";
import type { Gossip } from "../gossip/gossip.js";
import type { GossipEvent } from "../gossip/tables.js";
import { PublishedPorts } from "../ingress/published-ports.js";
import type { SwarmMember } from "../member.js";
import type { SandboxListener } from "../overlay/overlay.js";
import type { OverlaySandbox } from "../overlay/overlay-sandbox.js";
import type { MemberPart } from "../parts.js";
import { type BindingChange, type LoadBalancer, ServiceBindings } from "./bindings.js";
import { BALANCING_LAYOUTS, type BalancingLayout } from "./layout.js";
import type { BalancingSandbox } from "./sandbox.js";
import {
  afterPorts,
  beforePorts,
  removeMarksAndAddress,
  removeService,
  serverWords,
  within,
} from "./sandbox-commands.js";

const RESOLV_CONF = "/etc/resolv.conf";

/** A change that the kernel has not been told of yet. */
interface Pending {
  readonly change: BindingChange;
  /** The command by which it came. */
  readonly cause: string | undefined;
  /** Null: for all sandboxes of the network. */
  readonly only: BalancingSandbox | null;
}

/**
 * What a node balances: it hears of replicas (its own, and by gossip those of other nodes), and tells IPVS and the rules of each sandbox of the network,
 * in the order in which it heard (libnetwork's addServiceBinding and rmServiceBinding).
 */
export class Balancing implements MemberPart, SandboxListener {
  readonly layout: BalancingLayout;
  private bindings = new ServiceBindings();
  private readonly sandboxes = new Map<string, Set<BalancingSandbox>>();
  /** What each sandbox balances: the kernel has been told. */
  private readonly open = new Map<BalancingSandbox, Set<LoadBalancer>>();
  private readonly resolvers = new Map<BalancingSandbox, Resolver>();
  private pending: Pending[] = [];
  private readonly work: WaitQueue;
  private readonly ports: PublishedPorts;

  constructor(
    private readonly member: SwarmMember,
    gossip: Gossip,
  ) {
    const { engine } = member;
    this.layout = BALANCING_LAYOUTS[engine.release];
    this.work = new WaitQueue(engine.host.world.scheduler);
    this.ports = new PublishedPorts(engine);
    gossip.watch("endpoint_table", (event) => this.hear(event));
  }

  /** Before the networks come. What a killed daemon knew is forgotten. */
  start(): undefined {
    this.bindings = new ServiceBindings();
    this.sandboxes.clear();
    this.open.clear();
    this.resolvers.clear();
    this.pending = [];
    this.ports.forget();
    this.member.background(this.serve());
  }

  /** The daemon ends or the node leaves: no published port is to lead to nowhere. */
  *stop(): Steps<void> {
    yield* this.settle(this.pending.splice(0));
    for (const sandboxes of this.sandboxes.values())
      for (const sandbox of sandboxes) {
        for (const balancer of this.balanced(sandbox)) yield* this.close(balancer, sandbox);
        this.detach(sandbox);
      }
    this.bindings = new ServiceBindings();
  }

  /** The mark of a service in a network; null when the node does not know it. */
  markOf(networkId: string, serviceId: string): number | null {
    return this.bindings.markOf(networkId, serviceId);
  }

  /** A sandbox of a network is there: it gets its settings and its embedded DNS. */
  *opened(sandbox: OverlaySandbox): Steps<void> {
    const { engine } = this;
    const { files } = engine.host;
    const machine = files.exists(RESOLV_CONF) ? files.readText(RESOLV_CONF) : "";
    const resolver = yield* Resolver.startIn(
      engine,
      sandbox.mounted,
      externalServers(engine.settings.dns, machine),
    );
    this.resolvers.set(sandbox, resolver);
    yield* this.issueIn(sandbox, this.sandboxSettings());
    this.attach(sandbox);
  }

  /** It goes, with all that is in it: the machine's rules go, too. */
  *closing(sandbox: OverlaySandbox): Steps<void> {
    const { gateway } = sandbox;
    if (gateway !== null)
      for (const { ports } of this.balanced(sandbox)) yield* this.ports.close(ports, gateway);
    this.detach(sandbox);
  }

  /** A sandbox balances all services of its network from now on, those that the node knows already and those to come. */
  attach(sandbox: BalancingSandbox): void {
    const sandboxes = this.sandboxes.get(sandbox.networkId) ?? new Set();
    this.sandboxes.set(sandbox.networkId, sandboxes.add(sandbox));
    for (const balancer of this.bindings.inNetwork(sandbox.networkId)) {
      if (balancer.vip === null) continue;
      const cause = this.member.cluster?.store.services.get(balancer.serviceId)?.cause;
      const add = (change: BindingChange) => this.pending.push({ change, cause, only: sandbox });
      add({ kind: "service-added", balancer });
      for (const { address, disabled } of balancer.backends.values()) {
        add({ kind: "backend-added", balancer, address });
        if (disabled) add({ kind: "backend-disabled", balancer, address });
      }
    }
    this.work.wakeAll();
  }

  /** It does not balance any more; what is in it goes with it. */
  detach(sandbox: BalancingSandbox): void {
    this.sandboxes.get(sandbox.networkId)?.delete(sandbox);
    this.pending = this.pending.filter(({ only }) => only !== sandbox);
    this.resolvers.get(sandbox)?.stop();
    this.resolvers.delete(sandbox);
    this.open.delete(sandbox);
  }

  /** The services that a sandbox balances now. */
  private balanced(sandbox: BalancingSandbox): readonly LoadBalancer[] {
    return [...(this.open.get(sandbox) ?? [])];
  }

  /** What gossip tells: of this node's own replicas, too. */
  private hear({ record, removed }: GossipEvent<"endpoint_table">): void {
    if (record.serviceId === "") return;
    const replica = { ...record, vip: record.vip === 0 ? null : record.vip };
    const goes = removed || (record.disabled && !this.layout.quiesces);
    const changes = goes
      ? this.bindings.remove(replica)
      : record.disabled
        ? this.bindings.disable(replica)
        : this.bindings.add(replica);
    for (const change of changes)
      if (change.balancer.vip !== null) this.pending.push({ change, cause: record.cause, only: null });
    if (this.pending.length > 0) this.work.wakeAll();
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

  private *serve(): Steps<void> {
    for (;;) {
      yield* this.settle(this.pending.splice(0));
      if (this.pending.length > 0) continue;
      yield* until([this.work]);
      yield* gathering(this.engine.host.world.scheduler);
    }
  }

  private settle(pending: readonly Pending[]): Steps<void> {
    return byCause(
      this.engine,
      pending,
      ({ cause }) => cause,
      (changes) => this.obey(changes),
    );
  }

  private *obey(pending: readonly Pending[]): Steps<void> {
    const servers = new Map<BalancingSandbox, (readonly string[])[]>();
    for (const { change, only } of pending) {
      const { networkId } = change.balancer;
      const sandboxes = [...(this.sandboxes.get(networkId) ?? [])].filter(
        (one) => only === null || only === one,
      );
      if (change.kind === "service-added" || change.kind === "service-removed")
        yield* this.tellServers(servers);
      for (const sandbox of sandboxes) {
        if ("address" in change) {
          const lines = servers.get(sandbox) ?? [];
          lines.push(serverWords(change));
          servers.set(sandbox, lines);
        } else if (change.kind === "service-added") yield* this.begin(change.balancer, sandbox);
        else yield* this.close(change.balancer, sandbox);
      }
    }
    yield* this.tellServers(servers);
  }

  private *tellServers(servers: Map<BalancingSandbox, (readonly string[])[]>): Steps<void> {
    for (const [sandbox, lines] of servers) {
      const stdin = inBatch(lines);
      if (stdin === null)
        yield* this.issueIn(
          sandbox,
          lines.map((words) => ({ argv: ["ipvsadm", ...words], mayFail: true })),
        );
      else yield* this.engine.command([...sandbox.inside, "ipvsadm", "-R"], { stdin });
    }
    servers.clear();
  }

  private *begin(balancer: LoadBalancer, sandbox: BalancingSandbox): Steps<void> {
    const { layout } = this;
    const open = this.open.get(sandbox) ?? new Set();
    if (open.has(balancer)) return;
    this.open.set(sandbox, open.add(balancer));
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
    if (this.open.get(sandbox)?.delete(balancer) !== true) return;
    yield* issue(this.engine, removeService(balancer, sandbox));
    if (sandbox.gateway !== null) yield* this.ports.close(balancer.ports, sandbox.gateway);
    const shared = this.balanced(sandbox).some(({ vip }) => vip === balancer.vip);
    yield* issue(this.engine, removeMarksAndAddress(this.layout, balancer, sandbox, shared));
  }

  private *issueIn(sandbox: BalancingSandbox, commands: readonly FirewallCommand[]): Steps<void> {
    yield* issue(
      this.engine,
      commands.map((command) => within(sandbox.inside, command)),
    );
  }
}
