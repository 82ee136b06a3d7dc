import { parseIpv4 } from "../base/addresses.js";
import { invariant } from "../base/assert.js";
import type { Clock } from "../stack/path.bench.js";
import { Recorder } from "../trace/recorder.js";
import { Lab } from "./lab.js";
import { UdpFlows } from "./udp-flows.js";

/** docker02 has no replica: what comes in there crosses to docker01. */
const ENTRY = parseIpv4("192.168.56.101");

/** What one run gave. */
export interface IngressResult {
  readonly packetsPerSecond: number;
  readonly nsPerPacket: number;
  readonly eventsPerPacket: number;
}

export interface IngressOptions {
  readonly packets?: number;
  readonly flows?: number;
  readonly traced?: boolean;
}

/** A swarm of three with a service of one replica on docker01, published for UDP; the rules of Docker 20.10. */
function build(flows: number) {
  const lab = Lab.preset("swarm", { docker: "20.10" });
  const { docker01, client } = lab.machines;
  const create =
    "docker service create --detach --name api --constraint node.hostname==docker01 -p 9000:9000/udp alpine sleep 1000000";
  const { status, stderr } = docker01.exec(create);
  invariant(status === 0, `${create}: ${stderr}`);
  lab.world.scheduler.runFor(10_000_000_000);
  const task = docker01.engine!.containers.list().find(({ name }) => name.startsWith("api."));
  invariant(task?.sandbox !== null && task !== undefined, "the service has no running task");
  // What answers is known to the bridges. Without that each packet would be flooded to all ports, as the first one of a real service is.
  docker01.exec("docker", "exec", task.name, "ping", "-c", "1", "10.0.0.1");
  const traffic = new UdpFlows(lab.world, client.host.rootNetns, task.sandbox.netns, ENTRY, flows);
  invariant(traffic.pump(1) === 1, "the bench's path does not work");
  return { world: lab.world, traffic };
}

/**
 * Packets a second of 100-byte UDP into a node without a replica: client → DNAT on the host → docker_gwbridge → ingress_sbox with IPVS and SNAT → VXLAN → the
 * other node → container with REDIRECT. Every packet is delivered, or this throws.
 */
export function measureIngress(
  clock: Clock,
  { packets = 200_000, flows = 1, traced = false }: IngressOptions = {},
): IngressResult {
  const { world, traffic } = build(flows);
  traffic.pump(Math.max(flows, Math.min(50_000, packets)));
  const before = world.scheduler.eventsRun;
  const start = clock();
  let received = 0;
  for (let done = 0; done < packets; done += 10_000) {
    if (traced) world.recorder = new Recorder();
    received += traffic.pump(Math.min(10_000, packets - done));
  }
  const ns = (clock() - start) * 1e6;
  invariant(received === packets, `the bench lost ${packets - received} packets`);
  return {
    packetsPerSecond: Math.round((packets * 1e9) / ns),
    nsPerPacket: Math.round(ns / packets),
    eventsPerPacket: (world.scheduler.eventsRun - before) / packets,
  };
}
