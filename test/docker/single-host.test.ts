import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EngineLab, steady } from "./engine-lab.js";

const oracle = (path: string) =>
  readFileSync(new URL(`../oracle/single-host/${path}`, import.meta.url), "utf8").replace(/^# .*\n/, "");

/** Interfaces by name with their flags and addresses; numbers, MACs and IPv6 of the recording are its own. */
const interfaces = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/inet6|valid_lft/.test(line))
    .map((line) =>
      line
        .replace(/^\d+: /, "N: ")
        .replace(/@if\d+/, "@ifN")
        .replace(/link-netnsid \d+/, "link-netnsid N")
        .replace(/veth[0-9a-f]{7}/, "<veth>"),
    )
    .map((line) => line.replace(/(link\/ether) (?!02:42:ac)[0-9a-f:]{17}/, "$1 <mac>"));

describe("a fresh engine is the recorded one", () => {
  const lab = new EngineLab();
  it.each([
    ["docker network inspect bridge", "00-fresh-docker/docker-network-inspect-bridge.json"],
    ["docker network ls", "00-fresh-docker/docker-network-ls.txt"],
    ["docker ps -a", "00-fresh-docker/docker-ps.txt"],
  ])("%s", (command, file) => {
    expect(steady(lab.out(command))).toBe(steady(oracle(file)));
  });

  it("docker version", () => {
    const recorded = oracle("00-fresh-docker/docker-version.txt").replace(/\d+\.\d+\.\d+\niptables.*\n/, "");
    expect(lab.out("docker version")).toBe(recorded);
  });

  it("forwards, with docker0 at the gateway address", () => {
    expect(lab.out("sysctl net.ipv4.ip_forward")).toBe("net.ipv4.ip_forward = 1\n");
    expect(lab.out("ip -4 addr show docker0")).toContain(
      "    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\n",
    );
    expect(lab.out("ip route")).toContain("172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1");
  });
});

describe("a container is wired as the recorded one", () => {
  const lab = new EngineLab();
  lab.out("docker run -d --name=test-container alpine:latest tail -f /dev/null");

  it("docker inspect, NetworkSettings", () => {
    const settings = JSON.parse(
      lab.out("docker inspect test-container --format '{{json .NetworkSettings}}'"),
    );
    const text = `${JSON.stringify(settings, null, 2)}\n`;
    expect(steady(text)).toBe(steady(oracle("01-test-container/docker-inspect-network.json")));
  });

  it("docker network inspect bridge", () => {
    expect(steady(lab.out("docker network inspect bridge"))).toBe(
      steady(oracle("01-test-container/docker-network-inspect-bridge.json")),
    );
  });

  it("docker ps -a, but for the seconds", () => {
    const seconds = (text: string) =>
      steady(text)
        .replace(/\d+ seconds?/g, "N seconds")
        .replace(/ {2,}/g, "  ");
    expect(seconds(lab.out("docker ps -a"))).toBe(seconds(oracle("01-test-container/docker-ps.txt")));
  });

  it("ip address inside", () => {
    expect(interfaces(lab.out("docker exec test-container ip address"))).toEqual(
      interfaces(oracle("01-test-container/netns-test-ns-ip-address.txt")),
    );
  });

  it("ip route inside", () => {
    expect(lab.out("docker exec test-container ip route")).toBe(
      oracle("01-test-container/netns-test-ns-ip-route.txt"),
    );
  });

  it("the two ends of the veth pair name each other", () => {
    const [, inner, outer] = /(\d+): eth0@if(\d+)/.exec(lab.out("docker exec test-container ip link"))!;
    expect(lab.out("ip link")).toMatch(
      new RegExp(`${outer}: veth[0-9a-f]{7}@if${inner}: .* master docker0 `),
    );
    expect(Number(outer)).toBe(Number(inner) + 1);
  });

  it("/etc/hosts, /etc/resolv.conf and the host name, on a machine without a name server of its own", () => {
    const bare = new EngineLab();
    bare.host.files.write("/etc/resolv.conf", "");
    bare.out("docker run -d --name=test-container alpine:latest tail -f /dev/null");
    const { files, id } = bare.engine.containers.find("test-container");
    const [, hosts, , resolv, name] =
      /hosts <==\n([^=]*\n)\n(==> \/etc\/resolv.conf <==\n)((?:.|\n)*8.8.4.4\n)(\w{12})\n/.exec(
        oracle("01-test-container/container-files.txt"),
      )!;
    expect(files.readText("/etc/hosts")).toBe(hosts!.replace(name!, id.slice(0, 12)));
    expect(files.readText("/etc/resolv.conf")).toBe(resolv);
    expect(files.readText("/etc/hostname")).toBe(`${id.slice(0, 12)}\n`);
  });

  it("keeps its address over a restart, on a new veth pair", () => {
    const veth = () => /veth[0-9a-f]{7}/.exec(lab.out("ip link"))![0];
    const before = veth();
    lab.out("docker restart -t 0 test-container");
    expect(lab.out("docker inspect -f '{{.NetworkSettings.IPAddress}}' test-container")).toBe("172.17.0.2\n");
    expect(veth()).not.toBe(before);
  });

  it("takes ten seconds to stop what ignores SIGTERM", () => {
    const start = lab.world.scheduler.now;
    lab.out("docker stop test-container");
    expect(Math.round((lab.world.scheduler.now - start) / 1e9)).toBe(11);
    expect(
      lab.out("docker inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Pid}}' test-container"),
    ).toBe("exited 137 0\n");
    expect(lab.out("ip link")).not.toContain("veth");
  });
});

describe("a network of the user's is the recorded one", () => {
  const lab = new EngineLab();
  lab.out(
    'docker network create --subnet 172.18.0.0/16 --attachable=true -o "com.docker.network.bridge.name"="test-net" test-net',
  );
  lab.out("docker run -d --network test-net --ip 172.18.0.2 --name test-container test-image");
  lab.out("docker run -d --network test-net --name other test-image");

  it("docker network inspect test-net", () => {
    const sorted = (text: string) => {
      const [network] = JSON.parse(text);
      network.Containers = Object.values<{ Name: string }>(network.Containers).sort((a, b) =>
        a.Name < b.Name ? -1 : 1,
      );
      return JSON.parse(steady(JSON.stringify(network)));
    };
    expect(sorted(lab.out("docker network inspect test-net"))).toEqual(
      sorted(oracle("07-user-network/docker-network-inspect-test-net.json")),
    );
  });

  it("ip address and ip route inside", () => {
    expect(interfaces(lab.out("docker exec test-container ip addr"))).toEqual(
      interfaces(oracle("07-user-network/container-netns/ip-addr.txt")),
    );
    expect(lab.out("docker exec test-container ip route")).toBe(
      oracle("07-user-network/container-netns/ip-route.txt"),
    );
  });

  it("/etc/resolv.conf names the embedded server", () => {
    const { files } = lab.engine.containers.find("test-container");
    expect(
      oracle("07-user-network/container-netns/resolv.conf.txt").startsWith(
        files.readText("/etc/resolv.conf"),
      ),
    ).toBe(true);
  });

  it("goes away with its bridge once it is empty", () => {
    expect(lab.run("docker network rm test-net").stderr).toMatch(/has active endpoints$/m);
    lab.out("docker rm -f test-container other");
    expect(lab.out("docker network rm test-net")).toBe("test-net\n");
    expect(lab.out("ip link")).not.toContain("test-net");
  });
});
