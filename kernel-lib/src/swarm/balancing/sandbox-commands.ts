import { formatIpv4 } from "../../base/addresses.js";
import type { FirewallCommand } from "../../docker/firewall/firewall.js";
import type { BindingChange, LoadBalancer } from "./bindings.js";
import type { BalancingLayout } from "./layout.js";
import { addMarks, removeMarks } from "./mark-rules.js";
import type { BalancingSandbox } from "./sandbox.js";

/** A command inside a namespace: it and what it depends on. `inside`: the words that lead there. */
export function within(inside: readonly string[], command: FirewallCommand): FirewallCommand {
  const { argv, unless, provided, ...rest } = command;
  return {
    ...rest,
    argv: [...inside, ...argv],
    ...(unless === undefined ? {} : { unless: [...inside, ...unless] }),
    ...(provided === undefined ? {} : { provided: [...inside, ...provided] }),
  };
}

/** Whether the sandbox has the service's virtual address itself: the ingress sandbox of old releases and their tasks do not get it from here. */
function holdsAddress({ place }: BalancingLayout): boolean {
  return place === "node";
}

function addressCommand(
  what: "add" | "del",
  { vip }: LoadBalancer,
  { device }: BalancingSandbox,
): FirewallCommand {
  return { argv: ["ip", "addr", what, `${formatIpv4(vip!)}/32`, "dev", device], mayFail: true };
}

function marked({ mark, vip, ports }: LoadBalancer) {
  return { mark, address: vip!, ports };
}

/** What comes before the machine's own rules, when a sandbox begins to balance a service. */
export function beforePorts(
  layout: BalancingLayout,
  balancer: LoadBalancer,
  sandbox: BalancingSandbox,
): readonly FirewallCommand[] {
  return holdsAddress(layout) ? [within(sandbox.inside, addressCommand("add", balancer, sandbox))] : [];
}

/** What comes after them: the marks, and the service in IPVS. Its replicas come one by one. */
export function afterPorts(
  layout: BalancingLayout,
  balancer: LoadBalancer,
  sandbox: BalancingSandbox,
): readonly FirewallCommand[] {
  return [
    ...addMarks(layout, marked(balancer), sandbox.own),
    { argv: ["ipvsadm", "-A", "-f", String(balancer.mark), "-s", "rr"], mayFail: true },
  ].map((command) => within(sandbox.inside, command));
}

/** A sandbox does not balance a service any more: before the machine's own rules go. */
export function removeService(balancer: LoadBalancer, sandbox: BalancingSandbox): readonly FirewallCommand[] {
  return [within(sandbox.inside, { argv: ["ipvsadm", "-D", "-f", String(balancer.mark)], mayFail: true })];
}

/** And after they have gone. `shared`: the same service goes on with other ports, at the same address. */
export function removeMarksAndAddress(
  layout: BalancingLayout,
  balancer: LoadBalancer,
  sandbox: BalancingSandbox,
  shared: boolean,
): readonly FirewallCommand[] {
  return [
    ...removeMarks(layout, marked(balancer)),
    ...(holdsAddress(layout) && !shared ? [addressCommand("del", balancer, sandbox)] : []),
  ].map((command) => within(sandbox.inside, command));
}

/** The words behind `ipvsadm` for a replica: new ones have weight 1, one that takes no new connections has 0. */
export function serverWords(
  change: Extract<BindingChange, { readonly kind: `backend-${string}` }>,
): readonly string[] {
  const server = ["-f", String(change.balancer.mark), "-r", `${formatIpv4(change.address)}:0`];
  switch (change.kind) {
    case "backend-added":
      return ["-a", ...server, "-m", "-w", "1"];
    case "backend-disabled":
      return ["-e", ...server, "-m", "-w", "0"];
    case "backend-removed":
      return ["-d", ...server];
  }
}
