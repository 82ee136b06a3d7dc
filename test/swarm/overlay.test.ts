import { beforeAll, describe, expect, it } from "vitest";
import {
  differences,
  folders,
  HOST_LISTINGS,
  NAMESPACE_LISTINGS,
  type Owners,
  ownersOf,
} from "./overlay-listings.js";
import { NODES, printed, RecordedSwarm } from "./recorded-swarm.js";

/** The recordings' first node was looked at while its bridge was being made; the second time with namespaces of the swarm before still there. */
const EARLY =
  /(01-|20-.*\/)before-service\/docker01\/(ip-addr|bridge-fdb-show|brctl-show|ip-route)|20-.*docker01\/ip-netns/;

const same = (all: readonly { file: string }[]) => all.filter(({ file }) => !EARLY.test(file));

function inspectedOwners(
  swarm: RecordedSwarm,
  recorded: string,
  network: string,
): { real: Owners; ours: Owners } {
  return {
    real: ownersOf((node) => printed(`${recorded}/${node}/docker-network-inspect-${network}.json`)),
    ours: ownersOf((node) => swarm.out(node, `docker network inspect ${network}`)),
  };
}

/** All of a node's listings about the ingress network, its own and in each namespace. */
async function ingressDifferences(swarm: RecordedSwarm, recorded: string, node: string) {
  const owners = inspectedOwners(swarm, recorded, "ingress");
  const [box] = await swarm.sandboxes(node);
  const overlay = swarm.out(node, "ip netns").match(/^1-\w+/m)![0];
  const within = (folder: string, namespace: string) =>
    differences(swarm, node, `${recorded}/${node}/${folder}`, {
      listings: NAMESPACE_LISTINGS,
      inside: `ip netns exec ${namespace} `,
      ...owners,
    });
  return same([
    ...differences(swarm, node, `${recorded}/${node}`, { listings: HOST_LISTINGS, inside: "", ...owners }),
    ...within("ingress_sbox", "ingress_sbox"),
    ...within("overlay-ingress", overlay),
    ...folders(`${recorded}/${node}`, "container-").flatMap((folder) => within(folder, box!)),
  ]);
}

describe("the networks of a swarm are listed on each node as Docker 20.10's were recorded", () => {
  let swarm: RecordedSwarm;
  beforeAll(() => {
    swarm = RecordedSwarm.make();
  });

  it.each(NODES)("before there is a service: %s", async (node) => {
    expect(await ingressDifferences(swarm, "01-before-service", node)).toEqual([]);
  });

  it("with a service of two replicas, kept off docker02", async () => {
    await swarm.run(
      "docker01",
      "docker node update --availability drain docker02 > /dev/null",
      "docker service create -d --name helloworld --replicas=2 -p 80:8000 momijiame/greeting:1.0",
      "sleep 20",
      "docker node update --availability active docker02 > /dev/null",
      "sleep 3",
    );
    for (const node of NODES)
      expect(await ingressDifferences(swarm, "02-service-2-replicas", node)).toEqual([]);
  });

  it("with an overlay network of the user's and three services in it", async () => {
    const recorded = "11-user-overlay";
    await swarm.run("docker01", "docker network create -d overlay --attachable --subnet 10.0.9.0/24 my-net");
    for (const service of [
      "--name web --network my-net --replicas 3 momijiame/greeting:1.0",
      "--name cli --network my-net --constraint node.hostname==docker02 alpine:latest sleep 36000",
      "--name rrweb --network my-net --endpoint-mode dnsrr --replicas 3 momijiame/greeting:1.0",
    ])
      await swarm.run("docker01", `docker service create -d --no-resolve-image ${service}`);
    await swarm.run("docker01", "sleep 20");
    const owners = inspectedOwners(swarm, recorded, "my-net");
    for (const node of NODES) {
      const listings = [...swarm.out(node, "ls /var/run/docker/netns").matchAll(/\S+/g)].map(
        ([name]) => name,
      );
      const id = (await swarm.run(node, "docker network inspect -f '{{.Id}}' my-net")).trim();
      const pairs: [string, string][] = [
        ["netns-1-jty096ivcx", `1-${id.slice(0, 10)}`],
        ["overlay-my-net", `1-${id.slice(0, 10)}`],
        ["netns-lb_jty096ivc", `lb_${id.slice(0, 9)}`],
      ];
      for (const [folder, namespace] of pairs) {
        expect(listings).toContain(namespace);
        const found = differences(swarm, node, `${recorded}/${node}/${folder}`, {
          listings: NAMESPACE_LISTINGS,
          inside: `ip netns exec ${namespace} `,
          ...owners,
        });
        expect(found).toEqual([]);
      }
      const names = HOST_LISTINGS.filter(([file]) => /netns|network-ls|my-net/.test(file));
      expect(
        differences(swarm, node, `${recorded}/${node}`, { listings: names, inside: "", ...owners }),
      ).toEqual([]);
    }
  });
});

describe("and with Docker 20.10's own address pool", () => {
  const folder = "20-default-address-pool";
  let swarm: RecordedSwarm;
  beforeAll(() => {
    swarm = RecordedSwarm.make("default");
  });

  it.each(NODES)("before there is a service: %s", async (node) => {
    expect(await ingressDifferences(swarm, `${folder}/before-service`, node)).toEqual([]);
  });

  it("with a service of two replicas, which answer in turn", async () => {
    await swarm.run(
      "docker01",
      "docker node update --availability drain docker03 > /dev/null",
      "docker service create -d --name helloworld --replicas=2 -p 80:8000 momijiame/greeting:1.0",
      "sleep 20",
    );
    for (const node of NODES)
      expect(await ingressDifferences(swarm, `${folder}/after-service`, node)).toEqual([]);
    const said = await swarm.run("client", "for i in 1 2 3 4; do curl -s -m 5 192.168.56.101; done");
    const answers = said.trim().split("\n");
    expect(new Set(answers).size).toBe(2);
    expect(answers.slice(2)).toEqual(answers.slice(0, 2));
  });
});
