import { Lab } from "hopbook";
import { beforeAll, describe, expect, it } from "vitest";

describe("a tunnel over a routed underlay", () => {
  let lab: Lab;

  beforeAll(() => {
    lab = Lab.preset("vxlan", { underlay: "routed", docker: "20.10" }) as unknown as Lab;
    const hosts = [
      ["host-a", "192.168.57.101", "172.18.0.11"],
      ["host-b", "192.168.56.101", "172.18.0.22"],
    ] as const;
    for (const [host, remote, address] of hosts)
      for (const command of [
        `ip link add vxlan0 type vxlan id 10 remote ${remote} dstport 4789 dev enX0 df set`,
        "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=br-mesh -o com.docker.network.driver.mtu=1450 mesh",
        "ip link set vxlan0 master br-mesh up",
        `docker run -d --name box --network mesh --ip ${address} alpine sleep 1000000`,
      ])
        expect(String(lab.machine(host).exec(command)), command).not.toContain("rror");
  });

  const box = () => lab.machine("host-a").container("box");

  it("the router takes one from the outer TTL and leaves the inner one alone", () => {
    box().ping("172.18.0.22", { count: 1 });
    const capture = lab.machine("host-b").capture("enX0", "udp port 4789");
    expect(box().ping("172.18.0.22", { count: 1 }).text).toContain("ttl=64");
    capture.stop();
    const frames = lab
      .machine("host-b")
      .exec(`tcpdump -n -v -r ${capture.argv[capture.argv.indexOf("-w") + 1]}`);
    expect(
      frames.lines.filter((line) => line.includes("proto UDP")).map((line) => /ttl (\d+)/.exec(line)![1]),
    ).toEqual(["63", "64"]);
  });

  it("each host's way to the other is by the router", () => {
    expect(lab.machine("host-a").exec("ip route get 192.168.57.101").lines[0]).toBe(
      "192.168.57.101 via 192.168.56.1 dev enX0 src 192.168.56.101 uid 0 ",
    );
    const trace = lab.trace(() => box().ping("172.18.0.22", { count: 1 }));
    const machines = trace.first("ICMP echo request").events.map(({ machine }) => machine);
    expect(machines.filter((name, i) => name !== machines[i - 1])).toEqual(["host-a", "router", "host-b"]);
  });

  it("a smaller MTU behind the router comes back to the host as fragmentation needed, with that MTU", () => {
    lab.machine("router").exec("ip link set eth1 mtu 1400");
    const trace = lab.trace(() => box().exec("ping -c 1 -W 1 -s 1400 172.18.0.22"));
    const error = trace.journeys.find(
      ({ summary, events }) => summary.includes("fragmentation needed") && events[0]!.machine === "router",
    );
    expect(error?.summary).toContain("192.168.56.1 → 192.168.56.101");
    expect(error!.events.some(({ machine }) => machine === "host-a")).toBe(true);
    expect(lab.machine("host-a").exec("ip route get 192.168.57.101").stdout).toContain("mtu 1400");
  });
});
