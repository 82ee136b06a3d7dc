import { describe, expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { DockerCommandError } from "../../kernel-lib/src/docker/api.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const GREETING = "momijiame/greeting:1.0";

function swarm() {
  const lab = Lab.preset("swarm", { docker: "20.10" });
  const { docker01, docker02, docker03 } = lab.machines;
  /** `web.1 docker03 Running Running`, without ids and times. */
  const tasks = (...services: string[]) =>
    docker01
      .exec(
        "docker",
        "service",
        "ps",
        "--format",
        "{{.Name}} {{.Node}} {{.DesiredState}} {{.CurrentState}} {{.Error}}",
        ...services,
      )
      .text.split("\n")
      .map((line) =>
        line.replace(/ (?:less than|about)? ?an? (?:second|minute|hour) ago| \d+ \w+ ago/, "").trim(),
      );
  return { lab, docker01, docker02, docker03, tasks };
}

describe("tasks on their nodes", () => {
  test("run as containers that say whose they are, and are replaced when they end", () => {
    const { lab, docker01, docker03, tasks } = swarm();
    const { id } = docker01.docker.service.create("helloworld", {
      image: GREETING,
      replicas: 2,
      publish: ["80:8000"],
    });
    expect(id).toMatch(/^[0-9a-z]{25}$/);
    expect(tasks("helloworld")).toEqual([
      "helloworld.1 docker03 Running Running",
      "helloworld.2 docker01 Running Running",
    ]);
    const [name] = docker03.exec("docker", "ps", "--format", "{{.Names}}").text.split("\n");
    expect(name).toMatch(/^helloworld\.1\.[0-9a-z]{25}$/);
    const labels = docker03.exec("docker", "inspect", "-f", "{{json .Config.Labels}}", name!).text;
    expect(Object.keys(JSON.parse(labels))).toEqual(
      ["node.id", "service.id", "service.name", "task", "task.id", "task.name"].map(
        (key) => `com.docker.swarm.${key}`,
      ),
    );
    docker03.exec("docker", "kill", name!);
    lab.world.scheduler.runFor(seconds(8));
    expect(tasks("helloworld")).toEqual([
      "helloworld.1 docker03 Running Running",
      '\\_ helloworld.1 docker03 Shutdown Failed "task: non-zero exit (137)"',
      "helloworld.2 docker01 Running Running",
    ]);
    docker01.docker.service.rm("helloworld");
    lab.world.scheduler.runFor(seconds(15));
    expect(docker03.exec("docker", "ps", "-aq").text).toBe("");
  });

  test("leave a drained node, and end with it when its daemon is stopped and started", () => {
    const { lab, docker01, docker02, tasks } = swarm();
    docker01.docker.service.create("web", { image: GREETING, replicas: 3 });
    docker01.docker.node.update("docker03", { availability: "drain" });
    lab.world.scheduler.runFor(seconds(20));
    expect(tasks("web").filter((line) => line.includes("docker03"))).toEqual([
      "\\_ web.3 docker03 Shutdown Shutdown",
    ]);
    docker02.exec("systemctl", "restart", "docker");
    lab.world.scheduler.runFor(seconds(10));
    expect(tasks("web").filter((line) => line.endsWith("Running Running"))).toHaveLength(3);
    expect(tasks("web")).toContainEqual(
      expect.stringMatching(/web\.\d docker02 Shutdown Failed "task: non-zero exit \(137\)"/),
    );
  });

  test("say why they cannot be", () => {
    const { lab, docker01, tasks } = swarm();
    docker01.docker.service.create("nowhere", {
      image: GREETING,
      constraint: ["node.role==king"],
      detach: true,
    });
    docker01.docker.service.create("nothing", { image: "nosuch:1", detach: true });
    docker01.docker.service.create("short", {
      image: "alpine",
      command: ["false"],
      restart: { condition: "none" },
      detach: true,
    });
    docker01.docker.service.create("typo", {
      image: "alpine",
      command: ["nosuchprogram"],
      restart: { condition: "none" },
      detach: true,
    });
    lab.world.scheduler.runFor(seconds(3));
    const why = (service: string) =>
      docker01
        .exec("docker", "service", "ps", "--no-trunc", "--format", "{{.Error}}", service)
        .text.split("\n")
        .at(-1);
    expect(why("nowhere")).toBe('"no suitable node (scheduling constraints not satisfied on 3 nodes)"');
    expect(why("nothing")).toBe('"No such image: nosuch:1"');
    expect(tasks("short")).toEqual([
      expect.stringMatching(/^short\.1 docker0\d Shutdown Failed "task: non-zero exit \(1\)"$/),
    ]);
    expect(why("typo")).toContain("starting container failed: ");
  });
});

test("a refusal of the typed calls is an error with the daemon's words", () => {
  const { docker01, docker02 } = swarm();
  docker01.docker.service.create("web", { image: GREETING, detach: true });
  expect(() => docker01.docker.service.create("web", { image: GREETING })).toThrow(DockerCommandError);
  expect(() => docker02.docker.service.rm("web")).toThrow(/This node is not a swarm manager/);
  docker01.docker.service.scale({ web: 3 }, { detach: true });
  docker01.docker.service.update("web", {
    image: "nginx",
    update: { parallelism: 2, delay: seconds(1.5), order: "start-first" },
    detach: true,
  });
  const { Spec } = docker01.docker.service.inspect("web") as {
    Spec: { UpdateConfig: unknown; Mode: unknown };
  };
  expect(Spec.Mode).toEqual({ Replicated: { Replicas: 3 } });
  expect(Spec.UpdateConfig).toMatchObject({ Parallelism: 2, Delay: 1_500_000_000, Order: "start-first" });
});
