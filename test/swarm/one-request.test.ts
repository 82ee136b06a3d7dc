import { beforeAll, describe, expect, it } from "vitest";
import { packets } from "./captured-packets.js";
import { NODES, RecordedSwarm, recording } from "./recorded-swarm.js";

interface Case {
  readonly folder: string;
  readonly node: string;
  readonly address: string;
  /** Seconds for which the captures went on: after five a machine asks whether its neighbour is still there. */
  readonly lasts: number;
  /** Places where the recording saw something. */
  readonly files: readonly string[];
}

const CASES: readonly Case[] = [
  {
    folder: "03-one-request-to-node-without-replica",
    node: "docker02",
    address: "192.168.56.101",
    lasts: 0,
    files: [
      "1-client-vboxnet0",
      "docker02-2-enp0s8",
      "docker02-3-docker_gwbridge",
      "docker02-4-ingress_sbox-eth1",
      "docker02-5-ingress_sbox-eth0",
      "docker02-6-overlay-br0",
      "docker02-7-overlay-vxlan0",
      "docker03-2-enp0s8",
      "docker03-6-overlay-br0",
      "docker03-7-overlay-vxlan0",
      "docker03-8-container-eth0",
    ],
  },
  {
    folder: "04-one-request-to-node-with-replica",
    node: "docker01",
    address: "192.168.56.100",
    lasts: 6,
    files: [
      "1-client-vboxnet0",
      "docker01-2-enp0s8",
      "docker01-3-docker_gwbridge",
      "docker01-4-ingress_sbox-eth1",
      "docker01-5-ingress_sbox-eth0",
      "docker01-6-overlay-br0",
      "docker01-7-overlay-vxlan0",
      "docker03-2-enp0s8",
      "docker03-6-overlay-br0",
      "docker03-7-overlay-vxlan0",
      "docker03-8-container-eth0",
    ],
  },
];

/** Begins the recordings' captures on all nodes, as their script does. */
async function beginCaptures(swarm: RecordedSwarm): Promise<void> {
  const capture = (node: string, file: string, tcpdump: string) =>
    swarm.run(node, `${tcpdump} > /tmp/${file} 2> /dev/null &`);
  await capture("client", "1-client-vboxnet0", "tcpdump -i vboxnet0 -n -e -vv 'port 80 or icmp'");
  for (const node of NODES) {
    const inside = (netns: string, device: string) => `ip netns exec ${netns} tcpdump -i ${device} -n -e -vv`;
    const lan = "tcpdump -i enp0s8 -n -e -vv 'port 80 or udp port 4789 or icmp'";
    await capture(node, `${node}-2-enp0s8`, lan);
    await capture(node, `${node}-3-docker_gwbridge`, "tcpdump -i docker_gwbridge -n -e -vv");
    await capture(node, `${node}-4-ingress_sbox-eth1`, inside("ingress_sbox", "eth1"));
    await capture(node, `${node}-5-ingress_sbox-eth0`, inside("ingress_sbox", "eth0"));
    await capture(node, `${node}-6-overlay-br0`, inside(swarm.overlay[node]!, "br0"));
    await capture(node, `${node}-7-overlay-vxlan0`, inside(swarm.overlay[node]!, "vxlan0"));
    for (const netns of await swarm.sandboxes(node))
      await capture(node, `${node}-8-container-eth0`, inside(netns, "eth0"));
  }
}

async function endCaptures(swarm: RecordedSwarm): Promise<void> {
  for (const node of [...NODES, "client"]) await swarm.run(node, "kill -INT $(jobs -p); wait; true");
}

describe("one request, as tcpdump showed it on every interface of its way", () => {
  const seen = new Map<string, string>();
  const answers: string[] = [];

  beforeAll(async () => {
    const swarm = await RecordedSwarm.withService();
    for (const { folder, address, lasts, files } of CASES) {
      await swarm.zero();
      await beginCaptures(swarm);
      answers.push(await swarm.run("client", `curl -s -m 5 ${address}`));
      await swarm.run("client", `sleep ${lasts}`);
      await endCaptures(swarm);
      for (const file of files) {
        const machine = file.startsWith("1-") ? "client" : file.slice(0, 8);
        seen.set(`${folder}/${file}`, swarm.machine(machine).read(`/tmp/${file}`));
      }
    }
  }, 120_000);

  it("is answered by the replica on docker03, both times", () => {
    expect(answers[0]).toMatch(/^Hello, [0-9a-f]{12}\n$/);
    expect(answers[1]).toBe(answers[0]);
  });

  it.each(CASES.flatMap(({ folder, files }) => files.map((file) => `${folder}/${file}`)))("%s", (file) => {
    const recorded = packets(recording(`${file}.tcpdump.txt`));
    expect(Object.keys(recorded).length).toBeGreaterThan(1);
    expect(packets(seen.get(file)!)).toEqual(recorded);
  });
});
