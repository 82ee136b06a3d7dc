import { commandLine } from "../base/command-line.js";
import { seconds } from "../base/units.js";
import type { Host } from "../host/host.js";
import type { SwarmPlan } from "./plan.js";

/** The managers' port of a swarm (swarmkit's default listen address). */
const MANAGER_PORT = 2377;
/** What the nodes tell each other about the ingress network has arrived by then. */
const SPREADS = seconds(2);

/** Makes the swarm of a plan as an operator does: `docker swarm init` on the first node, then `docker swarm join` on one after the other. Throws when one fails. @internal */
export function joinSwarm({ nodes, pool }: SwarmPlan, hosts: ReadonlyMap<string, Host>): void {
  const [first, ...others] = Object.entries(nodes).map(([name, node]) => ({
    host: hosts.get(name)!,
    ...node,
  }));
  const leader = first!;
  const pools =
    pool === undefined
      ? []
      : ["--default-addr-pool", pool.subnet, "--default-addr-pool-mask-length", String(pool.maskLength)];
  run(leader.host, ["docker", "swarm", "init", "--advertise-addr", leader.address, ...pools]);
  if (others.length > 0) {
    const token = (role: string) => run(leader.host, ["docker", "swarm", "join-token", "-q", role]).trim();
    const tokens = { worker: token("worker"), manager: token("manager") };
    for (const { host, address, role } of others)
      run(host, [
        ...["docker", "swarm", "join", "--token", tokens[role], "--advertise-addr", address],
        `${leader.address}:${MANAGER_PORT}`,
      ]);
  }
  // The recorded listings of the years before Linux 4.6 have an empty mangle table everywhere, before any service; who had loaded it is not known.
  for (const { host } of [leader, ...others])
    if (host.tableModules !== null) run(host, ["modprobe", "iptable_mangle"]);
  leader.host.world.scheduler.runFor(SPREADS);
}

function run(host: Host, argv: readonly string[]): string {
  const { status, stdout, stderr } = host.run(argv);
  if (status !== 0)
    throw new RangeError(
      `machine "${host.name}": "${commandLine(argv)}" ended with status ${status}: ${stderr.trimEnd()}`,
    );
  return stdout;
}
