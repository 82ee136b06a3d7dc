import { describe, expect, test } from "vitest";
import { DOCKER_VERSIONS, type DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/** Who stops a packet between two bridges, by release. */
const BETWEEN_BRIDGES: Readonly<Record<DockerVersion, string>> = {
  "1.12": "filter DOCKER-ISOLATION -i br-a -o br-b -j DROP",
  "17.05": "filter DOCKER-ISOLATION -i br-a -o br-b -j DROP",
  "17.09": "filter DOCKER-ISOLATION -i br-a -o br-b -j DROP",
  "20.10": "filter DOCKER-ISOLATION-STAGE-2 -o br-b -j DROP",
  "28": "raw PREROUTING -d 172.31.0.2/32 ! -i br-b -j DROP",
};

/** And between two containers of one bridge with enable_icc=false. */
const WITHIN = (version: DockerVersion) =>
  `filter ${version === "28" ? "DOCKER-FORWARD" : "FORWARD"} -i br-a -o br-a -j DROP`;

const BRIDGE = "docker network create -o com.docker.network.bridge.name=";
const NET_A = `${BRIDGE}br-a --subnet 172.30.0.0/16`;
const NET_B = `${BRIDGE}br-b --subnet 172.31.0.0/16`;

/** A lab of one machine, with what was typed on it. */
function setUp(version: DockerVersion, ...commands: readonly string[]) {
  const lab = Lab.preset("single", { docker: version, seed: 7 });
  const { docker01, client } = lab.machines;
  for (const command of commands) {
    const { status, stderr } = docker01.exec(command);
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
  }
  /** The DROP and REJECT rules and DROP policies that a command's packets end at. */
  const dropsOf = (from: typeof docker01, command: string): readonly string[] => {
    docker01.exec("iptables -Z");
    docker01.exec("iptables -t raw -Z");
    from.exec(command);
    return docker01
      .rules()
      .list.filter(({ rule, packets }) => packets > 0 && /(-j DROP|policy DROP)$/.test(rule))
      .map(({ table, chain, rule }) => `${table} ${chain} ${rule}`);
  };
  return { docker01, client, dropsOf };
}

const ping = (container: string, address: string) => `docker exec ${container} ping -c 1 -W 1 ${address}`;
const reached = / 0% packet loss/;

describe.each(DOCKER_VERSIONS)("Docker %s", (version) => {
  test("keeps the containers of two bridges apart, by the rule of its release", () => {
    const { docker01, dropsOf } = setUp(
      version,
      `${NET_A} a`,
      `${NET_B} b`,
      "docker run -d --name one --network a test-image",
      "docker run -d --name two --network b test-image",
      "docker run -d --name three --network a test-image",
    );
    expect(docker01.exec(ping("one", "172.30.0.3")).stdout).toMatch(reached);
    expect(dropsOf(docker01, ping("one", "172.31.0.2"))).toEqual([BETWEEN_BRIDGES[version]]);
    expect(docker01.exec("docker exec one curl -s -m 2 172.31.0.2:5000").status).toBe(28);
    // The other bridge's own address is the machine's: no rule stands in the way.
    expect(docker01.exec(ping("one", "172.31.0.1")).stdout).toMatch(reached);
  });

  test("enable_icc=false stops containers of one bridge, not what comes to a published port", () => {
    const { docker01, client, dropsOf } = setUp(
      version,
      `${NET_A} -o com.docker.network.bridge.enable_icc=false a`,
      "docker run -d --name one --network a test-image",
      "docker run -d --name two --network a -p 8080:5000 test-image",
    );
    expect(dropsOf(docker01, ping("one", "172.30.0.3"))).toEqual([WITHIN(version)]);
    expect(client.exec("curl -s -m 2 192.168.56.101:8080").stdout).toMatch(/^Hello from/);
    expect(docker01.exec(ping("one", "203.0.113.9")).stdout).toMatch(reached);
  });

  test("an internal network has no way out, and none in", () => {
    const { docker01, client, dropsOf } = setUp(
      version,
      `${NET_A} --internal a`,
      `${NET_B} b`,
      "docker run -d --name one --network a -p 8080:5000 test-image",
      "docker run -d --name two --network a test-image",
      "docker run -d --name three --network b test-image",
    );
    expect(docker01.exec(ping("one", "172.30.0.3")).stdout).toMatch(reached);
    expect(docker01.exec(ping("one", "203.0.113.9")).stdout).not.toMatch(reached);
    expect(dropsOf(docker01, ping("three", "172.30.0.2")).join()).toMatch(
      /! -s 172\.30\.0\.0\/16 -o br-a -j DROP/,
    );
    expect(client.exec("curl -s -m 2 192.168.56.101:8080").status).not.toBe(0);
    expect(docker01.exec("docker port one").stdout).toBe("");
    // The machine itself is on the bridge.
    expect(docker01.exec("ping -c 1 172.30.0.2").stdout).toMatch(reached);
  });

  test("a machine that did not forward before has FORWARD closed from 1.13 on", () => {
    const { docker01 } = setUp(version);
    const open = version === "1.12";
    expect(docker01.exec("iptables -S FORWARD").stdout).toMatch(
      open ? /^-P FORWARD ACCEPT/ : /^-P FORWARD DROP/,
    );
    expect(docker01.exec("sysctl -n net.ipv4.ip_forward").stdout).toBe("1\n");
  });

  test("DOCKER-USER comes before all else, from 17.06 on", () => {
    const { docker01, client } = setUp(
      version,
      `${NET_A} a`,
      "docker run -d --name one -p 8080:5000 test-image",
    );
    const forward = docker01.exec("iptables -S FORWARD").stdout.split("\n");
    if (version === "1.12" || version === "17.05") {
      expect(forward[1]).toBe("-A FORWARD -j DOCKER-ISOLATION");
      return;
    }
    expect(forward[1]).toBe("-A FORWARD -j DOCKER-USER");
    expect(client.exec("curl -s -m 2 192.168.56.101:8080").stdout).toMatch(/^Hello from/);
    docker01.exec("iptables -I DOCKER-USER -i enX0 -s 203.0.113.9 -j DROP");
    expect(client.exec("curl -s -m 2 192.168.56.101:8080").status).toBe(28);
    expect(docker01.exec(`${NET_B} b`).status).toBe(0);
    expect(docker01.exec("iptables -S FORWARD").stdout.split("\n")[1]).toBe("-A FORWARD -j DOCKER-USER");
    expect(client.exec("curl -s -m 2 192.168.56.101:8080").status).toBe(28);
  });

  test("enable_ip_masquerade=false lets a container's own address out", () => {
    const { docker01, client } = setUp(
      version,
      `${NET_A} -o com.docker.network.bridge.enable_ip_masquerade=false a`,
      "docker run -d --name one --network a test-image",
    );
    client.exec("ip route add 172.30.0.0/16 via 203.0.113.1");
    const capture = client.capture("eth0", "icmp");
    docker01.exec(ping("one", "203.0.113.9"));
    capture.stop();
    expect(client.exec(`tcpdump -nr ${capture.argv.at(-2)}`).stdout).toMatch(
      /IP 172\.30\.0\.2 > 203\.0\.113\.9: ICMP echo request/,
    );
  });
});
