import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/**
 * Both bridges of the tunnel hold 172.18.0.1. Recorded in namespaces wired like the lab, with iputils 20221126 and BusyBox 1.35; the bridges' MACs are set to
 * 02:42:aa:aa:aa:aa (this host's) and 02:42:bb:bb:bb:bb (the other's).
 */
interface Recorded {
  readonly command: string;
  readonly printed: string;
  readonly status: number;
  /** What tcpdump showed on the container's eth0 meanwhile; empty where nobody looked. */
  readonly captured: readonly string[];
}

function recorded(name: string): readonly Recorded[] {
  const text = readFileSync(new URL(`recorded/${name}.txt`, import.meta.url), "utf8");
  return text
    .split(/^### /m)
    .slice(1)
    .map((block) => {
      const [command = "", ...rest] = block.split("\n");
      const [dialogue = "", captured = ""] = rest.join("\n").split("--- tcpdump\n");
      const [, printed = "", status] = /^([\s\S]*?)\[rc=(\d+)\]/.exec(dialogue)!;
      return {
        command,
        printed,
        status: Number(status),
        captured: captured.split("\n").filter((line) => line !== ""),
      };
    });
}

async function tunnel(image: string): Promise<Lab> {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
  for (const [host, peer, container, address, mac] of [
    ["host-a", "192.168.56.102", "test-a", "172.18.0.11", "02:42:aa:aa:aa:aa"],
    ["host-b", "192.168.56.101", "test-b", "172.18.0.22", "02:42:bb:bb:bb:bb"],
  ] as const)
    await lab.machine(host).script(`
      ip link add vxlan0 type vxlan id 10 remote ${peer} dstport 4789 dev enX0
      ip link set vxlan0 up
      docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net
      brctl addif vxlan-net vxlan0
      ip link set vxlan-net address ${mac}
      docker run -d --name ${container} --net vxlan-net --ip ${address} ${image} sleep 3600`);
  return lab;
}

const withoutTimes = (text: string) =>
  text
    .replace(/\d+\.\d{3}ms/g, "T")
    .replace(/time[= ]\d+(\.\d+)? ?ms/g, "time T")
    .replace(/= [\d./]+ ms/, "= T")
    .replace(/\[FE:84:37:91:EF:9D\]|\[00:16:3E:[\dA-F:]+\]/, "[NIC]");

describe.each([
  ["arping-iputils", "test-image", "docker exec test-a "],
  ["arping-busybox", "alpine", "docker exec test-a "],
  ["arping-host", "alpine", ""],
])("%s", (file, image, before) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await tunnel(image);
  });

  it.each(recorded(file))("$command", async ({ command, printed, status }) => {
    const result = await lab.machine("host-a").script(`${before}${command} 2>&1`);
    expect(withoutTimes(result.stdout)).toBe(withoutTimes(printed));
    expect(result.status).toBe(status);
  });
});

describe("who answers for the gateway that both bridges hold", () => {
  let lab: Lab;
  const asked = recorded("two-gateways");
  beforeAll(async () => {
    lab = await tunnel("test-image");
    await lab.machine("host-a").script("docker exec test-a ping -c 1 172.18.0.22; sleep 40");
  });

  const sh = async (line: string) => (await lab.machine("host-a").script(`${line} 2>&1`)).stdout;
  const lines = (text: string | readonly string[]) =>
    (typeof text === "string" ? text.split("\n") : text)
      .map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{6} /, "").replace(/id \d+, seq/, "id N, seq"))
      // Neighbours that the containers ask about now and then are another matter.
      .filter((line) => line !== "" && !line.includes("02:42:ac:12:00:16"))
      .sort();

  it.each(asked.filter(({ captured }) => captured.length > 0))("$command, and the frames", async (entry) => {
    await sh("docker exec test-a ip neigh flush dev eth0");
    const printed = await sh(
      `docker exec test-a tcpdump -i eth0 -n -e arp or icmp > /tmp/frames 2>/dev/null & sleep 1; docker exec test-a ${entry.command}; sleep 1; kill %1; wait`,
    );
    expect(withoutTimes(printed)).toContain(withoutTimes(entry.printed));
    expect(lines(await sh("cat /tmp/frames"))).toEqual(lines(entry.captured));
  });

  it("the container keeps the first answer, its own host's; the bridge and vxlan0 know the other gateway", async () => {
    expect(await sh("docker exec test-a ip neigh show 172.18.0.1")).toBe(
      "172.18.0.1 dev eth0 lladdr 02:42:aa:aa:aa:aa REACHABLE \n",
    );
    expect(await sh("bridge fdb show | grep 02:42:bb")).toBe(
      "02:42:bb:bb:bb:bb dev vxlan0 master vxlan-net \n02:42:bb:bb:bb:bb dev vxlan0 dst 192.168.56.102 self \n",
    );
    expect(await sh("docker exec test-a ping -c 2 203.0.113.9 | tail -2 | head -1")).toContain("2 received");
  });
});
