import { bridge, byHand, container, LAN2, ROUTED, ROUTED_UNDERLAY, tunnel } from "../plans.js";
import type { Scene } from "../scene.js";

const PING = "ping -n -c1 -W0.3";

/** `ping -s SIZE` makes an IP packet of SIZE + 28 bytes; 1422 fills a tunnel over an Ethernet of 1500 bytes. */
function sizes(from: string, to: string, mode: string, bytes: readonly number[]): readonly string[] {
  return bytes.map((size) => `${from}: ${PING} -M ${mode} -s ${size} ${to}`);
}

/** Two hosts on networks of their own, their tunnel through the router. */
function routed(words: string, first: readonly string[] = []): readonly string[] {
  return [
    ...ROUTED_UNDERLAY,
    ...first,
    ...bridge("a"),
    ...container("a", "c1", "172.18.0.11"),
    ...tunnel("a", `${words} remote 10.2.0.2`),
    ...bridge("b"),
    ...container("b", "c2", "172.18.0.22"),
    ...tunnel("b", `${words} remote 10.1.0.2`),
  ];
}

const EDGE = [1422, 1423, 1450, 1472, 1473];
const WORDS = "id 10 dstport 4789 dev enX0";
const BOTH = ["a", "b"] as const;
const NO_CALLS = BOTH.map((on) => `${on}: sysctl -qw net.bridge.bridge-nf-call-iptables=0`);

/** What fits, what is cut, what is lost, and who is told. */
export const MTU_SCENES: readonly Scene[] = [
  {
    name: "around the edge, not to be cut",
    plan: LAN2,
    setup: byHand(),
    steps: sizes("a/c1", "172.18.0.22", "do", EDGE),
  },
  {
    name: "around the edge, may be cut",
    plan: LAN2,
    setup: byHand(),
    steps: [
      ...sizes("a/c1", "172.18.0.22", "dont", EDGE),
      ...sizes("b/c2", "172.18.0.11", "want", [1423, 3000]),
    ],
  },
  {
    name: "around the edge, bridged frames not shown to iptables",
    plan: LAN2,
    setup: [...byHand(), ...NO_CALLS],
    steps: [...sizes("a/c1", "172.18.0.22", "dont", [1422, 1423, 1473])],
  },
  {
    name: "containers with the tunnel's MTU",
    plan: LAN2,
    setup: [...byHand(), "a/c1: ip link set eth0 mtu 1450", "b/c2: ip link set eth0 mtu 1450"],
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", [1422, 1423]),
      ...sizes("a/c1", "172.18.0.22", "dont", [1423, 4000]),
    ],
  },
  {
    name: "a tunnel as wide as its underlay: the envelope is cut",
    plan: LAN2,
    setup: [
      ...byHand(),
      ...BOTH.flatMap((on) => [`${on}: ip link set vxlan0 mtu 1500`, `${on}: ip link set br0 mtu 1500`]),
    ],
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", EDGE),
      ...sizes("b/c2", "172.18.0.11", "dont", [1472, 2000]),
    ],
  },
  {
    name: "a tunnel as wide as its underlay, the envelope not to be cut",
    plan: LAN2,
    setup: [
      ...byHand(`${WORDS} df set`),
      ...BOTH.flatMap((on) => [`${on}: ip link set vxlan0 mtu 1500`, `${on}: ip link set br0 mtu 1500`]),
    ],
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", [1422, 1423, 1472]),
      ...sizes("b/c2", "172.18.0.11", "dont", [1423]),
    ],
  },
  {
    name: "an envelope that may be cut as its content may",
    plan: LAN2,
    setup: [
      ...byHand(`${WORDS} df inherit`),
      ...BOTH.flatMap((on) => [`${on}: ip link set vxlan0 mtu 1500`, `${on}: ip link set br0 mtu 1500`]),
    ],
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", [1422, 1423]),
      ...sizes("a/c1", "172.18.0.22", "dont", [1423, 1472]),
    ],
  },
  {
    name: "an underlay of 1400 bytes under a tunnel made before",
    plan: LAN2,
    setup: [...byHand(), ...BOTH.map((on) => `${on}: ip link set enX0 mtu 1400`)],
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", [1300, 1322, 1323, 1422]),
      ...sizes("a/c1", "172.18.0.22", "dont", [1422, 1423]),
    ],
  },
  {
    name: "an underlay of 9000 bytes",
    plan: LAN2,
    setup: [
      ...["sw: ip link set port1 mtu 9000", "sw: ip link set port2 mtu 9000"],
      ...BOTH.map((on) => `${on}: ip link set enX0 mtu 9000`),
      ...byHand(),
    ],
    steps: sizes("a/c1", "172.18.0.22", "do", [1422, 1472, 1473]),
  },
  {
    name: "through a router",
    plan: ROUTED,
    setup: routed(WORDS),
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      ...sizes("b/c2", "172.18.0.11", "do", [1422, 1423]),
      ...sizes("b/c2", "172.18.0.11", "dont", [1423]),
    ],
  },
  {
    name: "through a router with a narrow link, which cuts the envelope",
    plan: ROUTED,
    setup: routed(WORDS, ["r: ip link set eth1 mtu 1400", "b: ip link set enX0 mtu 1400"]),
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", [1300, 1323, 1422]),
      ...sizes("b/c2", "172.18.0.11", "do", [1422]),
    ],
  },
  {
    name: "through a router with a narrow link, the envelope not to be cut",
    plan: ROUTED,
    setup: routed(`${WORDS} df set`, ["r: ip link set eth1 mtu 1400", "b: ip link set enX0 mtu 1400"]),
    steps: [
      ...sizes("a/c1", "172.18.0.22", "do", [1300, 1422, 1422, 1300]),
      "a: ip route get 10.2.0.2 | sed 's/expires .*sec/expires T/'",
      ...sizes("a/c1", "172.18.0.22", "dont", [1422]),
    ],
  },
  {
    name: "a host's own packets into the tunnel through its bridge",
    plan: LAN2,
    setup: [
      ...byHand(),
      "a: ip addr add 172.18.0.1/16 brd + dev br0",
      "b: ip addr add 172.18.0.2/16 brd + dev br0",
    ],
    steps: [
      ...sizes("a", "172.18.0.22", "do", [1422, 1423]),
      ...sizes("a", "172.18.0.2", "want", [1423, 1473]),
      ...sizes("a", "172.18.0.22", "dont", [4000]),
    ],
  },
];
