import type { HookName } from "../../kernel-lib/src/netfilter/hook.js";
import type { TableName } from "../../kernel-lib/src/netfilter/tables.js";
import type { Chooser } from "./chooser.js";
import { CLIENT_PORTS, NETWORKS, TCP_SERVERS, UDP_SERVERS } from "./vocabulary.js";

export type Protocol = "tcp" | "udp" | "icmp";

/** Where a rule stands, and what it knows of its packets. */
export interface Place {
  readonly table: TableName;
  readonly hooks: readonly HookName[];
  readonly builtIn: boolean;
  readonly protocol: Protocol | null;
}

interface MatchMaker {
  readonly weight: number;
  /** Whether it may stand there; everywhere when absent. */
  readonly fits?: (place: Place) => boolean;
  readonly make: (choose: Chooser, place: Place) => string;
}

const PORTS = [...TCP_SERVERS, ...UDP_SERVERS, ...CLIENT_PORTS, 8080, 6100];
/** None has its ends among the ports that NAT draws. */
const PORT_RANGES = ["1:1023", "1024:65535", "50:90", ":443", "5000:", "39999:40001", "6000:6003"];

const not = (choose: Chooser) => (choose.percent(20) ? "! " : "");

function portTerm(choose: Chooser): string {
  const side = choose.one("--dport", "--sport", "--dport");
  return `${not(choose)}${side} ${choose.percent(70) ? choose.one(...PORTS) : choose.one(...PORT_RANGES)}`;
}

function mark(choose: Chooser): string {
  return choose.one("0x1", "0x2", "0x3", "0x0/0x1", "0x1/0x1", "0x2/0xff", "0x0");
}

const STATES = [
  "NEW",
  "ESTABLISHED",
  "RELATED,ESTABLISHED",
  "INVALID",
  "UNTRACKED",
  "RELATED",
  "NEW,INVALID",
];

/** Without the mask that is no prefix: iptables 1.8.9 leaves such a one out when it prints --ctorigsrc and its like. */
const PLAIN_NETWORKS = NETWORKS.filter((network) => !network.includes("/255."));

/** Terms of `-m conntrack`; ctexpire only far from a step of the clock, and not for new entries, whose time the kernel has not set. */
function conntrackTerm(choose: Chooser, { protocol }: Place): string {
  const network = choose.one(...PLAIN_NETWORKS);
  const port = choose.percent(60) ? choose.one(...PORTS) : choose.one(...PORT_RANGES);
  const hasPorts = protocol === "tcp" || protocol === "udp";
  const term = choose.weighted([
    [10, `--ctstate ${choose.one(...STATES, "DNAT", "SNAT", "SNAT,DNAT", "DNAT,NEW")}`],
    [2, `--ctproto ${choose.one("tcp", "udp", "icmp", "89")}`],
    [3, `--${choose.one("ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst")} ${network}`],
    [
      hasPorts ? 3 : 0,
      `--${choose.one("ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport")} ${port}`,
    ],
    [3, `--ctstatus ${choose.one("NONE", "EXPECTED", "SEEN_REPLY", "CONFIRMED", "SEEN_REPLY,CONFIRMED")}`],
    [2, `--ctdir ${choose.one("ORIGINAL", "REPLY")}`],
  ]);
  const negation = term.startsWith("--ctdir") ? "" : not(choose);
  return `${negation}${term}`;
}

/** One maker for each match that iptables has here; those left out are named with the reason in {@link MATCHES_LEFT_OUT}. */
export const MATCH_MAKERS: Readonly<Record<string, MatchMaker>> = {
  tcp: {
    weight: 14,
    fits: ({ protocol }) => protocol === "tcp",
    make: (choose) =>
      `-m tcp ${choose.weighted([
        [6, portTerm(choose)],
        [2, `${not(choose)}--syn`],
        [
          2,
          `${not(choose)}--tcp-flags ${choose.one("SYN,RST,ACK SYN", "ALL NONE", "FIN,ACK FIN,ACK", "RST RST", "SYN,ACK ACK", "ALL SYN,ACK", "FIN,SYN,RST,PSH,ACK,URG FIN,PSH,URG")}`,
        ],
        [1, `${not(choose)}--tcp-option ${choose.one(2, 3, 4, 8)}`],
      ])}`,
  },
  udp: {
    weight: 14,
    fits: ({ protocol }) => protocol === "udp",
    make: (choose) => `-m udp ${portTerm(choose)}`,
  },
  icmp: {
    weight: 14,
    fits: ({ protocol }) => protocol === "icmp",
    make: (choose) =>
      `-m icmp ${not(choose)}--icmp-type ${choose.one("8", "0", "3", "3/3", "3/1", "11", "any", "8/0", "13", "5/1")}`,
  },
  addrtype: {
    weight: 5,
    make(choose, { hooks }) {
      const type = choose.one(
        "LOCAL",
        "UNICAST",
        "BROADCAST",
        "MULTICAST",
        "LOCAL,BROADCAST",
        "ANYCAST",
        "UNSPEC",
        "UNREACHABLE",
      );
      const limits = [""];
      if (!hooks.includes("OUTPUT") && !hooks.includes("POSTROUTING")) limits.push(" --limit-iface-in");
      if (!hooks.includes("INPUT") && !hooks.includes("PREROUTING")) limits.push(" --limit-iface-out");
      const limit = choose.percent(30) ? choose.one(...limits) : "";
      return `-m addrtype ${not(choose)}--${choose.one("src", "dst", "dst")}-type ${type}${limit}`;
    },
  },
  conntrack: { weight: 12, make: (choose, place) => `-m conntrack ${conntrackTerm(choose, place)}` },
  state: { weight: 3, make: (choose) => `-m state ${not(choose)}--state ${choose.one(...STATES)}` },
  mark: { weight: 5, make: (choose) => `-m mark ${not(choose)}--mark ${mark(choose)}` },
  connmark: { weight: 4, make: (choose) => `-m connmark ${not(choose)}--mark ${mark(choose)}` },
  comment: { weight: 1, make: () => "-m comment --comment counted" },
  multiport: {
    weight: 6,
    fits: ({ protocol }) => protocol === "tcp" || protocol === "udp",
    make(choose) {
      const list = choose.one(
        "22,80,443",
        "53,5353",
        "5000:6003",
        "40000,40001",
        "1:1023,8080",
        "80,5000,8080",
      );
      return `-m multiport ${not(choose)}--${choose.one("dports", "sports", "ports")} ${list}`;
    },
  },
  physdev: {
    weight: 4,
    make(choose, { hooks }) {
      const port = choose.one("veth1", "veth2", "veth+", "enX0");
      const terms = [
        `${not(choose)}--physdev-in ${port}`,
        `${not(choose)}--physdev-is-in`,
        `${not(choose)}--physdev-is-bridged`,
        `--physdev-is-bridged --physdev-out ${port}`,
      ];
      if (!hooks.includes("OUTPUT"))
        terms.push(`${not(choose)}--physdev-out ${port}`, `${not(choose)}--physdev-is-out`);
      return `-m physdev ${choose.one(...terms)}`;
    },
  },
  // Rates at which no token comes back while a case is played.
  limit: {
    weight: 2,
    make: (choose) =>
      `-m limit --limit ${choose.one("1/hour", "2/hour", "1/day", "4/day", "1/min")} --limit-burst ${choose.number(1, 6)}`,
  },
  iprange: {
    weight: 3,
    make: (choose) =>
      `-m iprange ${not(choose)}--${choose.one("src", "dst")}-range ${choose.one("10.1.0.2-10.1.0.3", "172.17.0.2-172.17.0.3", "10.0.0.0-10.255.255.255", "198.51.100.7-203.0.113.9", "172.17.0.2")}`,
  },
  mac: {
    weight: 3,
    fits: ({ hooks }) => !hooks.includes("OUTPUT") && !hooks.includes("POSTROUTING"),
    make: (choose) =>
      `-m mac ${not(choose)}--mac-source ${choose.one("02:42:ac:11:00:02", "02:00:0a:01:00:02", "02:00:0a:02:00:03")}`,
  },
  pkttype: {
    weight: 2,
    make: (choose) =>
      `-m pkttype ${not(choose)}--pkt-type ${choose.one("unicast", "broadcast", "multicast")}`,
  },
  length: {
    weight: 3,
    make: (choose) =>
      `-m length ${not(choose)}--length ${choose.one("28", "0:59", "60:", "40:52", "1:100", "36")}`,
  },
  ttl: {
    weight: 3,
    make: (choose) =>
      `-m ttl ${choose.one("--ttl-eq 64", "! --ttl-eq 63", "--ttl-lt 64", "--ttl-gt 63", "--ttl-eq 1", "--ttl-gt 200")}`,
  },
  statistic: {
    weight: 2,
    make(choose) {
      const every = choose.number(1, 4);
      return `-m statistic --mode nth ${choose.percent(15) ? "! " : ""}--every ${every} --packet ${choose.number(0, every - 1)}`;
    },
  },
};

/** Matches that no rule here has, and why. */
export const MATCHES_LEFT_OUT: Readonly<Record<string, string>> = {
  sctp: "the kernel tracks SCTP's own states, we follow addresses only",
  ipvs: "matches nothing without a virtual service",
};

export function matchTerm(choose: Chooser, place: Place): string {
  const makers = Object.values(MATCH_MAKERS).filter(({ fits }) => fits === undefined || fits(place));
  return choose
    .weighted(makers.map((maker): [number, MatchMaker] => [maker.weight, maker]))
    .make(choose, place);
}
