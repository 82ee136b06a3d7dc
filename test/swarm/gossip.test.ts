import { beforeEach, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

type Swarm = Lab<"docker01" | "docker02" | "docker03" | "client", "lan-docker02">;

/** The endpoints of other nodes that a node's vxlan0 knows. */
function known(lab: Lab, node: string): readonly string[] {
  const machine = lab.machine(node);
  const overlay = /^1-\w+/m.exec(machine.exec("ls /var/run/docker/netns").stdout)![0];
  const inside = `nsenter --net=/var/run/docker/netns/${overlay}`;
  const neighbours = machine.exec(`${inside} ip neigh`).stdout.matchAll(/^([\d.]+) .* PERMANENT/gm);
  const entries = machine.exec(`${inside} bridge fdb show dev vxlan0`).stdout.matchAll(/ dst /g);
  const addresses = [...neighbours].map(([, address]) => address!).sort();
  expect([...entries].length).toBe(addresses.length);
  return addresses;
}

describe("nodes of a swarm tell each other where endpoints live, over UDP port 7946", () => {
  let lab: Swarm;
  beforeEach(() => {
    lab = Lab.preset("swarm", { docker: "20.10", ingress: "10.255.0.0/16" }) as unknown as Swarm;
  });

  it("a node whose cable is out is forgotten by the others, and known again after", () => {
    const { docker01 } = lab.machines;
    expect(known(lab, "docker01")).toEqual(["10.255.0.3", "10.255.0.4"]);
    lab.cables["lan-docker02"].set({ loss: 1 });
    docker01.exec("sleep 40");
    expect(known(lab, "docker01")).toEqual(["10.255.0.4"]);
    expect(known(lab, "docker02")).toEqual([]);
    lab.cables["lan-docker02"].set({ loss: 0 });
    docker01.exec("sleep 60");
    expect(known(lab, "docker01")).toEqual(["10.255.0.3", "10.255.0.4"]);
    expect(known(lab, "docker02")).toEqual(["10.255.0.2", "10.255.0.4"]);
  });

  it("what a firewall keeps from a node it does not know", () => {
    const { docker01, docker02 } = lab.machines;
    docker02.exec("iptables -I INPUT -p udp --dport 7946 -j DROP");
    docker01.exec("docker service create -d --name web --replicas 3 -p 80:8000 momijiame/greeting:1.0");
    docker01.exec("sleep 12");
    expect(known(lab, "docker02").length).toBeLessThan(known(lab, "docker01").length);
    docker02.exec("iptables -D INPUT -p udp --dport 7946 -j DROP");
    docker01.exec("sleep 60");
    expect(known(lab, "docker02").length).toBe(known(lab, "docker01").length);
  });

  it("rows that were lost on the way come again", () => {
    const { docker01 } = lab.machines;
    lab.cables["lan-docker02"].set({ loss: 0.3 });
    docker01.exec("docker service create -d --name web --replicas 6 -p 80:8000 momijiame/greeting:1.0");
    docker01.exec("sleep 20");
    lab.cables["lan-docker02"].set({ loss: 0 });
    docker01.exec("sleep 60");
    const all = [2, 3, 4].map((node) => known(lab, `docker0${node - 1}`).length);
    const tasks = 6;
    const boxes = 3;
    // Each node knows all endpoints but its own two tasks and its ingress_sbox.
    expect(all).toEqual([1, 2, 3].map(() => tasks + boxes - 3));
  });
});
