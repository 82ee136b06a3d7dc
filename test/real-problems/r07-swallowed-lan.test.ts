import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";

// jakeswenson/BitBetter#79, moby/moby#21776: since a compose project is up, the host and a routed LAN with the same subnet cannot reach each other.
test("R07: a Docker network swallows a routed LAN that has the same subnet", async () => {
  const { lab, docker01, client } = stage("single");
  await succeed(
    docker01,
    "docker network create --subnet 203.0.113.0/24 -o com.docker.network.bridge.name=br-clash clash",
    // The report's container is called x: real dockerd wants two letters at least.
    "docker run -d --name x1 --network clash alpine sleep 3600   # stands for the clash of 172.28.0.0/16 with 172.28.0.0/16",
  );
  const pingFromClient = "ping -c 2 -W 1 192.168.56.101";

  // The connected /24 beats the default route via 192.168.56.1.
  expect(await type(docker01, "ip route get 203.0.113.9")).toMatch(
    /^203\.0\.113\.9 dev br-clash src 203\.0\.113\.1 /,
  );
  const asked = await captured(docker01, "tcpdump -ni br-clash arp", async () =>
    expect(await type(docker01, "ping -c 2 -W 2 203.0.113.9")).toMatch(
      /Destination Host Unreachable|100% packet loss/,
    ),
  );
  expect(asked[0]).toContain("Request who-has 203.0.113.9");
  // Requests arrive; the replies go into br-clash.
  const arrived = await captured(docker01, "tcpdump -ni enX0 icmp", async () =>
    expect(await type(client, pingFromClient)).toContain("100% packet loss"),
  );
  expect(arrived.length).toBe(2);
  for (const line of arrived) expect(line).toContain("203.0.113.9 > 192.168.56.101: ICMP echo request");

  // The cause: the reply's route is the bridge's own, and nobody there answers ARP.
  const trace = await lab.trace(async () => {
    await type(client, pingFromClient);
    await type(docker01, "sleep 4");
  });
  const reply = trace.first("ICMP echo reply");
  const route = reply.events.find((event) => event.kind === "route");
  expect(route).toMatchObject({ netns: "docker01", device: "br-clash", via: 0 });
  expect(endsOf(reply)).toEqual([expect.stringMatching(/^docker01, .*: NEIGH_FAILED$/)]);

  await succeed(
    docker01,
    "docker rm -f x1; docker network rm clash; docker network create --subnet 10.210.0.0/24 clash   # or default-address-pools in daemon.json",
  );
  expect(await type(docker01, "ip route get 203.0.113.9")).toMatch(
    /^203\.0\.113\.9 via 192\.168\.56\.1 dev enX0 /,
  );
  expect(await type(client, pingFromClient)).toContain("2 received");
});
