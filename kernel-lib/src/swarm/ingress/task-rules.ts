import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import type { FirewallCommand } from "../../docker/firewall/firewall.js";
import type { BalancingLayout } from "../balancing/layout.js";
import type { IngressPortConfig } from "../balancing/port.js";

function iptables(...words: readonly string[]): FirewallCommand {
  return { argv: ["iptables", "--wait", ...words], mayFail: true };
}

/**
 * What a task's namespace gets for its address on the ingress network (libnetwork's redirector): the published port leads to the port that the program
 * listens on, and nothing else goes in or out there. Empty for a task without published ports.
 */
export function taskRules(
  { refused }: BalancingLayout,
  address: Ipv4,
  ports: readonly IngressPortConfig[],
): readonly FirewallCommand[] {
  const own = formatIpv4(address);
  const open = ports.flatMap(({ protocol, publishedPort, targetPort }) => {
    const to = [
      "-p",
      protocol,
      "--dport",
      String(publishedPort),
      "-j",
      "REDIRECT",
      "--to-port",
      String(targetPort),
    ];
    const known = (states: string) => ["-m", "conntrack", "--ctstate", states, "-j", "ACCEPT"];
    return [
      iptables("-t", "nat", "-A", "PREROUTING", "-d", own, ...to),
      iptables(
        "-I",
        "INPUT",
        "-d",
        own,
        "-p",
        protocol,
        "--dport",
        String(targetPort),
        ...known("NEW,ESTABLISHED"),
      ),
      iptables(
        "-I",
        "OUTPUT",
        "-s",
        own,
        "-p",
        protocol,
        "--sport",
        String(targetPort),
        ...known("ESTABLISHED"),
      ),
    ];
  });
  if (open.length === 0) return [];
  const shut = refused.flatMap((protocol) => [
    iptables("-A", "INPUT", "-d", own, "-p", protocol, "-j", "DROP"),
    iptables("-A", "OUTPUT", "-s", own, "-p", protocol, "-j", "DROP"),
  ]);
  return [...open, ...shut];
}
