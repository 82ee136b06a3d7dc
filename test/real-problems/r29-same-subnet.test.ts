import { expect, test } from "vitest";
import { captured, succeed, swarmStage, type } from "./player.js";

const SERVICE = "docker service create -d --name web --replicas 1 -p 80:8000 momijiame/greeting:1.0";
const FROM_ITS_LAN = "curl -sS -m 3 --interface 10.0.0.150 http://10.0.0.111/";

// SatoshiPortal/cyphernode#223: the host has a 10.0.0.x address; curl on the host answers, from any other machine of the LAN it times out.
test("R29: clients whose LAN is the ingress subnet time out", async () => {
  const { lab, docker01, docker02, docker03, client } = swarmStage("20.10", false);
  await succeed(
    docker01,
    "ip addr add 10.0.0.111/24 dev enp0s8",
    "ln -s /var/run/docker/netns /var/run/netns",
  );
  await succeed(client, "ip addr add 10.0.0.150/24 dev vboxnet0");
  await succeed(docker01, "docker swarm init --advertise-addr 192.168.56.100");
  const token = (await type(docker01, "docker swarm join-token -q worker")).trim();
  for (const [node, address] of [
    [docker02, "192.168.56.101"],
    [docker03, "192.168.56.102"],
  ] as const)
    await succeed(node, `docker swarm join --token ${token} --advertise-addr ${address} 192.168.56.100:2377`);
  await succeed(docker01, SERVICE, "sleep 15");

  expect(await type(docker01, "curl -s -m 3 http://10.0.0.111/")).toMatch(/^Hello, /);
  expect(await type(client, FROM_ITS_LAN)).toContain("timed out");
  expect(await type(client, "curl -s -m 3 --interface 192.168.56.1 http://192.168.56.100/")).toMatch(
    /^Hello, /,
  );
  const arp = await captured(docker01, "ip netns exec ingress_sbox tcpdump -ni eth0 arp", () =>
    type(client, FROM_ITS_LAN),
  );
  expect(arp).toContainEqual(expect.stringContaining("who-has 10.0.0.150"));
  expect(arp.join("\n")).not.toContain("10.0.0.150 is-at");
  expect(await type(docker01, "ip netns exec ingress_sbox ip route get 10.0.0.150")).toMatch(
    /^10\.0\.0\.150 dev eth0 /,
  );

  // The cause: the answer to the client's own address leaves by the overlay, where ingress_sbox takes it for a neighbour.
  const trace = await lab.trace(() => type(client, FROM_ITS_LAN));
  const answer = trace.first("TCP SYN,ACK");
  expect(answer.events).toContainEqual(
    expect.objectContaining({ kind: "route", netns: "ingress_sbox", device: "eth0", via: 0 }),
  );
  expect(trace.find("ARP").some((journey) => journey.summary.includes("10.0.0.150"))).toBe(true);

  await succeed(docker01, "docker service rm web", "sleep 15");
  await type(docker01, "echo y | docker network rm ingress");
  await succeed(
    docker01,
    "sleep 3",
    "docker network create -d overlay --ingress --subnet 10.255.0.0/16 --gateway 10.255.0.1 ingress",
    "sleep 3",
    SERVICE,
    "sleep 15",
  );
  expect(await type(client, FROM_ITS_LAN)).toMatch(/^Hello, /);
});
