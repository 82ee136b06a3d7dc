import { bottom, type FirewallRule, top } from "./layout.js";

export const INGRESS_CHAIN = "DOCKER-INGRESS";

/** What differs between releases in the rules that lead a published port of a service to the machine's ingress sandbox. */
export interface IngressLayout {
  /** The chain of the filter table that jumps to DOCKER-INGRESS: FORWARD, from 28 on DOCKER-FORWARD. */
  readonly jumpsFrom: "FORWARD" | "DOCKER-FORWARD";
  /** How answers of open connections are known: by the match `state`, from 28 on by `conntrack`. */
  readonly answers: "state" | "conntrack";
}

export const INGRESS_CLASSIC: IngressLayout = { jumpsFrom: "FORWARD", answers: "state" };
export const INGRESS_28: IngressLayout = { jumpsFrom: "DOCKER-FORWARD", answers: "conntrack" };

/** A published port of a service on each machine of a swarm. */
export interface IngressPort {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
  /** The ingress sandbox's address on docker_gwbridge. */
  readonly gateway: string;
}

/** What the chain is made of before it has a port, in both tables. */
export const INGRESS_RETURNS: readonly FirewallRule[] = [
  bottom("nat", INGRESS_CHAIN, "-j RETURN"),
  bottom("filter", INGRESS_CHAIN, "-j RETURN"),
];

/** What is for this machine goes through the chain before it goes through DOCKER. */
export const INGRESS_NAT_JUMPS: readonly FirewallRule[] = ["OUTPUT", "PREROUTING"].map((chain) =>
  top("nat", chain, `-m addrtype --dst-type LOCAL -j ${INGRESS_CHAIN}`),
);

export function ingressFilterJump({ jumpsFrom }: IngressLayout): FirewallRule {
  return top("filter", jumpsFrom, `-j ${INGRESS_CHAIN}`);
}

/** What the machine itself sends through the chain, from 127.0.0.1 say, gets the address of `device`, so that the answer comes back. */
export function ingressMasquerade(device: string): FirewallRule {
  return top("nat", "POSTROUTING", `-m addrtype --src-type LOCAL -o ${device} -j MASQUERADE`);
}

/** One port's three rules, each on top of its chain: the newest port is the first (libnetwork's programIngress). */
export function ingressPort(
  { answers }: IngressLayout,
  { protocol, port, gateway }: IngressPort,
): readonly FirewallRule[] {
  const known =
    answers === "state"
      ? `-m state -p ${protocol} --sport ${port} --state ESTABLISHED,RELATED -j ACCEPT`
      : `-p ${protocol} --sport ${port} -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`;
  return [
    top("nat", INGRESS_CHAIN, `-p ${protocol} --dport ${port} -j DNAT --to-destination ${gateway}:${port}`),
    top("filter", INGRESS_CHAIN, known),
    top("filter", INGRESS_CHAIN, `-p ${protocol} --dport ${port} -j ACCEPT`),
  ];
}
