import { invariant } from "../base/assert.js";
import type { UdpSocket } from "../socket/udp.js";
import type { Clock } from "../stack/pace.bench.js";
import { Lab } from "./lab.js";

const PORT = 9000;
const PAYLOAD = 100;
/** 172.18.255.255, the broadcast address of the network that all containers are in. */
const EVERYONE = 0xac12ffff;
const BROADCASTS = 20;

/** What building one mesh and sending through it gave. */
export interface MeshResult {
  readonly hosts: number;
  readonly buildMs: number;
  /** Bytes of the heap that the whole lab holds. */
  readonly bytes: number;
  /** Of one broadcast of one container, until all others have it. */
  readonly broadcastMs: number;
  /** Frames on the cables for it. */
  readonly frames: number;
}

/**
 * A mesh by hand: on each of `hosts` Docker hosts a network with one container, a VXLAN device as a port of its bridge, and in that device's FDB an entry for all
 * unknown addresses to each other host. Then broadcasts from one container, each of which must reach all others.
 */
export function measureMesh(clock: Clock, heapUsed: () => number, hosts: number): MeshResult {
  const heapBefore = heapUsed();
  const start = clock();
  const { lab, sockets } = build(hosts);
  const buildMs = clock() - start;
  const [sender, ...others] = sockets;
  const payload = new Uint8Array(PAYLOAD);
  const buffer = new Uint8Array(PAYLOAD);
  const broadcast = () => {
    sender!.sendTo(payload, EVERYONE, PORT);
    lab.world.scheduler.runFor(20_000_000);
    const reached = others.filter((socket) => socket.receiveInto(buffer) >= 0).length;
    invariant(reached === hosts - 1, `a broadcast reached ${reached} of ${hosts - 1} containers`);
  };
  broadcast();
  const framesBefore = framesSent(lab);
  const sent = clock();
  for (let i = 0; i < BROADCASTS; i++) broadcast();
  const broadcastMs = (clock() - sent) / BROADCASTS;
  const frames = (framesSent(lab) - framesBefore) / BROADCASTS;
  return { hosts, buildMs, bytes: heapUsed() - heapBefore, broadcastMs, frames };
}

function build(hosts: number): { readonly lab: Lab; readonly sockets: readonly UdpSocket[] } {
  const lab: Lab = Lab.named("vxlan", { hosts, docker: "20.10" });
  const machines = lab.machineList.slice(0, hosts);
  const addresses = machines.map(
    (machine) => /inet ([\d.]+)/.exec(machine.exec("ip -4 address show enX0").stdout)![1]!,
  );
  const sockets = machines.map((machine, i) => {
    const must = (command: string) => {
      const { status, stderr } = machine.exec(command);
      invariant(status === 0, `${command}: ${stderr}`);
    };
    must("docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=br-mesh mesh");
    must("ip link add vxlan0 type vxlan id 10 dstport 4789 dev enX0");
    must("ip link set vxlan0 master br-mesh up");
    must(`docker run -d --name box --network mesh --ip 172.18.1.${i + 1} alpine sleep 1000000`);
    for (const [j, address] of addresses.entries())
      if (j !== i) must(`bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst ${address}`);
    const socket = machine.engine!.containers.find("box").sandbox!.netns.udp.socket();
    socket.bind(0, PORT);
    socket.broadcast = true;
    return socket;
  });
  return { lab, sockets };
}

/** Frames that the hosts' cards have sent. */
function framesSent(lab: Lab): number {
  return lab.machineList.reduce(
    (sum, { host }) => sum + (host.rootNetns.device("enX0")?.stats.txPackets ?? 0),
    0,
  );
}
