import { bridge, byHand, container, LAN2, ROUTED, ROUTED_UNDERLAY, tunnel, underlay } from "../plans.js";
import type { Scene } from "../scene.js";
import { vxlanFrame } from "./frames.js";

const PING = "ping -n -c1 -W0.4";
const WORDS = "id 10 dstport 4789 dev enX0";

/** Two hosts whose bridges are their containers' gateways: 172.18.0.1 on a, 172.19.0.1 on b, no tunnel. */
const GATEWAYS = [
  ...underlay(2),
  "a: sysctl -qw net.ipv4.ip_forward=1",
  "b: sysctl -qw net.ipv4.ip_forward=1",
  ...bridge("a", { address: "172.18.0.1/16" }),
  ...container("a", "c1", "172.18.0.11", { gateway: "172.18.0.1" }),
  ...bridge("b", { address: "172.19.0.1/16" }),
  ...container("b", "c2", "172.19.0.22", { gateway: "172.19.0.1" }),
];

/** What the envelope says, and what goes through it. */
export const TRAFFIC_SCENES: readonly Scene[] = [
  {
    name: "TTL and TOS of the envelope, as given",
    plan: LAN2,
    setup: byHand(`${WORDS} ttl 7 tos 0x20`),
    steps: [`a/c1: ${PING} -t 33 -Q 0x10 172.18.0.22`],
  },
  {
    name: "TTL and TOS of the envelope, as those inside",
    plan: LAN2,
    setup: byHand(`${WORDS} ttl inherit tos inherit`),
    steps: [`a/c1: ${PING} -t 33 -Q 0x10 172.18.0.22`, `b/c2: ${PING} -Q 0x03 172.18.0.11`],
  },
  {
    name: "congestion marks in a plain envelope",
    plan: LAN2,
    setup: byHand(),
    steps: [
      `a/c1: ${PING} -Q 0x01 172.18.0.22`,
      `a/c1: ${PING} -Q 0x03 172.18.0.22`,
      `a/c1: ${PING} -Q 0xb9 172.18.0.22`,
    ],
  },
  {
    name: "envelopes that have met congestion, and broken ones",
    plan: LAN2,
    setup: [...byHand(), "a: ip neigh add 192.168.56.102 lladdr 02:00:00:00:00:02 dev enX0"],
    steps: [
      ...[
        { tos: 3, inner: { tos: 2 } },
        { tos: 3, inner: { tos: 0 } },
        { tos: 1, inner: { tos: 0 } },
        { tos: 0, inner: { tos: 3 } },
        { tos: 2, inner: { tos: 1 } },
        { vni: 11 },
        { flags: 0 },
        { port: 4790 },
        { cutTo: 20 },
        { innerFrom: "02:56:00:00:00:02" },
      ].map((envelope) => `a: frame enX0 ${vxlanFrame(envelope)}`),
    ],
  },
  {
    name: "envelopes with bits that nobody asked for",
    plan: LAN2,
    setup: [...byHand(), "a: ip neigh add 192.168.56.102 lladdr 02:00:00:00:00:02 dev enX0"],
    steps: [{ flags: 0x0c }, { reserved: 1 }].map((envelope) => `a: frame enX0 ${vxlanFrame(envelope)}`),
    except: {
      lines: /^b ip -s link show: vxlan0 .* rx\.errors=|^b ip -s link show: vxlan0 .* state UNKNOWN $/,
      reason: "Linux counts them as errors of the device since 6.14; the lab is like 6.1, which does not",
    },
  },
  {
    name: "envelopes without checksums",
    plan: LAN2,
    setup: byHand(`${WORDS} noudpcsum`),
    steps: [`a/c1: ${PING} 172.18.0.22`, `b/c2: ${PING} -s 700 172.18.0.11`],
  },
  {
    name: "checksums on one side only",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...bridge("a"),
      ...container("a", "c1", "172.18.0.11"),
      ...tunnel("a", `${WORDS} remote 192.168.56.102 udpcsum`),
      ...bridge("b"),
      ...container("b", "c2", "172.18.0.22"),
      ...tunnel("b", `${WORDS} remote 192.168.56.101 noudpcsum`),
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`],
  },
  {
    name: "source ports from a range",
    plan: LAN2,
    setup: byHand(`${WORDS} srcport 20000 20010`),
    steps: [`a/c1: ${PING} 172.18.0.22`],
  },
  {
    name: "a short TCP connection",
    plan: LAN2,
    unordered:
      "which of two frames that cross on the way is seen first follows from times, and those of the lab are modelled",
    setup: [...byHand(), ...["a/c1", "b/c2"].map((place) => `${place}: ip link set eth0 mtu 1450`)],
    steps: [
      "b: ip netns exec c2 nc -l -n -p 5000 > /tmp/got 2>&1 < /dev/null & sleep 0.3",
      "a: echo hello from a container | ip netns exec c1 nc -n -N -w 2 -p 40000 172.18.0.22 5000",
      "b: sleep 0.2; cat /tmp/got",
      "a/c1: nc -n -z -v -w 1 -p 40001 172.18.0.22 5001",
    ],
  },
  {
    name: "datagrams both ways",
    plan: LAN2,
    setup: byHand(),
    steps: [
      "b: echo pong > /tmp/answer; ip netns exec c2 nc -u -l -n -p 5000 -w 1 < /tmp/answer > /tmp/got 2>&1 & sleep 0.2",
      "a: echo ping | ip netns exec c1 nc -u -n -w 1 -p 40000 172.18.0.22 5000",
      "b: sleep 0.5; cat /tmp/got",
      "a: echo nobody | ip netns exec c1 nc -u -n -w 1 -p 40001 172.18.0.22 5001",
    ],
  },
  {
    name: "rules on bridged frames, with connections",
    plan: LAN2,
    setup: [
      ...byHand(),
      "b: iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "b: iptables -A FORWARD -s 172.18.0.22 -j ACCEPT",
      "b: iptables -P FORWARD DROP",
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, `b/c2: ${PING} 172.18.0.11`, `a/c1: ${PING} 172.18.0.22`],
    listings: ["fdb", "neigh", "link", "rules", "connections"],
  },
  {
    name: "the port shut by a rule, on the way in and on the way out",
    plan: LAN2,
    setup: byHand(),
    steps: [
      "b: iptables -A INPUT -p udp --dport 4789 -j DROP",
      `a/c1: ${PING} 172.18.0.22`,
      "b: iptables -F INPUT",
      `a/c1: ${PING} 172.18.0.22`,
      "a: iptables -A OUTPUT -p udp --dport 4789 -j DROP",
      `a/c1: ${PING} 172.18.0.22`,
      "a: iptables -R OUTPUT 1 -p udp --dport 4789 -j REJECT",
      `a/c1: ${PING} 172.18.0.22`,
    ],
    listings: ["link", "neigh", "rules"],
  },
  {
    name: "without a tunnel, behind both hosts' own addresses",
    plan: LAN2,
    setup: [
      ...GATEWAYS,
      "a: iptables -t nat -A POSTROUTING -s 172.18.0.0/16 ! -o br0 -j MASQUERADE",
      "b: iptables -t nat -A PREROUTING -p udp --dport 5000 -j DNAT --to-destination 172.19.0.22:5000",
    ],
    steps: [
      `a/c1: ${PING} 192.168.56.102`,
      "b: ip netns exec c2 nc -u -l -n -p 5000 -w 1 > /tmp/got 2>&1 < /dev/null & sleep 0.2",
      "a: echo through | ip netns exec c1 nc -u -n -w 1 -p 40000 192.168.56.102 5000",
      "b: sleep 0.5; cat /tmp/got",
    ],
    listings: ["fdb", "neigh", "link", "rules", "connections"],
  },
  {
    name: "a tunnel between two networks of containers, with routes",
    plan: LAN2,
    setup: [
      ...GATEWAYS,
      ...tunnel("a", `${WORDS} remote 192.168.56.102`, { bridge: null }),
      ...tunnel("b", `${WORDS} remote 192.168.56.101`, { bridge: null }),
      "a: ip addr add 172.100.0.1/16 brd + dev vxlan0",
      "b: ip addr add 172.100.0.2/16 brd + dev vxlan0",
      "a: ip route add 172.19.0.0/16 via 172.100.0.2",
      "b: ip route add 172.18.0.0/16 via 172.100.0.1",
      "a: iptables -t nat -A POSTROUTING -s 172.18.0.0/16 -o vxlan0 -j MASQUERADE",
    ],
    steps: [
      `a/c1: ${PING} 172.19.0.22`,
      `b/c2: ${PING} 172.18.0.11`,
      `a/c1: ${PING} -M do -s 1423 172.19.0.22`,
      `a/c1: ${PING} -M do -s 1423 172.19.0.22`,
      `b/c2: ${PING} -M dont -s 1472 172.18.0.11`,
    ],
    listings: ["fdb", "neigh", "link", "rules", "connections"],
  },
  {
    name: "a remote that nobody can reach",
    plan: ROUTED,
    setup: [
      ...ROUTED_UNDERLAY,
      ...bridge("a"),
      ...container("a", "c1", "172.18.0.11"),
      ...tunnel("a", "id 10 dstport 4789 remote 10.2.0.99"),
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "a: ip route del default",
      `a/c1: ${PING} 172.18.0.22`,
      "a: ip route add unreachable 10.2.0.0/16",
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "a neighbour on the underlay that does not answer",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...bridge("a"),
      ...container("a", "c1", "172.18.0.11"),
      ...tunnel("a", `${WORDS} remote 192.168.56.199`),
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, "a: sleep 0.5", `a/c1: ${PING} 172.18.0.22`, "a: sleep 0.5"],
  },
  {
    name: "what the tools say to wrong input",
    plan: LAN2,
    setup: byHand(),
    steps: [
      "a: ip link add v1 type vxlan id 0 dstport 4789",
      "a: ip link add v2 type vxlan id 16777216 dstport 4789",
      "a: ip link add v3 type vxlan id 10 dstport 4789",
      "a: ip link add v4 type vxlan id 10 dstport 4789 dev enX0 remote 192.168.56.102",
      "a: ip link add v5 type vxlan id 12 dstport 4789 remote 192.168.56.102 group 239.1.1.1",
      "a: ip link add v6 type vxlan id 12 dstport 4789 group 239.1.1.1",
      "a: ip link add v7 type vxlan dstport 4789",
      "a: ip link add v8 type vxlan id 12 dstport 4789 dev none0",
      "a: ip link set vxlan0 master br0",
      "a: brctl addif br0 vxlan0",
      "a: brctl delbr br0",
      "a: ip link set br0 master br0",
      "a: ip link set vxlan0 mtu 70000",
      "a: ip link set vxlan0 type vxlan id 11",
      "a: bridge fdb add 02:42:ac:12:00:16 dev vxlan0 dst 300.1.1.1",
      "a: bridge fdb add 02:42:ac:12:00:16 dev vxlan0",
      "a: ip link del vxlan0",
      "a: ip link del br0",
    ],
  },
];
