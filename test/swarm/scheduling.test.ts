import { describe, expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { ServiceSpec } from "../../kernel-lib/src/swarm/model/service.js";
import { parseConstraints } from "../../kernel-lib/src/swarm/orchestrator/constraint.js";
import { BareSwarm } from "./bare-swarm.js";

const replicas = (count: number) => ({ mode: { kind: "replicated", replicas: count } }) as const;

describe("where tasks go", () => {
  test("the replicas of the recorded swarm stand where it put them, also when there are more and then fewer", () => {
    const swarm = new BareSwarm();
    swarm.create("helloworld", replicas(2));
    swarm.run(2);
    expect(swarm.tasks()).toEqual([
      "helloworld.1 docker03 running/running",
      "helloworld.2 docker01 running/running",
    ]);
    swarm.update("helloworld", replicas(5));
    swarm.run(2);
    expect(swarm.tasks()[2]).toBe("helloworld.3 docker02 running/running");
    swarm.update("helloworld", replicas(2));
    swarm.run(2);
    expect(swarm.tasks()).toEqual([
      "helloworld.1 docker03 running/running",
      "helloworld.2 docker01 running/running",
    ]);
  });

  test("a service's tasks are spread first, then all tasks", () => {
    const swarm = new BareSwarm();
    swarm.create("web", replicas(5));
    swarm.run(1);
    swarm.create("api", replicas(1));
    swarm.run(1);
    expect(Object.values(swarm.spread("web")).sort()).toEqual([1, 2, 2]);
    expect(Object.values(swarm.spread()).sort()).toEqual([2, 2, 2]);
  });

  test.each<[what: string, spec: Partial<ServiceSpec>, error: string]>([
    [
      "a constraint that nothing meets",
      { constraints: ["node.labels.zone==east"] },
      "no suitable node (scheduling constraints not satisfied on 3 nodes)",
    ],
    [
      "a constraint and a node that is not there",
      { constraints: ["node.hostname==docker03"] },
      "no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks)",
    ],
    [
      "too much memory",
      { reservations: { nanoCpus: 0, memoryBytes: 64e9 } },
      "no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks)",
    ],
    [
      "too many on each node",
      { maxReplicas: 1 },
      "no suitable node (1 node not available for new tasks; max replicas per node limit exceed)",
    ],
  ])("%s: the task stays pending and says why", (_, spec, error) => {
    const swarm = new BareSwarm();
    if (error.includes("1 node")) swarm.changeNode("docker03", { availability: "drain" });
    swarm.create("web", { ...replicas(spec.maxReplicas === undefined ? 1 : 3), ...spec });
    swarm.run(2);
    if (spec.maxReplicas === undefined) expect(swarm.tasks()).toEqual([`web.1 - running/pending ${error}`]);
    else expect(swarm.tasks()[2]).toContain("no suitable node (");
  });

  test("a pending task is placed when a node comes that takes it", () => {
    const swarm = new BareSwarm();
    swarm.create("web", { constraints: ["node.hostname == docker04"] });
    swarm.run(1);
    swarm.addNode("docker04");
    swarm.run(1);
    expect(swarm.tasks()).toEqual(["web.1 docker04 running/running"]);
  });

  test("a port of the machine is one task's on each node", () => {
    const swarm = new BareSwarm();
    const port = { name: "", protocol: "tcp", targetPort: 80, publishedPort: 8080, mode: "host" } as const;
    swarm.create("web", { ...replicas(4), ports: [port] });
    swarm.run(1);
    expect(swarm.spread()).toEqual({ docker01: 1, docker02: 1, docker03: 1 });
    expect(swarm.tasks()[3]).toBe(
      "web.4 - running/pending no suitable node (host-mode port already in use on 3 nodes)",
    );
  });

  test("a preference spreads over the values of a label", () => {
    const swarm = new BareSwarm(["a", "b", "c", "d"]);
    for (const node of ["a", "b", "c"]) swarm.store.nodes.get(node)!.labels.set("zone", "east");
    swarm.store.nodes.get("d")!.labels.set("zone", "west");
    swarm.create("web", { ...replicas(6), preferences: ["node.labels.zone"] });
    swarm.run(1);
    expect(swarm.spread()).toEqual({ a: 1, b: 1, c: 1, d: 3 });
  });

  test.each([
    ["node.role", "constraint expected one operator from ==, !="],
    ["no de==a", "key 'no de' is invalid"],
    ["node.hostname==a,b", "value 'a,b' is invalid"],
  ])("the constraint %j is refused", (text, error) => {
    expect(() => parseConstraints([text])).toThrow(error);
  });
});

describe("global services", () => {
  test("have one task on each node that takes it, also on one that comes later", () => {
    const swarm = new BareSwarm();
    swarm.changeNode("docker02", { availability: "drain" });
    swarm.create("agent", { mode: { kind: "global" } });
    swarm.run(1);
    expect(swarm.spread()).toEqual({ docker01: 1, docker03: 1 });
    swarm.changeNode("docker02", { availability: "active" });
    swarm.addNode("docker04");
    swarm.run(1);
    expect(swarm.spread()).toEqual({ docker01: 1, docker02: 1, docker03: 1, docker04: 1 });
    swarm.changeNode("docker01", { availability: "drain" });
    swarm.run(3);
    expect(swarm.spread()).toEqual({ docker02: 1, docker03: 1, docker04: 1 });
  });
});

describe("nodes that are lost", () => {
  test("tasks of a dead node move; it is told to stop them when it comes back", () => {
    const swarm = new BareSwarm();
    swarm.create("web", replicas(3));
    swarm.run(2);
    swarm.changeNode("docker03", { state: "down" });
    swarm.run(7);
    expect(swarm.spread()).toEqual({ docker01: 2, docker02: 1, docker03: 1 });
    expect(swarm.tasks()).toContain("web.3 docker03 shutdown/running");
    swarm.changeNode("docker03", { state: "ready" });
    for (const task of swarm.taskObjects()) swarm.store.put("task", task);
    swarm.run(2);
    expect(swarm.tasks()).toContain("web.3 docker03 shutdown/shutdown");
  });

  test("those of a drained node move at once, those of a paused one stay", () => {
    const swarm = new BareSwarm();
    swarm.create("web", replicas(3));
    swarm.run(2);
    swarm.changeNode("docker01", { availability: "pause" });
    swarm.changeNode("docker02", { availability: "drain" });
    swarm.run(3);
    expect(swarm.spread()).toEqual({ docker01: 1, docker03: 2 });
  });
});

describe("what is started anew", () => {
  test("a task that fails is replaced in its slot after five seconds, and four old ones are kept", () => {
    const swarm = new BareSwarm();
    swarm.behaviours.set("good", { ends: 1, status: 1 });
    swarm.create("web");
    swarm.run(2);
    expect(swarm.tasks()).toEqual([
      "web.1 docker01 shutdown/failed task: non-zero exit (1)",
      expect.stringMatching(/^web\.1 \w+ ready\/ready$/),
    ]);
    swarm.run(60);
    expect(swarm.tasks()).toHaveLength(5);
  });

  test.each([
    ["none", 0, 0, 1],
    ["none", 1, 0, 1],
    ["on-failure", 0, 0, 1],
    ["on-failure", 1, 2, 3],
    ["any", 0, 3, 4],
  ] as const)("condition %s, exit %i, %i attempts: %i tasks", (condition, status, maxAttempts, tasks) => {
    const swarm = new BareSwarm();
    swarm.behaviours.set("good", { ends: 1, status });
    swarm.create("web", { restart: { condition, delay: seconds(1), maxAttempts, window: 0 } });
    swarm.run(60);
    expect(swarm.tasks()).toHaveLength(tasks);
    expect(swarm.tasks().every((text) => / shutdown\/| running\/complete| running\/failed/.test(text))).toBe(
      true,
    );
    swarm.update("web", replicas(1));
    swarm.run(10);
    expect(swarm.tasks()).toHaveLength(tasks);
  });
});
