import { bridge, byHand, container, LAN2, LAN3, patient, tunnel, underlay } from "../plans.js";
import type { Scene } from "../scene.js";
import { gratuitousArp, unknownFrame } from "./frames.js";

const PING = "ping -n -c1 -W0.4";
const WORDS = "id 10 dstport 4789 dev enX0";
const C1 = "02:42:ac:12:00:0b";
const C2 = "02:42:ac:12:00:16";

/** What the tunnel learns, forgets, answers and carries. */
export const SWITCHING_SCENES: readonly Scene[] = [
  {
    name: "both bridges hold the gateway's address",
    plan: LAN2,
    setup: [
      ...byHand(),
      "a: ip addr add 172.18.0.1/16 brd + dev br0",
      "b: ip addr add 172.18.0.1/16 brd + dev br0",
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.1`,
      `b/c2: ${PING} 172.18.0.1`,
      `a/c1: ${PING} 172.18.0.22`,
      `a: ${PING} 172.18.0.22`,
      `b: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "requests for addresses that nobody has",
    plan: LAN3,
    setup: [
      ...underlay(3),
      ...["a", "b", "c"].flatMap((on, i) => [
        ...bridge(on),
        ...container(on, `c${i + 1}`, `172.18.0.${11 * (i + 1)}`),
        ...tunnel(on, `${WORDS} remote 192.168.56.${on === "a" ? 102 : 101}`),
      ]),
      "a: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.103",
    ],
    steps: [`a/c1: ${PING} 172.18.7.7`, `b/c2: ${PING} 172.18.8.8`, `a/c1: ${PING} 172.18.0.33`],
  },
  {
    name: "a tunnel that answers ARP by itself",
    plan: LAN2,
    setup: [
      ...byHand(`${WORDS} proxy`),
      "a: ip neigh add 172.18.0.22 lladdr 02:42:ac:12:00:16 dev vxlan0 nud permanent",
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip neigh add 172.18.0.11 lladdr 02:42:ac:12:00:0b dev vxlan0 nud permanent",
      `a/c1: ${PING} 172.18.0.22`,
      `b/c2: ${PING} 172.18.0.11`,
      `a/c1: ${PING} 172.18.0.44`,
    ],
  },
  {
    name: "what an overlay network is made of: proxy, l2miss, l3miss, static entries",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...["a", "b"].flatMap((on, i) => [
        ...bridge(on),
        ...container(on, `c${i + 1}`, `172.18.0.${11 * (i + 1)}`),
        ...tunnel(on, "id 10 dstport 4789 proxy l2miss l3miss"),
      ]),
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      `a: ip neigh add 172.18.0.22 lladdr ${C2} dev vxlan0 nud permanent`,
      `b: ip neigh add 172.18.0.11 lladdr ${C1} dev vxlan0 nud permanent`,
      `a/c1: ${PING} 172.18.0.22`,
      `a: bridge fdb add ${C2} dev vxlan0 dst 192.168.56.102`,
      `b: bridge fdb add ${C1} dev vxlan0 dst 192.168.56.101`,
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "an overlay network's devices in a namespace of their own",
    plan: LAN2,
    setup: [
      ...underlay(2),
      ...["a", "b"].flatMap((on, i) => [
        `${on}: ip netns add ov`,
        `${on}/ov: sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 net.ipv4.igmp_link_local_mcast_reports=0`,
        `${on}/ov: ip link add br0 address 02:42:00:00:00:0${i + 1} type bridge`,
        patient(`${on}/ov`, "br0"),
        `${on}/ov: ip link set br0 up`,
        `${on}: ip link add vxlan0 address 02:56:00:00:00:0${i + 1} type vxlan ${WORDS} remote 192.168.56.${102 - i}`,
        `${on}: ip link set vxlan0 netns ov`,
        `${on}/ov: ip link set vxlan0 master br0 up`,
        `${on}/ov: ip addr add 172.18.0.${i + 1}/16 brd + dev br0`,
      ]),
    ],
    steps: [`a/ov: ${PING} 172.18.0.2`, `b/ov: ${PING} -s 1400 172.18.0.1`, `a/ov: ${PING} 172.18.0.3`],
  },
  {
    name: "learned entries age",
    plan: LAN2,
    setup: [
      ...byHand(`${WORDS} ageing 1`),
      "a: ip link set br0 type bridge ageing_time 100",
      "b: bridge fdb add 02:42:ac:12:00:77 dev vxlan0 dst 192.168.56.101 static",
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "a: sleep 2.4",
      "a: sleep 9",
      `a/c1: ${PING} 172.18.0.22`,
      `b/c2: ${PING} 172.18.0.11`,
    ],
  },
  {
    name: "devices set down and up again",
    plan: LAN2,
    setup: byHand(),
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set vxlan0 down",
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set vxlan0 up",
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set vc2 down",
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set vc2 up",
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "bridges, cards and containers set down and up again",
    plan: LAN2,
    setup: byHand(),
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set br0 down",
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set br0 up",
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set enX0 down",
      `a/c1: ${PING} 172.18.0.22`,
      "b: ip link set enX0 up",
      `a/c1: ${PING} 172.18.0.22`,
      "a/c1: ip link set eth0 down",
      `a/c1: ${PING} 172.18.0.22`,
      "a/c1: ip link set eth0 up",
      `a/c1: ${PING} 172.18.0.22`,
    ],
  },
  {
    name: "a container moves to another host and says so",
    plan: LAN3,
    setup: [
      ...underlay(3),
      ...["a", "b", "c"].flatMap((on) => [...bridge(on), ...tunnel(on, WORDS)]),
      ...container("a", "c1", "172.18.0.11"),
      ...container("b", "c2", "172.18.0.22"),
      ...["a", "b", "c"].flatMap((on, i) =>
        [101, 102, 103]
          .filter((_, other) => other !== i)
          .map((other) => `${on}: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.${other}`),
      ),
    ],
    steps: [
      `a/c1: ${PING} 172.18.0.22`,
      "a: ip link del vc1",
      "c: ip netns add c1",
      ...container("c", "c1", "172.18.0.11").slice(1),
      `b/c2: ${PING} 172.18.0.11`,
      `c/c1: frame eth0 ${gratuitousArp(C1, "172.18.0.11")}`,
      `b/c2: ${PING} 172.18.0.11`,
    ],
  },
  {
    name: "one MAC behind two hosts",
    plan: LAN3,
    setup: [
      ...underlay(3),
      ...["a", "b", "c"].flatMap((on) => [...bridge(on), ...tunnel(on, WORDS)]),
      ...container("a", "c1", "172.18.0.11"),
      ...container("b", "c2", "172.18.0.22"),
      ...container("c", "c3", "172.18.0.33", { mac: C2 }),
      "a: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.102",
      "a: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.103",
      "b: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.101",
      "c: bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 192.168.56.101",
    ],
    steps: [`a/c1: ${PING} 172.18.0.22`, `a/c1: ${PING} 172.18.0.33`, `a/c1: ${PING} 172.18.0.22`],
  },
  {
    name: "frames of protocols that nobody knows, and of groups",
    plan: LAN2,
    setup: byHand(),
    steps: [
      `a/c1: frame eth0 ${unknownFrame(C1, C2, "88b5", 46)}`,
      `b/c2: frame eth0 ${unknownFrame(C2, C1, "88b6", 100)}`,
      `a/c1: frame eth0 ${unknownFrame(C1, "ff:ff:ff:ff:ff:ff", "88b5", 46)}`,
      `a/c1: frame eth0 ${unknownFrame(C1, "01:00:5e:01:02:03", "88b5", 46)}`,
      `a/c1: frame eth0 ${unknownFrame(C1, "02:00:00:00:99:99", "88b5", 1436)}`,
      `a/c1: frame eth0 ${unknownFrame(C1, "02:00:00:00:99:99", "88b5", 1437)}`,
      `a/c1: frame eth0 ${unknownFrame(C1, "02:00:00:00:99:99", "88b5", 1455)}`,
      `a/c1: frame eth0 ${unknownFrame("02:56:00:00:00:02", C2, "88b5", 46)}`,
    ],
  },
  {
    name: "a frame from the tunnel's own MAC",
    plan: LAN2,
    setup: byHand(),
    steps: [
      `a: frame vxlan0 ${unknownFrame("02:56:00:00:00:02", C2, "88b5", 46)}`,
      `a: frame vxlan0 ${unknownFrame("02:56:00:00:00:01", "ff:ff:ff:ff:ff:ff", "88b5", 46)}`,
      `a: frame vxlan0 ${gratuitousArp("02:11:22:33:44:55", "172.18.0.77")}`,
    ],
  },
];
