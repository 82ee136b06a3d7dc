import { bridge, byHand, container, LAN2, LAN3, tunnel, underlay } from "../plans.js";
import type { Scene } from "../scene.js";

const PING = "ping -n -c1 -W0.4";

/** Hosts a, b, c with a container each: c1 172.18.0.11, c2 172.18.0.22, c3 172.18.0.33. */
function three(words: readonly [a: string, b: string, c: string]): readonly string[] {
  return [
    ...underlay(3),
    ...["a", "b", "c"].flatMap((on, i) => [
      ...bridge(on),
      ...container(on, `c${i + 1}`, `172.18.0.${11 * (i + 1)}`),
      ...tunnel(on, words[i]!),
    ]),
  ];
}

/** A device's two other hosts, both under the zero address. */
function flood(on: string, others: readonly number[]): readonly string[] {
  return others.map(
    (other) => `${on}: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.${other}`,
  );
}

const PLAIN = "id 10 dstport 4789 dev enX0";
const MESH = [
  ...three([PLAIN, PLAIN, PLAIN]),
  ...flood("a", [102, 103]),
  ...flood("b", [101, 103]),
  ...flood("c", [101, 102]),
];

/** Making tunnels, and who is reached by them. */
export const TUNNEL_SCENES: readonly Scene[] = [
  {
    name: "by hand with remote, both ways",
    plan: LAN2,
    setup: byHand(),
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "b/c2: ping -n -c3 -i0.05 172.18.0.11",
      `a/c1: ${PING} -s 1000 172.18.0.22`,
      `a/c1: ${PING} 172.18.0.99`,
    ],
  },
  {
    name: "by hand, bridged frames not shown to iptables",
    plan: LAN2,
    setup: [
      ...byHand(),
      "a: sysctl -qw net.bridge.bridge-nf-call-iptables=0",
      "b: sysctl -qw net.bridge.bridge-nf-call-iptables=0",
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, `b/c2: ${PING} -s 1400 172.18.0.11`],
  },
  {
    name: "the kernel's own port, no device below named",
    plan: LAN2,
    setup: byHand("id 42"),
    steps: [`a/c1: ${PING} 172.18.0.22`, `b/c2: ${PING} 172.18.0.11`],
  },
  {
    name: "three hosts, each frame for all goes to two remotes",
    plan: LAN3,
    setup: MESH,
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      `a/c1: ${PING} 172.18.0.33`,
      `b/c2: ${PING} 172.18.0.33`,
      `c/c3: ${PING} -b 172.18.255.255`,
      `b/c2: ${PING} 172.18.0.77`,
    ],
  },
  {
    name: "a third host that remote does not name, then does",
    plan: LAN3,
    setup: three([
      `${PLAIN} remote 192.168.56.102`,
      `${PLAIN} remote 192.168.56.101`,
      `${PLAIN} remote 192.168.56.101`,
    ]),
    steps: [
      `a/c1: ${PING} 172.18.0.33`,
      `c/c3: ${PING} 172.18.0.11`,
      `c/c3: ${PING} 172.18.0.22`,
      "a: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.103",
      "b: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.103",
      "c: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      `c/c3: ${PING} 172.18.0.22`,
      `b/c2: ${PING} 172.18.0.33`,
    ],
  },
  {
    name: "static entries and no learning",
    plan: LAN3,
    setup: three([`${PLAIN} nolearning`, `${PLAIN} nolearning`, `${PLAIN} nolearning`]),
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "a: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      `a/c1: ${PING} 172.18.0.22`,
      "b: bridge fdb add 02:42:ac:12:00:0b dev vxlan0 dst 192.168.56.101",
      `a/c1: ${PING} 172.18.0.22`,
      "a: bridge fdb add 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.102 static",
      "a: bridge fdb del 00:00:00:00:00:00 dev vxlan0",
      `a/c1: ${PING} 172.18.0.22`,
      `a/c1: ${PING} 172.18.0.33`,
    ],
  },
  {
    name: "a static entry that names the wrong host",
    plan: LAN3,
    setup: MESH,
    steps: [
      "a: bridge fdb add 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.103 static",
      `a/c1: ${PING} 172.18.0.22`,
      "a: bridge fdb del 02:42:ac:12:00:16 dev vxlan0",
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "what append, replace, add and del say and do",
    plan: LAN3,
    setup: MESH,
    steps: [
      "a: bridge fdb add 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.102",
      "a: bridge fdb add 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.103",
      "a: bridge fdb append 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.103",
      "a: bridge fdb replace 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.103",
      `a/c1: ${PING} 172.18.0.22`,
      "a: bridge fdb replace 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.102",
      `a/c1: ${PING} 172.18.0.22`,
      "a: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      "a: bridge fdb del 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      "a: bridge fdb del 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      "a: bridge fdb del 02:42:ac:12:00:77 dev vxlan0",
      "a: bridge fdb replace 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      `a/c1: ${PING} 172.18.0.33`,
    ],
  },
  {
    name: "an entry with its own port and VNI",
    plan: LAN2,
    setup: [
      ...byHand(),
      ...bridge("b", { name: "br1", mac: "02:42:00:00:01:02" }),
      ...tunnel("b", "id 20 dstport 8472 dev enX0", {
        name: "vxlan20",
        bridge: "br1",
        mac: "02:56:00:00:01:02",
      }),
      ...container("b", "c4", "172.18.0.44", { bridge: "br1" }),
    ],
    steps: [
      "a: bridge fdb add 02:42:ac:12:00:2c dev vxlan0 dst 192.168.56.102 port 8472 vni 20 via enX0",
      "a/c1: ip neigh add 172.18.0.44 lladdr 02:42:ac:12:00:2c dev eth0",
      `a/c1: ${PING} 172.18.0.44`,
      "b: bridge fdb add 02:42:ac:12:00:0b dev vxlan20 dst 192.168.56.101 port 4789 vni 10",
      "b/c4: ip neigh add 172.18.0.11 lladdr 02:42:ac:12:00:0b dev eth0",
      `a/c1: ${PING} 172.18.0.44`,
    ],
  },
  {
    name: "another VNI on each side",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...bridge("a"),
      ...container("a", "c1", "172.18.0.11"),
      ...tunnel("a", "id 10 dstport 4789 dev enX0 remote 192.168.56.102"),
      ...bridge("b"),
      ...container("b", "c2", "172.18.0.22"),
      ...tunnel("b", "id 11 dstport 4789 dev enX0 remote 192.168.56.101"),
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, `b/c2: ${PING} 172.18.0.11`],
  },
  {
    name: "another port on each side",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...bridge("a"),
      ...container("a", "c1", "172.18.0.11"),
      ...tunnel("a", "id 10 dstport 4789 dev enX0 remote 192.168.56.102"),
      ...bridge("b"),
      ...container("b", "c2", "172.18.0.22"),
      ...tunnel("b", "id 10 dstport 8472 dev enX0 remote 192.168.56.101"),
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, `b/c2: ${PING} 172.18.0.11`],
  },
  {
    name: "two VNIs on one host",
    plan: LAN2,
    setup: [
      ...byHand(),
      ...["a", "b"].flatMap((on, i) => [
        ...bridge(on, { name: "br1", mac: `02:42:00:00:01:0${i + 1}` }),
        ...container(on, `d${i + 1}`, `172.18.0.${11 * (i + 1)}`, {
          bridge: "br1",
          mac: `02:42:ac:13:00:0${i + 1}`,
        }).map((line) => line.replace(/address 02:00:ac:12/, "address 02:00:ac:13")),
        ...tunnel(on, `id 20 dstport 4789 dev enX0 remote 192.168.56.${102 - i}`, {
          name: "vxlan1",
          bridge: "br1",
          mac: `02:56:00:00:01:0${i + 1}`,
        }),
      ]),
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      `a/d1: ${PING} 172.18.0.22`,
      "b: ip link set vxlan1 down",
      `a/d1: ${PING} 172.18.0.22`,
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "devices without a bridge, with addresses of their own",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...tunnel("a", `${PLAIN} remote 192.168.56.102`, { bridge: null }),
      ...tunnel("b", `${PLAIN} remote 192.168.56.101`, { bridge: null }),
      "a: ip addr add 172.100.0.1/16 brd + dev vxlan0",
      "b: ip addr add 172.100.0.2/16 brd + dev vxlan0",
    ],
    steps: [
      `a: ${PING} 172.100.0.2`,
      `b: ${PING} -s 1422 172.100.0.1`,
      `b: ${PING} -s 1423 172.100.0.1`,
      `b: ${PING} -s 3000 172.100.0.1`,
      `a: ${PING} -M do -s 1423 172.100.0.2`,
      `a: ${PING} 172.100.0.3`,
      `a: ${PING} -b 172.100.255.255`,
    ],
  },
  {
    name: "a local address that is not the first",
    plan: LAN2,
    setup: [
      ...underlay(2),
      "a: ip addr add 192.168.56.201/24 dev enX0",
      "b: ip addr add 192.168.56.202/24 dev enX0",
      ...bridge("a"),
      ...container("a", "c1", "172.18.0.11"),
      ...tunnel("a", `${PLAIN} local 192.168.56.201 remote 192.168.56.202`),
      ...bridge("b"),
      ...container("b", "c2", "172.18.0.22"),
      ...tunnel("b", `${PLAIN} local 192.168.56.202 remote 192.168.56.201`),
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "a: ip addr del 192.168.56.201/24 dev enX0",
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "a group on the underlay in the place of a remote",
    plan: LAN3,
    setup: [
      // The kernel reports its groups at times drawn by chance, the lab reports none.
      ...["a", "b", "c"].map((on) => `${on}: iptables -A OUTPUT -p igmp -j DROP`),
      ...three([`${PLAIN} group 239.1.1.1`, `${PLAIN} group 239.1.1.1`, `${PLAIN} group 239.1.1.1 ttl 4`]),
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, `c/c3: ${PING} 172.18.0.11`, `b/c2: ${PING} 172.18.0.33`],
  },
];
