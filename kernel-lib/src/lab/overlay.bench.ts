import { invariant } from "../base/assert.js";
import type { IcmpSocket } from "../socket/icmp.js";
import type { Netns } from "../stack/netns.js";
import { type Clock, measurePace, type Pace } from "../stack/pace.bench.js";
import { Recorder } from "../trace/recorder.js";
import type { World } from "../trace/world.js";
import { Lab } from "./lab.js";
import { BURST, PATIENCE, PAYLOAD, TURN, UdpFlows } from "./udp-flows.js";

/** The commands that a reader of chapter 3 types on one host, its peer's and its container's addresses left open. */
const SETUP = [
  "ip link add vxlan0 type vxlan id 10 remote PEER dstport 4789 dev enX0",
  "ip address add 172.100.0.1/16 broadcast 172.100.255.255 dev vxlan0",
  "ip link set vxlan0 up",
  "docker network create --attachable=true --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net",
  "brctl addif vxlan-net vxlan0",
  "docker run -d --rm --name NAME --net vxlan-net --ip ADDRESS alpine sleep 1000000",
];

const HOSTS = [
  { host: "host-a", peer: "192.168.56.102", name: "test-a", address: "172.18.0.11" },
  { host: "host-b", peer: "192.168.56.101", name: "test-b", address: "172.18.0.22" },
] as const;

/** 172.18.0.22, the container of the second host. */
export const OVERLAY_SERVER = 0xac120016;

interface Bench {
  readonly world: World;
  readonly traffic: UdpFlows;
  readonly pinger: IcmpSocket;
}

/** What is sent: UDP one way in a number of flows, or echo requests, each of which comes back. */
export interface OverlayOptions {
  readonly packets?: number;
  readonly flows?: number;
  readonly traced?: boolean;
  readonly icmp?: boolean;
}

/** Two Docker hosts with the tunnel of chapter 3 between their bridges, and a container on each: 172.18.0.11 and, on the second, 172.18.0.22. */
export function overlayOfTwo(): { readonly lab: Lab; readonly ends: readonly [Netns, Netns] } {
  const lab = Lab.preset("vxlan", { docker: "20.10" });
  const [a, b] = HOSTS.map(({ host, peer, name, address }) => {
    const machine = lab.machines[host];
    for (const line of SETUP) {
      const command = line.replace("PEER", peer).replace("NAME", name).replace("ADDRESS", address);
      const { status, stderr } = machine.exec(command);
      invariant(status === 0, `${command}: ${stderr}`);
    }
    return machine.engine!.containers.find(name).sandbox!.netns;
  });
  return { lab: lab as unknown as Lab, ends: [a!, b!] };
}

/** The two hosts with flows of packets between their containers; Docker's rules and connection tracking on both. */
function build(flows: number): Bench {
  const { lab, ends } = overlayOfTwo();
  const [a, b] = ends;
  const traffic = new UdpFlows(lab.world, a, b, OVERLAY_SERVER, flows);
  invariant(traffic.pump(1) === 1, "the bench's path does not work");
  return { world: lab.world, traffic, pinger: a.icmp.socket() };
}

/** The same as {@link UdpFlows.pump} with echo requests; an answered one counts as two packets. */
function pumpIcmp({ world, pinger }: Bench, packets: number): number {
  const payload = new Uint8Array(PAYLOAD);
  let received = 0;
  for (let sent = 0; sent < packets; ) {
    for (let i = 0; i < BURST && sent < packets; i++, sent += 2)
      pinger.send(OVERLAY_SERVER, (sent >> 1) & 0xffff, payload);
    for (let waited = 0; received < sent && waited < PATIENCE; waited++) {
      world.scheduler.runFor(TURN);
      while (pinger.receive() !== null) received += 2;
    }
  }
  return received;
}

/**
 * The pace of packets with 100 bytes of payload from container to container on two hosts: veth → bridge → VXLAN → cable → switch → cable → VXLAN → bridge →
 * veth.
 */
export function measureOverlay(
  clock: Clock,
  { packets = 400_000, flows = 1, traced = false, icmp = false }: OverlayOptions = {},
): Pace {
  const bench = build(flows);
  const pump = (count: number) => (icmp ? pumpIcmp(bench, count) : bench.traffic.pump(count));
  pump(Math.max(flows, Math.min(100_000, packets)));
  return measurePace(clock, bench.world.scheduler, packets, (count) => {
    if (traced) bench.world.recorder = new Recorder();
    return pump(count);
  });
}
