import {
  bottom,
  type FirewallBridge,
  type FirewallPort,
  type FirewallRule,
  type FirewallSettings,
  top,
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

/** MASQUERADE on the way out. A bridge's own containers meet docker-proxy; without it, what the machine sends to 127.0.0.1 gets an address that the container can answer. */
export function natRules(
  { device, subnet, masquerade }: FirewallBridge,
  { userlandProxy }: FirewallSettings,
): readonly FirewallRule[] {
  return [
    ...(masquerade ? [top("nat", "POSTROUTING", `-s ${subnet} ! -o ${device} -j MASQUERADE`)] : []),
    ...(masquerade && userlandProxy ? [top("nat", "DOCKER", `-i ${device} -j RETURN`)] : []),
    ...(userlandProxy
      ? []
      : [top("nat", "POSTROUTING", `-m addrtype --src-type LOCAL -o ${device} -j MASQUERADE`)]),
  ];
}

/** Each goes to the top of FORWARD, so the last one issued is the first in the listing. */
export function forwardRules(
  { device, icc }: FirewallBridge,
  establishedFirst: boolean,
): readonly FirewallRule[] {
  const established = top(
    "filter",
    "FORWARD",
    `-o ${device} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
  );
  const docker = top("filter", "FORWARD", `-o ${device} -j DOCKER`);
  const within = icc
    ? top("filter", "FORWARD", `-i ${device} -o ${device} -j ACCEPT`)
    : bottom("filter", "FORWARD", `-i ${device} -o ${device} -j DROP`);
  return [
    within,
    top("filter", "FORWARD", `-i ${device} ! -o ${device} -j ACCEPT`),
    ...(establishedFirst ? [docker, established] : [established, docker]),
  ];
}

/** Two DROPs keep an internal network to itself. */
export function internalRules(
  { device, subnet, icc }: FirewallBridge,
  chain: string,
): readonly FirewallRule[] {
  return [
    top("filter", chain, `! -s ${subnet} -o ${device} -j DROP`),
    top("filter", chain, `! -d ${subnet} -i ${device} -j DROP`),
    icc
      ? top("filter", "FORWARD", `-i ${device} -o ${device} -j ACCEPT`)
      : bottom("filter", "FORWARD", `-i ${device} -o ${device} -j DROP`),
  ];
}

/** DNAT, the filter's permission, and the hairpin MASQUERADE (used only without the userland proxy). */
export function classicPort(
  { device, protocol, hostAddress, hostPort, containerAddress, containerPort }: FirewallPort,
  { userlandProxy }: FirewallSettings,
): readonly FirewallRule[] {
  const to = `${containerAddress}:${containerPort}`;
  const elsewhere = userlandProxy ? ` ! -i ${device}` : "";
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
