import { Lab, ms } from "hopbook";
import { describe, expect, it } from "vitest";

/** The addresses of a machine's card, as `ip` prints them. */
function address(lab: Lab, machine: string, nic: string): string {
  return /inet (\S+)/.exec(lab.machine(machine).exec(`ip address show ${nic}`).stdout)![1]!;
}

describe("the preset vxlan", () => {
  it("has as many hosts as are asked for, typed by name", () => {
    const lab = Lab.preset("vxlan", { hosts: 3 });
    expect(Object.keys(lab.machines)).toEqual(["host-a", "host-b", "host-c", "router", "client"]);
    expect(Object.keys(lab.cables)).toEqual(["lan-a", "lan-b", "lan-c", "lan-router", "internet"]);
    expect(address(lab as unknown as Lab, "host-c", "enX0")).toBe("192.168.56.103/24");
    expect(lab.machines["host-c"].ping("192.168.56.101", { count: 1 }).ok).toBe(true);
    expect(lab.machines["host-a"].get("http://203.0.113.9:8080/").text).toBe("Hello from client");
    // @ts-expect-error there is no fourth host
    expect(lab.machines["host-d"]).toBeUndefined();
    // @ts-expect-error and no cable to it
    expect(lab.cables["lan-d"]).toBeUndefined();
  });

  it("types names after the letters, and any number that is not known before", () => {
    const many = Lab.preset("vxlan", { hosts: 28, docker: "20.10" });
    expect(many.machines["host-z"].name).toBe("host-z");
    expect(many.machines["host-28"].name).toBe("host-28");
    // @ts-expect-error one more than there are
    expect(many.machines["host-29"]).toBeUndefined();
    const any = Lab.preset("vxlan", { hosts: [2, 3][1]! });
    expect(any.machines["host-c"]?.name).toBe("host-c");
  });

  it("goes on behind .254 with a wider prefix", () => {
    const lab = Lab.preset("vxlan", { hosts: 156 }) as unknown as Lab;
    expect(["host-154", "host-155", "host-156"].map((name) => address(lab, name, "enX0"))).toEqual([
      "192.168.56.254/23",
      "192.168.57.1/23",
      "192.168.57.2/23",
    ]);
    expect(lab.machine("host-156").ping("192.168.56.101", { count: 1 }).ok).toBe(true);
  });

  it("routed: each host on a subnet of its own, the router between", () => {
    const lab = Lab.preset("vxlan", { hosts: 3, underlay: "routed" });
    expect(Object.keys(lab.cables)).toEqual(["lan-a", "lan-b", "lan-c", "internet"]);
    const { "host-a": a, "host-c": c, router } = lab.machines;
    expect(a.exec("ip route").stdout).toContain("default via 192.168.56.1 dev enX0");
    expect(c.exec("ip route get 192.168.56.101").lines[0]).toContain("via 192.168.58.1 dev enX0");
    expect(c.ping("192.168.56.101", { count: 1 }).text).toContain("ttl=63");
    expect(a.get("http://203.0.113.9:8080/").text).toBe("Hello from client");
    expect(router.exec("ip -br address show eth3").text).toContain("203.0.113.1/24");
  });

  it.each([
    ["single", { hosts: 3 }, 'the preset "single" has no option "hosts"; "vxlan" has'],
    ["single", { underlay: "routed" }, 'the preset "single" has no option "underlay"; "vxlan" has'],
    ["vxlan", { nodes: 3 }, 'the preset "vxlan" has no option "nodes"; "swarm" has'],
    ["vxlan", { routers: 3 }, 'the preset "vxlan" has no option "routers"; no preset has'],
    ["vxlan", { hosts: 1 }, 'the preset "vxlan" has 2 to 200 hosts, not 1'],
    ["vxlan", { hosts: 201 }, 'the preset "vxlan" has 2 to 200 hosts, not 201'],
    ["vxlan", { hosts: 2.5 }, 'the preset "vxlan" has 2 to 200 hosts, not 2.5'],
    ["vxlan", { underlay: "air" }, 'the underlay is "switched" or "routed", not "air"'],
    ["lan", {}, 'no preset "lan"; there are: single, vxlan, swarm'],
  ])("%s with %j is refused in words", (name, options, message) => {
    expect(() => Lab.preset(name as "single", options as object)).toThrow(message);
  });

  it("is rebuilt from its journal, options, cables and all", async () => {
    const lab = Lab.preset("vxlan", { hosts: 3, underlay: "routed", seed: 4 });
    lab.cables["lan-b"].set({ delay: ms(7), loss: 0.25 });
    lab.cables.internet.from("router").set({ rate: 1e6 });
    lab.machines["host-a"].ping("192.168.58.101", { count: 2 });
    lab.machines["host-b"].ping("192.168.58.101", { count: 4 });
    expect(lab.journal.header).toMatchObject({ preset: "vxlan", hosts: 3, underlay: "routed" });
    let printed = "";
    const again = await Lab.replay(lab.journal.toString(), (_, text) => {
      printed += text;
    });
    expect(again.journal.toJSON()).toEqual(lab.journal.toJSON());
    expect(again.now).toBe(lab.now);
    expect(printed).toContain("4 packets transmitted");
    expect(String(again.cable("lan-b"))).toBe(String(lab.cables["lan-b"]));
    expect(again.cable("internet").from("router").rate).toBe(1e6);
    expect(again.cable("internet").from("client").rate).toBe(10e9);
  });
});

describe("the preset swarm", () => {
  it("has three nodes with a NAT each, and the client on their LAN", () => {
    const lab = Lab.preset("swarm", { joined: false, docker: "20.10" });
    expect(Object.keys(lab.machines)).toEqual(["docker01", "docker02", "docker03", "client"]);
    const { docker01, docker03, client } = lab.machines;
    const all = lab as unknown as Lab;
    expect(["docker01", "docker02", "docker03"].map((name) => address(all, name, "enp0s8"))).toEqual([
      "192.168.56.100/24",
      "192.168.56.101/24",
      "192.168.56.102/24",
    ]);
    expect(address(all, "docker02", "enp0s3")).toBe("10.0.2.15/24");
    expect(address(all, "client", "vboxnet0")).toBe("192.168.56.1/24");
    expect(docker01.exec("ip -br link").text).toMatch(/^lo .*\nenp0s3 .* 08:00:27:\S+ .*\nenp0s8 /);
    expect(docker01.ping("192.168.56.102", { count: 1 }).ok).toBe(true);
    expect(docker03.ping("10.0.2.2", { count: 1 }).ok).toBe(true);
    expect(client.ping("192.168.56.101", { count: 1 }).ok).toBe(true);
    expect(docker01.exec("cat /etc/resolv.conf").text).toBe("nameserver 10.0.2.3");
    expect(docker03.get("http://www.example:8080/").text).toBe("Hello from client");
    // @ts-expect-error there is no fourth node
    expect(lab.machines.docker04).toBeUndefined();
    // The NATs are no machines to log in to, nor are they drawn.
    const { machines, links } = lab.topology();
    expect(machines.map(({ name }) => name)).toEqual(["docker01", "docker02", "docker03", "client", "lan"]);
    expect(links.filter(({ kind }) => kind === "cable")).toHaveLength(4);
  });

  it("has as many nodes as are asked for, or those named", () => {
    const many = Lab.preset("swarm", { nodes: 12, joined: false });
    expect(many.machines.docker12.name).toBe("docker12");
    // @ts-expect-error one more than there are
    expect(many.machines.docker13).toBeUndefined();
    const named = Lab.preset("swarm", { nodes: ["manager", "worker1"], joined: false, docker: "1.12" });
    expect(Object.keys(named.machines)).toEqual(["manager", "worker1", "client"]);
    expect(named.machines.worker1.exec("ip -br -4 address show enp0s8").text).toContain("192.168.56.101/24");
    expect(Object.keys(named.cables)).toContain("nat-worker1");
  });

  it("goes on behind .254 with a wider prefix", () => {
    const lab = Lab.preset("swarm", { nodes: 157, joined: false }) as unknown as Lab;
    expect(["docker155", "docker156"].map((name) => address(lab, name, "enp0s8"))).toEqual([
      "192.168.56.254/23",
      "192.168.57.1/23",
    ]);
    expect(lab.machine("docker156").ping("192.168.56.1", { count: 1 }).ok).toBe(true);
  });

  it.each([
    [{ nodes: 0 }, 'the preset "swarm" has 1 to 200 nodes, not 0'],
    [{ nodes: 201 }, 'the preset "swarm" has 1 to 200 nodes, not 201'],
    [{ nodes: ["a", "a"] }, 'two machines of the preset "swarm" are named "a"'],
    [{ nodes: ["a", "client"] }, 'two machines of the preset "swarm" are named "client"'],
    [{ nodes: ["a", "b c"] }, 'a machine cannot be named "b c"'],
    [
      { managers: ["docker07"] },
      'the manager "docker07" is no node of the swarm: docker01, docker02, docker03',
    ],
    [{ ingress: "10.255" }, 'the ingress network\'s subnet is like "10.255.0.0/16", not "10.255"'],
    [{ hosts: 3 }, 'the preset "swarm" has no option "hosts"; "vxlan" has'],
  ])("%j is refused in words", (options, message) => {
    expect(() => Lab.preset("swarm", options as object)).toThrow(message);
  });
});

describe("a joined swarm", () => {
  it("stands when the lab begins: docker01 leads, docker03 is a manager too", () => {
    const { docker01 } = Lab.preset("swarm", { docker: "20.10" }).machines;
    expect(docker01.exec("docker node ls").lines.map((line) => line.split(/ {2,}/).slice(1, -1))).toEqual([
      ["HOSTNAME", "STATUS", "AVAILABILITY", "MANAGER STATUS"],
      ["docker01", "Ready", "Active", "Leader"],
      ["docker02", "Ready", "Active"],
      ["docker03", "Ready", "Active", "Reachable"],
    ]);
  });

  it("has the managers that are named", () => {
    const nodes = ["alpha", "beta", "gamma"] as const;
    const { alpha } = Lab.preset("swarm", { nodes, managers: ["beta"], docker: "28" }).machines;
    expect(alpha.exec("docker", "node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}").lines).toEqual([
      "alpha Leader",
      "beta Reachable",
      "gamma ",
    ]);
  });

  it.each([
    ["1.12", undefined, "10.255.0.0/16"],
    ["17.09", undefined, "10.255.0.0/16"],
    ["20.10", undefined, "10.0.0.0/24"],
    ["28", "10.255.0.0/16", "10.255.0.0/16"],
  ] as const)("%s with ingress %s has the ingress network %s", (docker, ingress, subnet) => {
    const { docker01 } = Lab.preset("swarm", { docker, ingress: ingress!, nodes: 1 }).machines;
    expect(docker01.exec("docker network inspect ingress").text).toContain(`"Subnet": "${subnet}"`);
  });

  it("says which command failed when the release has no address pools", () => {
    expect(() => Lab.preset("swarm", { docker: "17.05", ingress: "10.9.0.0/16" })).toThrow(
      /^machine "docker01": "docker swarm init .* --default-addr-pool 10\.9\.0\.0\/16 .*" ended with status 125: unknown flag: --default-addr-pool/,
    );
  });

  it("is rebuilt from its journal, service and all", async () => {
    const lab = Lab.preset("swarm", {
      docker: "20.10",
      nodes: ["one", "two"],
      ingress: "10.255.0.0/16",
      seed: 4,
    });
    lab.machines.one.exec(
      "docker service create -d --name web --replicas 2 -p 80:8000 momijiame/greeting:1.0",
    );
    lab.wait(ms(5000));
    const answer = lab.machines.client.get("http://192.168.56.101/").text;
    expect(answer).toMatch(/^Hello, [0-9a-f]{12}$/);
    expect(lab.journal.header).toMatchObject({
      preset: "swarm",
      nodes: ["one", "two"],
      ingress: "10.255.0.0/16",
    });
    let last = "";
    const again = await Lab.replay(lab.journal.toString(), (_, text) => {
      last = text;
    });
    expect(last.trim()).toBe(answer);
    expect(again.now).toBe(lab.now);
  });
});
