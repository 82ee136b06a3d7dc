/** Words of the filter language (scanner.l of libpcap 1.10.3) and the token each stands for. */
const WORDS: readonly (readonly [token: string, words: string])[] = [
  ["dst", "dst"],
  ["src", "src"],
  ["link", "link ether ppp slip fddi tr wlan"],
  ["arp", "arp"],
  ["rarp", "rarp"],
  ["ip", "ip"],
  ["sctp", "sctp"],
  ["tcp", "tcp"],
  ["udp", "udp"],
  ["icmp", "icmp"],
  ["igmp", "igmp"],
  ["igrp", "igrp"],
  ["pim", "pim"],
  ["vrrp", "vrrp"],
  ["carp", "carp"],
  ["ip6", "ip6"],
  ["icmp6", "icmp6"],
  ["ah", "ah"],
  ["esp", "esp"],
  ["radio", "radio"],
  ["host", "host"],
  ["net", "net"],
  ["mask", "mask"],
  ["port", "port"],
  ["portrange", "portrange"],
  ["proto", "proto"],
  ["gateway", "gateway"],
  ["less", "less"],
  ["greater", "greater"],
  ["byte", "byte"],
  ["broadcast", "broadcast"],
  ["multicast", "multicast"],
  ["and", "and &&"],
  ["or", "or ||"],
  ["!", "not !"],
  ["len", "len length"],
  ["inbound", "inbound"],
  ["outbound", "outbound"],
  ["ifindex", "ifindex"],
];

/** Words that libpcap has and this compiler refuses by name. */
const REFUSED =
  "atalk aarp decnet lat sca moprc mopdl iso esis es-is isis is-is l1 l2 iih lsp snp csnp psnp clnp stp ipx netbeui " +
  "protochain type subtype direction dir address1 addr1 address2 addr2 address3 addr3 address4 addr4 ra ta vlan mpls " +
  "pppoed pppoes geneve lane llc metac bcc oam oamf4 oamf4ec oamf4sc sc ilmic vpi vci connectmsg metaconnect on ifname " +
  "rset ruleset rnr rulenum srnr subrulenum reason action fisu lssu lsu msu hfisu hlssu hmsu sio opc dpc sls hsio hopc hdpc hsls";

/** Token of a word, `refused` for a word that is not supported here; absent for a name. */
export const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ...WORDS.flatMap(([token, words]) => words.split(" ").map((word): [string, string] => [word, token])),
  ...REFUSED.split(" ").map((word): [string, string] => [word, "refused"]),
]);

/** Names for numbers: offsets of fields, ICMP types, TCP flags. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    icmptype: 0, icmpcode: 1, "icmp-echoreply": 0, "icmp-unreach": 3, "icmp-sourcequench": 4, "icmp-redirect": 5,
    "icmp-echo": 8, "icmp-routeradvert": 9, "icmp-routersolicit": 10, "icmp-timxceed": 11, "icmp-paramprob": 12,
    "icmp-tstamp": 13, "icmp-tstampreply": 14, "icmp-ireq": 15, "icmp-ireqreply": 16, "icmp-maskreq": 17, "icmp-maskreply": 18,
    icmp6type: 0, icmp6code: 1, "icmp6-destinationunreach": 1, "icmp6-packettoobig": 2, "icmp6-timeexceeded": 3,
    "icmp6-parameterproblem": 4, "icmp6-echo": 128, "icmp6-echoreply": 129, "icmp6-multicastlistenerquery": 130,
    "icmp6-multicastlistenerreportv1": 131, "icmp6-multicastlistenerdone": 132, "icmp6-routersolicit": 133,
    "icmp6-routeradvert": 134, "icmp6-neighborsolicit": 135, "icmp6-neighboradvert": 136, "icmp6-redirect": 137,
    "icmp6-routerrenum": 138, "icmp6-nodeinformationquery": 139, "icmp6-nodeinformationresponse": 140,
    "icmp6-ineighbordiscoverysolicit": 141, "icmp6-ineighbordiscoveryadvert": 142, "icmp6-multicastlistenerreportv2": 143,
    "icmp6-homeagentdiscoveryrequest": 144, "icmp6-homeagentdiscoveryreply": 145, "icmp6-mobileprefixsolicit": 146,
    "icmp6-mobileprefixadvert": 147, "icmp6-certpathsolicit": 148, "icmp6-certpathadvert": 149,
    "icmp6-multicastrouteradvert": 151, "icmp6-multicastroutersolicit": 152, "icmp6-multicastrouterterm": 153,
    tcpflags: 13, "tcp-fin": 1, "tcp-syn": 2, "tcp-rst": 4, "tcp-push": 8, "tcp-ack": 16, "tcp-urg": 32, "tcp-ece": 64, "tcp-cwr": 128,
  }),
);
