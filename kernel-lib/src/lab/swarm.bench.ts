import { invariant } from "../base/assert.js";
import { seconds } from "../base/units.js";
import type { Clock } from "../stack/pace.bench.js";
import { Lab } from "./lab.js";

/** What building one cluster gave. */
export interface SwarmResult {
  readonly nodes: number;
  readonly tasks: number;
  /** Until every task runs. */
  readonly buildMs: number;
  /** Of that, until every node has joined. */
  readonly joinMs: number;
  /** Bytes of the heap that the whole lab holds. */
  readonly bytes: number;
}

/** A swarm of `nodes` machines that have joined, with one service of `tasks` replicas behind one published port, all of which run. */
export function measureSwarm(
  clock: Clock,
  heapUsed: () => number,
  { nodes = 100, tasks = 1_000 } = {},
): SwarmResult {
  const heapBefore = heapUsed();
  const start = clock();
  // The default ingress network, a /24, has addresses for some 150 tasks on so many nodes.
  const lab: Lab = Lab.named("swarm", { nodes, docker: "20.10", ingress: "10.255.0.0/16" });
  const joinMs = clock() - start;
  const manager = lab.machineList[0]!;
  const create = `docker service create --detach --name web --replicas ${tasks} -p 80:5000 test-image`;
  const { status, stderr } = manager.exec(create);
  invariant(status === 0, `${create}: ${stderr}`);
  const running = () =>
    lab.machineList.reduce(
      (sum, { engine }) => sum + (engine?.containers.list().filter((one) => one.running).length ?? 0),
      0,
    );
  for (let waited = 0; running() < tasks && waited < 120; waited++) lab.world.scheduler.runFor(seconds(1));
  invariant(running() === tasks, `${running()} of ${tasks} tasks run`);
  const buildMs = clock() - start;
  return { nodes, tasks, buildMs, joinMs, bytes: heapUsed() - heapBefore };
}
