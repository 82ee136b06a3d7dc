import { invariant } from "../base/assert.js";
import { Engine } from "../docker/engine.js";
import type { Host } from "../host/host.js";
import { type Clock, measurePace, type Pace } from "../stack/pace.bench.js";
import { World } from "../trace/world.js";
import { buildHosts } from "./build-hosts.js";
import type { LabPlan } from "./plan.js";
import { UdpFlows } from "./udp-flows.js";

const PLAN: LabPlan = {
  machines: {
    docker01: {
      nics: ["enX0"],
      docker: true,
      setup: [
        "ip link set lo up",
        "ip link set enX0 up",
        "ip address add 192.168.56.101/24 brd + dev enX0",
        "sysctl -q -w net.ipv4.ip_forward=1",
      ],
    },
    client: {
      nics: ["eth0"],
      setup: ["ip link set lo up", "ip link set eth0 up", "ip address add 192.168.56.9/24 brd + dev eth0"],
    },
  },
  cables: { lan: { ends: ["docker01:enX0", "client:eth0"] } },
};

const SERVER = 0xc0a83865;

/** A client on a Docker host's LAN, a container with `-p 9000:9000/udp`, the rules of Docker 20.10, and `rules` more in DOCKER-USER that match nothing. */
function build(flows: number, rules: number) {
  const world = new World(1);
  const { hosts } = buildHosts(world, PLAN);
  const docker01 = hosts.get("docker01")!;
  const engine = new Engine(docker01, { version: "20.10" });
  must(docker01, "docker run -d --name api -p 9000:9000/udp alpine sleep 1000000");
  if (rules > 0) addRules(docker01, rules);
  const container = engine.containers.find("api").sandbox!.netns;
  const traffic = new UdpFlows(world, hosts.get("client")!.rootNetns, container, SERVER, flows);
  invariant(traffic.pump(1) === 1, "the bench's path does not work");
  return { world, traffic };
}

function addRules(host: Host, count: number): void {
  const lines = Array.from(
    { length: count },
    (_, i) => `-A DOCKER-USER -s 10.${(i >> 8) & 255}.${i & 255}.0/24 -p tcp -m tcp --dport 22 -j DROP`,
  );
  const stdin = ["*filter", ":DOCKER-USER - [0:0]", ...lines, "-A DOCKER-USER -j RETURN", "COMMIT", ""].join(
    "\n",
  );
  const { status, stderr } = host.run(["iptables-restore", "-n"], { stdin });
  invariant(status === 0, stderr);
}

function must(host: Host, line: string): void {
  const { status, stderr } = host.run(line.split(" "));
  invariant(status === 0, `${line}: ${stderr}`);
}

/** The pace of 100-byte UDP: client → cable → PREROUTING with DNAT → FORWARD → bridge → container, on one core. */
export function measurePublished(clock: Clock, { packets = 200_000, flows = 1, rules = 0 } = {}): Pace {
  const { world, traffic } = build(flows, rules);
  traffic.pump(Math.max(flows, Math.min(20_000, packets)));
  return measurePace(clock, world.scheduler, packets, (count) => traffic.pump(count));
}
