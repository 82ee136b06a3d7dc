import { parseIpv4 } from "../base/addresses.js";
import { invariant } from "../base/assert.js";
import { type Clock, measurePace, type Pace } from "../stack/pace.bench.js";
import { Recorder } from "../trace/recorder.js";
import { Lab } from "./lab.js";
import { UdpFlows } from "./udp-flows.js";

/** docker02 has no replica: what comes in there crosses to docker01. */
const ENTRY = parseIpv4("192.168.56.101");

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
 * The pace of 100-byte UDP into a node without a replica: client → DNAT on the host → docker_gwbridge → ingress_sbox with IPVS and SNAT → VXLAN → the
 * other node → container with REDIRECT.
 */
export function measureIngress(
  clock: Clock,
  { packets = 200_000, flows = 1, traced = false }: IngressOptions = {},
): Pace {
  const { world, traffic } = build(flows);
  traffic.pump(Math.max(flows, Math.min(50_000, packets)));
  return measurePace(clock, world.scheduler, packets, (count) => {
    if (traced) world.recorder = new Recorder();
    return traffic.pump(count);
  });
}
