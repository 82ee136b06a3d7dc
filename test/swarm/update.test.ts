import { describe, expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { ServiceSpec, UpdateConfig } from "../../kernel-lib/src/swarm/model/service.js";
import { DEFAULT_UPDATE, plainService } from "../../kernel-lib/src/swarm/service/defaults.js";
import { BareSwarm } from "./bare-swarm.js";

function image(name: string): Pick<ServiceSpec, "container"> {
  return { container: { ...plainService("web", "good").container, image: name } };
}

/** Three replicas that run, then an update to another image. */
function updating(update: Partial<UpdateConfig>, to: string, bad = false): BareSwarm {
  const swarm = new BareSwarm();
  swarm.create("web", {
    mode: { kind: "replicated", replicas: 3 },
    update: { ...DEFAULT_UPDATE, ...update },
  });
  swarm.run(2);
  if (bad) swarm.behaviours.set(to, { ends: 1, status: 2 });
  swarm.update("web", image(to));
  return swarm;
}

function running(swarm: BareSwarm): readonly string[] {
  return swarm
    .taskObjects()
    .filter(({ status }) => status.state === "running")
    .map(({ slot, spec }) => `${slot} ${spec.container.image}`);
}

const status = (swarm: BareSwarm) => {
  const { updateStatus } = swarm.store.services.get("web")!;
  return updateStatus === null ? null : `${updateStatus.state}: ${updateStatus.message}`;
};

describe("an update", () => {
  test("replaces one slot after the other, the old task first; then watches for its monitoring time", () => {
    const swarm = updating({}, "better");
    swarm.run(1.2);
    expect(running(swarm)).toEqual(["2 good", "3 good"]);
    expect(status(swarm)).toBe("updating: update in progress");
    swarm.run(4.5);
    expect(running(swarm)).toEqual(["1 better", "2 better", "3 better"]);
    expect(status(swarm)).toBe("updating: update in progress");
    swarm.run(5);
    expect(status(swarm)).toBe("completed: update completed");
    expect(swarm.tasks()).toHaveLength(6);
  });

  test("starts the new task first with start-first", () => {
    const swarm = updating({ order: "start-first" }, "better");
    swarm.run(0.7);
    expect(running(swarm)).toEqual(["1 good", "1 better", "2 good", "3 good"]);
    swarm.run(10);
    expect(running(swarm)).toEqual(["1 better", "2 better", "3 better"]);
  });

  test("goes through all slots at once with parallelism 0, and waits between them with a delay", () => {
    const all = updating({ parallelism: 0 }, "better");
    all.run(2);
    expect(running(all)).toEqual(["1 better", "2 better", "3 better"]);
    const slow = updating({ delay: seconds(10) }, "better");
    slow.run(9);
    expect(running(slow)).toEqual(["1 better", "2 good", "3 good"]);
  });

  test("that changes nothing of the tasks replaces none", () => {
    const swarm = updating({}, "good");
    swarm.update("web", { labels: new Map([["team", "a"]]) });
    swarm.run(10);
    expect(swarm.tasks()).toHaveLength(3);
    swarm.update("web", { forceUpdate: 1 });
    swarm.run(20);
    expect(swarm.tasks()).toHaveLength(6);
  });

  test("pauses when a new task fails, and goes on by the next update", () => {
    const swarm = updating({}, "bad", true);
    swarm.run(10);
    const [, second] = swarm.taskObjects();
    expect(status(swarm)).toBe(
      `paused: update paused due to failure or early termination of task ${second!.id}`,
    );
    expect(running(swarm).filter((text) => text.endsWith("good"))).toEqual(["3 good"]);
    swarm.update("web", image("best"));
    swarm.run(25);
    expect(running(swarm)).toEqual(["1 best", "2 best", "3 best"]);
    expect(status(swarm)).toBe("completed: update completed");
  });

  test("goes back by itself with failure action rollback", () => {
    const swarm = updating({ failureAction: "rollback" }, "bad", true);
    swarm.run(4);
    expect(status(swarm)).toMatch(
      /^rollback_started: update rolled back due to failure or early termination of task /,
    );
    swarm.run(20);
    expect(running(swarm)).toEqual(["1 good", "2 good", "3 good"]);
    expect(status(swarm)).toBe("rollback_completed: rollback completed");
  });

  test("goes on with failure action continue, and within the failure ratio", () => {
    const swarm = updating({ failureAction: "continue" }, "bad", true);
    swarm.run(30);
    expect(status(swarm)).toBe("completed: update completed");
    const tolerant = updating({ maxFailureRatio: 1 }, "bad", true);
    tolerant.run(30);
    expect(status(tolerant)).toBe("completed: update completed");
  });
});

test("a leader that comes after another goes on where that one was", () => {
  const swarm = updating({}, "better");
  swarm.run(1.2);
  swarm.orchestration.resign();
  swarm.run(30);
  expect(running(swarm).filter((text) => text.endsWith("better"))).toEqual(["1 better"]);
  swarm.orchestration.lead();
  swarm.run(20);
  expect(running(swarm)).toEqual(["1 better", "2 better", "3 better"]);
  expect(status(swarm)).toBe("completed: update completed");
});

test("a service that is removed takes its tasks along when they have stopped", () => {
  const swarm = updating({}, "better");
  swarm.store.remove("service", "web");
  swarm.run(0.5);
  expect(swarm.tasks().every((text) => text.includes("remove/"))).toBe(true);
  swarm.run(2);
  expect(swarm.tasks()).toEqual([]);
});
