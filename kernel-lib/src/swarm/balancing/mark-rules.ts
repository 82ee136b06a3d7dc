import { formatCidr, formatIpv4, type InterfaceAddress, type Ipv4, networkOf } from "../../base/addresses.js";
import type { FirewallCommand } from "../../docker/firewall/firewall.js";
import type { BalancingLayout } from "./layout.js";
import type { IngressPortConfig } from "./port.js";

/** What a namespace is told of one service that it balances. */
export interface BalancedService {
  readonly mark: number;
  readonly address: Ipv4;
  /** Empty but on the ingress network. */
  readonly ports: readonly IngressPortConfig[];
}

function iptables(table: string, ...words: readonly string[]): readonly string[] {
  return ["iptables", "--wait", "-t", table, ...words];
}

/** Published ports and the virtual address have the service's mark, by which IPVS knows it. */
function marks(
  { marksIn, redirectsPing }: BalancingLayout,
  { mark, address, ports }: BalancedService,
): { readonly byPort: readonly Rule[]; readonly byAddress: readonly Rule[] } {
  const set = `-j MARK --set-mark ${mark}`;
  const vip = formatIpv4(address);
  return {
    byPort: ports.map(({ protocol, publishedPort }) => [
      "mangle",
      "PREROUTING",
      `-p ${protocol} --dport ${publishedPort} ${set}`,
    ]),
    byAddress: [
      ["mangle", marksIn, `-d ${vip}/32 ${set}`],
      ...(redirectsPing
        ? [
            [
              "nat",
              "OUTPUT",
              `-p icmp --icmp-type echo-request -d ${vip} -j DNAT --to-destination 127.0.0.1`,
            ] as const,
          ]
        : []),
    ],
  };
}

type Rule = readonly [table: string, chain: string, words: string];

function change(what: "-A" | "-D", [table, chain, words]: Rule): FirewallCommand {
  return { argv: iptables(table, what, chain, ...words.split(" ")), mayFail: true };
}

/**
 * The rules by which a namespace balances one service (libnetwork's fwmarker). What IPVS sends on gets the namespace's own address in the network, so
 * that answers come back through it; for that the kernel has to track balanced connections. `own`: that address.
 */
export function addMarks(
  layout: BalancingLayout,
  service: BalancedService,
  own: InterfaceAddress,
): readonly FirewallCommand[] {
  const { byPort, byAddress } = marks(layout, service);
  const subnet = formatCidr(networkOf(own));
  const source = `-m ipvs --ipvs -d ${subnet} -j SNAT --to-source ${formatIpv4(own.address)}`.split(" ");
  const present = iptables("nat", "-C", "POSTROUTING", ...source);
  return [
    { argv: ["sysctl", "-w", "net.ipv4.vs.conntrack=1"], mayFail: true, unless: present },
    ...byPort.map((rule) => change("-A", rule)),
    { argv: iptables("nat", "-A", "POSTROUTING", ...source), mayFail: true, unless: present },
    ...byAddress.map((rule) => change("-A", rule)),
  ];
}

/** Takes them back. The rule for the source address and the tracking stay. */
export function removeMarks(layout: BalancingLayout, service: BalancedService): readonly FirewallCommand[] {
  const { byPort, byAddress } = marks(layout, service);
  return [...byPort, ...byAddress].map((rule) => change("-D", rule));
}
