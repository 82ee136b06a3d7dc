import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

describe("networks of a swarm, by Docker's commands", () => {
  let lab: Lab;
  const exec = (node: string, command: string) => lab.machine(node).exec(command);
  beforeAll(() => {
    lab = Lab.preset("swarm", { docker: "20.10" }) as unknown as Lab;
    exec("docker01", "docker network create -d overlay --attachable --subnet 10.0.9.0/24 my-net");
    exec("docker01", "docker network create -d overlay closed");
    exec("docker01", "docker service create -d --name web --network my-net momijiame/greeting:1.0");
    exec("docker01", "sleep 12");
  });

  it.each([
    [
      "docker02",
      "docker network create -d overlay other",
      "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
    ],
    ["docker01", "docker network create -d overlay my-net", "network with name my-net already exists"],
    [
      "docker01",
      "docker network create -d overlay --subnet 10.0.9.128/25 other",
      "invalid pool request: Pool overlaps with other one on this address space",
    ],
    [
      "docker01",
      "docker network create -d overlay -o encrypted other",
      "network option encrypted is not supported here: the lab has no IPsec",
    ],
    [
      "docker03",
      "docker run -d --network closed alpine sleep 9",
      "Could not attach to network closed: rpc error: code = PermissionDenied desc = network closed not manually attachable.",
    ],
    [
      "docker03",
      "docker run -d --network ingress alpine sleep 9",
      "Could not attach to network ingress: rpc error: code = PermissionDenied desc = network ingress not manually attachable.",
    ],
    ["docker02", "docker run -d --network nowhere alpine sleep 9", "network nowhere not found."],
  ])("on %s, %s is refused", (node, command, message) => {
    const { status, stderr } = exec(node, command);
    expect(status).not.toBe(0);
    expect(stderr.trim().replace(/^(docker: )?Error response from daemon: /, "")).toBe(message);
  });

  it("one that a service is in stays", () => {
    const { status, stderr } = exec("docker01", "docker network rm my-net");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Error response from daemon: rpc error: code = FailedPrecondition desc = network [0-9a-z]{25} is in use by service [0-9a-z]{25}\n$/,
    );
  });

  it("there is one ingress network; the client asks before it goes", () => {
    const again = exec("docker01", "docker network create -d overlay --ingress second");
    expect(again.stderr).toMatch(
      /rpc error: code = AlreadyExists desc = ingress network \([0-9a-z]{25}\) is already present/,
    );
    const asked = exec("docker01", "docker network rm ingress");
    expect(asked.stdout).toMatch(
      /^WARNING! Before removing the routing-mesh network.*\nAre you sure you want to continue\? \[y\/N\] $/,
    );
    expect(exec("docker01", "docker network ls -q --filter name=ingress").stdout).not.toBe("");
  });

  it("a container that is no task is let into an attachable one, and known by its name on all nodes", () => {
    exec("docker02", "docker run -d --name solo --network my-net alpine sleep 900");
    exec("docker03", "docker run -d --name other alpine sleep 900");
    expect(exec("docker03", "docker network connect my-net other").stderr).toBe("");
    exec("docker01", "sleep 1");
    expect(exec("docker03", "docker exec other ping -c 1 solo").stdout).toMatch(
      /1 packets transmitted, 1 packets received/,
    );
    exec("docker02", "docker rm -f solo");
    exec("docker03", "docker network disconnect my-net other");
    exec("docker01", "sleep 1");
    expect(exec("docker02", "docker network ls -q --filter name=my-net").stdout).toBe("");
    expect(exec("docker02", "ls /var/run/docker/netns").stdout).not.toMatch(/lb_/);
  });

  it("one that nothing uses goes, from the nodes too", () => {
    exec("docker01", "docker service rm web");
    exec("docker01", "sleep 20");
    expect(exec("docker01", "docker network rm my-net closed").stdout).toBe("my-net\nclosed\n");
    for (const node of ["docker01", "docker02", "docker03"])
      expect(exec(node, "docker network ls -q --filter driver=overlay --filter name=my-net").stdout).toBe("");
  });
});
