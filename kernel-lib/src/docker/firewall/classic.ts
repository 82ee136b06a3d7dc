import {
  bottom,
  type FirewallBridge,
  type FirewallPort,
  type FirewallRule,
  type FirewallSettings,
  top,
  unable,
  when,
} from "./layout.js";

/** What all releases until 27 share (libnetwork's bridge driver): the nat table, the ports, and a network's rules in FORWARD. */

/** PREROUTING and OUTPUT send what is for this machine through DOCKER; 127.0.0.0/8 is left to docker-proxy where there is one. */
export function natBase({ userlandProxy }: FirewallSettings): readonly FirewallRule[] {
  const local = "-m addrtype --dst-type LOCAL -j DOCKER";
  return [
    bottom("nat", "PREROUTING", local),
    bottom("nat", "OUTPUT", userlandProxy ? `${local} ! --dst 127.0.0.0/8` : local),
  ];
}

/** The source address on the way out, and for what the machine itself sends to 127.0.0.1 where no docker-proxy answers there. */
export function sourceRules(
  { device, subnet, masquerade, hostAddress }: FirewallBridge,
  { userlandProxy }: FirewallSettings,
): readonly FirewallRule[] {
  const target = hostAddress === null ? "-j MASQUERADE" : `-j SNAT --to-source ${hostAddress}`;
  return [
    ...when(masquerade, top("nat", "POSTROUTING", `-s ${subnet} ! -o ${device} ${target}`, unable("NAT"))),
    ...when(
      !userlandProxy,
      top(
        "nat",
        "POSTROUTING",
        `-m addrtype --src-type LOCAL -o ${device} ${target}`,
        unable("MASQ LOCAL HOST"),
      ),
    ),
  ];
}

/** Those, and the RETURN that leaves a bridge's own containers to docker-proxy. */
export function natRules(bridge: FirewallBridge, settings: FirewallSettings): readonly FirewallRule[] {
  const own = bridge.masquerade && settings.userlandProxy;
  return [
    ...sourceRules(bridge, settings),
    ...when(own, top("nat", "DOCKER", `-i ${bridge.device} -j RETURN`, unable("SKIP DNAT"))),
  ];
}

/** Between containers of one bridge. The DROP goes to the end of FORWARD, where it is met after all that permits. */
function within({ device, icc }: FirewallBridge): FirewallRule {
  const inside = `-i ${device} -o ${device}`;
  return icc
    ? top("filter", "FORWARD", `${inside} -j ACCEPT`, "Unable to allow intercontainer communication: ")
    : bottom("filter", "FORWARD", `${inside} -j DROP`, "Unable to prevent intercontainer communication: ");
}

/** Each goes to the top of FORWARD, so the last one issued is the first in the listing. */
export function forwardRules(bridge: FirewallBridge, establishedFirst: boolean): readonly FirewallRule[] {
  const { device } = bridge;
  const known = "-m conntrack --ctstate RELATED,ESTABLISHED";
  const established = top("filter", "FORWARD", `-o ${device} ${known} -j ACCEPT`);
  const docker = top("filter", "FORWARD", `-o ${device} -j DOCKER`);
  return [
    within(bridge),
    top("filter", "FORWARD", `-i ${device} ! -o ${device} -j ACCEPT`, unable("ACCEPT NON_ICC OUTGOING")),
    ...(establishedFirst ? [docker, established] : [established, docker]),
  ];
}

/** Two DROPs keep an internal network to itself. */
export function internalRules(bridge: FirewallBridge, chain: string): readonly FirewallRule[] {
  const { device, subnet } = bridge;
  return [
    top("filter", chain, `! -d ${subnet} -i ${device} -j DROP`, unable("DROP INCOMING")),
    top("filter", chain, `! -s ${subnet} -o ${device} -j DROP`, unable("DROP OUTGOING")),
    within(bridge),
  ];
}

/** DNAT, the filter's permission, and the hairpin MASQUERADE (used only without the userland proxy). */
export function classicPort(
  { bridge, protocol, hostAddress, hostPort, containerAddress, containerPort }: FirewallPort,
  { userlandProxy }: FirewallSettings,
): readonly FirewallRule[] {
  const { device } = bridge;
  const elsewhere = userlandProxy ? ` ! -i ${device}` : "";
  const to = `${containerAddress}:${containerPort}`;
  return [
    bottom(
      "nat",
      "DOCKER",
      `-p ${protocol} -d ${hostAddress} --dport ${hostPort} -j DNAT --to-destination ${to}${elsewhere}`,
    ),
    bottom(
      "filter",
      "DOCKER",
      `! -i ${device} -o ${device} -p ${protocol} -d ${containerAddress} --dport ${containerPort} -j ACCEPT`,
    ),
    bottom(
      "nat",
      "POSTROUTING",
      `-p ${protocol} -s ${containerAddress} -d ${containerAddress} --dport ${containerPort} -j MASQUERADE`,
    ),
  ];
}
