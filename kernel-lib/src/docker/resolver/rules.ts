/** The embedded DNS's address in every container's namespace. */
export const RESOLVER_ADDRESS = "127.0.0.11";
const OUTPUT = "DOCKER_OUTPUT";
const POSTROUTING = "DOCKER_POSTROUTING";

/** Where the resolver of one namespace listens. */
export interface ResolverPorts {
  readonly udp: number;
  readonly tcp: number;
}

/** Two questions that libnetwork asks first: whether iptables knows --wait (this loads the filter table), and whether the chains are there already. */
export const WAIT_CHECK: readonly string[] = ["iptables", "--wait", "-L", "-n"];
export const CHAIN_CHECK: readonly string[] = nat("-C", "OUTPUT", "-d", RESOLVER_ADDRESS, "-j", OUTPUT);

function nat(...words: string[]): readonly string[] {
  return ["iptables", "--wait", "-t", "nat", ...words];
}

/**
 * The commands that lead port 53 of the resolver's address to its ports and the answers back (libnetwork's setup-resolver). The first chain
 * is met by queries; the second never is, since conntrack translates the answers.
 */
export function resolverRules(ports: ResolverPorts, present: boolean): readonly (readonly string[])[] {
  const chain = (hook: string, name: string) =>
    present ? [nat("-F", name)] : [nat("-N", name), nat("-I", hook, "-d", RESOLVER_ADDRESS, "-j", name)];
  const pair = (protocol: "udp" | "tcp", port: number) => {
    const of = [RESOLVER_ADDRESS, "-p", protocol];
    const inwards = ["-d", ...of, "--dport", "53", "-j", "DNAT", "--to-destination"];
    return [
      nat("-I", OUTPUT, ...inwards, `${RESOLVER_ADDRESS}:${port}`),
      nat("-I", POSTROUTING, "-s", ...of, "--sport", String(port), "-j", "SNAT", "--to-source", ":53"),
    ];
  };
  return [
    ...chain("OUTPUT", OUTPUT),
    ...chain("POSTROUTING", POSTROUTING),
    ...pair("udp", ports.udp),
    ...pair("tcp", ports.tcp),
  ];
}
