import { expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { directoryOf } from "../../kernel-lib/src/swarm/directory.js";
import type { ServiceSpec } from "../../kernel-lib/src/swarm/model/service.js";
import { plainService } from "../../kernel-lib/src/swarm/service/defaults.js";

function swarm() {
  const lab = Lab.preset("swarm", { docker: "20.10" });
  const member = directoryOf(lab.world).get("docker01")!;
  const { store, ids } = member.cluster!;
  const create = (spec: ServiceSpec) =>
    store.put("service", {
      id: ids.next(),
      spec,
      previousSpec: null,
      ports: [],
      virtualIps: [],
      updateStatus: null,
      createdAt: lab.now,
      updatedAt: lab.now,
      version: 0,
      cause: "docker service create",
    });
  const tasks = () =>
    [...store.tasks.values()].map(({ spec, slot, nodeId, desired, status }) =>
      `${spec.name}.${slot} ${nodeId === null ? "-" : store.nodes.get(nodeId)!.hostname} ${desired} ${status.state} ${status.error}`.trim(),
    );
  return { lab, store, create, tasks };
}

test("a service leads to containers on the nodes", () => {
  const { lab, create, tasks } = swarm();
  create({ ...plainService("helloworld", "test-image"), mode: { kind: "replicated", replicas: 3 } });
  lab.world.scheduler.runFor(seconds(2));
  expect(tasks()).toEqual([
    "helloworld.1 docker03 running running",
    "helloworld.2 docker01 running running",
    "helloworld.3 docker02 running running",
  ]);
  console.log(lab.machines.docker01.exec("docker ps").text);
});
