import { describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const NETWORK =
  "docker network create --subnet 172.30.0.0/16 -o com.docker.network.bridge.name=br-a -o com.docker.network.bridge.gateway_mode_ipv4=";

/** What a client reaches whose router sends the container's subnet to the Docker host: curl's exit status, 28 for a packet that vanishes, 7 for a refusal. */
const MODES = [
  { mode: "nat", published: 0, direct: 28, unpublished: 28, ping: false, source: "192.168.56.101" },
  { mode: "nat-unprotected", published: 0, direct: 0, unpublished: 7, ping: true, source: "192.168.56.101" },
  { mode: "routed", published: 7, direct: 0, unpublished: 28, ping: true, source: "172.30.0.2" },
] as const;

describe.each(MODES)(
  "Docker 28, gateway mode $mode",
  ({ mode, published, direct, unpublished, ping, source }) => {
    const { docker01, router, client } = Lab.preset("single", { docker: "28", seed: 7 }).machines;
    router.exec("ip route add 172.30.0.0/16 via 192.168.56.101");
    docker01.exec(`${NETWORK}${mode} a`);
    docker01.exec("docker run -d --name one --network a -p 8080:5000 test-image");
    const curl = (url: string) => client.exec(`curl -s -m 2 ${url}`).status;

    test("by the machine's port", () => {
      expect(curl("192.168.56.101:8080")).toBe(published);
    });

    test("by the container's own address: a published port, another one, ping", () => {
      expect(curl("172.30.0.2:5000")).toBe(direct);
      expect(curl("172.30.0.2:81")).toBe(unpublished);
      expect(client.exec("ping -c 1 -W 1 172.30.0.2").status).toBe(ping ? 0 : 1);
    });

    test("the container's packets leave with the address of the mode", () => {
      const capture = client.start("tcpdump", "-n", "-c", "1", "-i", "eth0", "icmp");
      expect(docker01.exec("docker exec one ping -c 1 203.0.113.9").status).toBe(0);
      expect(capture.stop().text).toContain(`IP ${source} > 203.0.113.9: ICMP echo request`);
    });

    test("the machine itself and containers of the network reach it", () => {
      docker01.exec("docker run -d --name two --network a test-image");
      expect(docker01.exec("curl -s -m 2 172.30.0.2:5000").status).toBe(0);
      expect(docker01.exec("docker exec two curl -s -m 2 172.30.0.2:5000").status).toBe(0);
    });
  },
);

describe("Docker 28, gateway mode isolated", () => {
  const { docker01 } = Lab.preset("single", { docker: "28", seed: 7 }).machines;

  test("is for internal networks only", () => {
    expect(docker01.exec(`${NETWORK}isolated a`).stderr).toBe(
      "Error response from daemon: gateway mode 'isolated' can only be used for an internal network\n",
    );
    expect(docker01.exec("docker network ls -q -f name=a").stdout.split("\n").length).toBeLessThanOrEqual(2);
  });

  test("leaves the bridge without an address: the machine is not in the network", () => {
    expect(docker01.exec(`${NETWORK}isolated --internal a`).status).toBe(0);
    docker01.exec("docker run -d --name one --network a test-image");
    docker01.exec("docker run -d --name two --network a test-image");
    expect(docker01.exec("ip -4 addr show br-a").stdout).toBe("");
    // No address is kept for a gateway, so the first container has it.
    expect(docker01.exec("docker exec one hostname -i").stdout).toBe("172.30.0.1\n");
    expect(docker01.exec("docker exec one ip route").stdout).toBe(
      "172.30.0.0/16 dev eth0 proto kernel scope link src 172.30.0.1 \n",
    );
    expect(docker01.exec("ping -c 1 -W 1 172.30.0.1").status).toBe(1);
    expect(docker01.exec("docker exec two ping -c 1 -W 1 172.30.0.1").stdout).toContain(" 0% packet loss");
  });

  test("an unknown mode is refused", () => {
    expect(docker01.exec(`${NETWORK}bogus b`).stderr).toMatch(
      /^Error response from daemon: .*unknown gateway mode bogus/,
    );
  });
});
