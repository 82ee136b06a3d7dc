import { expect, test } from "vitest";
import { captured, ruleMet, rulesMet, stage, succeed, type } from "./player.js";

const SENDER =
  "while :; do echo x | nc -u -w 0 -p 10000 192.168.56.101 9555; sleep 0.5; done &   # one flow 203.0.113.9:10000 -> 192.168.56.101:9555";
const INSIDE = "nsenter -t $(docker inspect -f '{{.State.Pid}}' server) -n tcpdump -ni eth0 udp";

// moby/moby#44688 (family of moby/moby#8795): UDP that has come all the time reaches the new container with the bridge's address as source.
test("R13: a UDP stream that started before the container keeps missing the DNAT rule", async () => {
  const { lab, docker01, client } = stage("single");
  await succeed(client, SENDER);
  await succeed(
    docker01,
    "sleep 2; docker run -d --name server -p 9555:9555/udp alpine nc -lu -p 9555",
    "sleep 2",
  );
  const flow = async () =>
    (await type(docker01, "conntrack -L -p udp --orig-port-dst 9555"))
      .split("\n")
      .find((line) => line.includes("src=203.0.113.9 "));

  expect(await flow()).toContain("[UNREPLIED] src=192.168.56.101 dst=203.0.113.9");
  expect(await type(docker01, "iptables -t nat -nvL DOCKER")).toMatch(/^ +0 +0 DNAT .*udp dpt:9555/m);
  const before = await captured(docker01, INSIDE, () => type(docker01, "sleep 2"));
  for (const line of before) expect(line).toMatch(/^IP 172\.17\.0\.1\.\d+ > 172\.17\.0\.2\.9555: UDP/);
  expect(before.length).toBeGreaterThan(2);

  // The cause: the packet belongs to an entry that is there, so that no rule of nat is asked. It is the host's, and docker-proxy takes it.
  const trace = await lab.trace(() => type(docker01, "sleep 1"));
  const datagram = trace.first("UDP 203.0.113.9:10000");
  expect(rulesMet(datagram).filter(({ rule }) => rule.startsWith("nat "))).toEqual([]);
  expect(datagram.fates).toMatchObject([{ kind: "delivered", netns: "docker01" }]);
  expect(trace.first("UDP 172.17.0.1:").fates).toMatchObject([{ kind: "delivered", netns: "server" }]);

  await succeed(docker01, "conntrack -D -p udp --orig-port-dst 9555");
  const next = await lab.trace(() => type(docker01, "sleep 2"));
  expect(
    ruleMet(next.first("UDP 203.0.113.9:10000"), "-j DNAT --to-destination 172.17.0.2:9555"),
  ).toMatchObject({
    hook: "PREROUTING",
    matched: true,
  });
  expect(await flow()).toContain("src=172.17.0.2 dst=203.0.113.9");
  const after = await captured(docker01, INSIDE, () => type(docker01, "sleep 2"));
  for (const line of after) expect(line).toBe("IP 203.0.113.9.10000 > 172.17.0.2.9555: UDP, length 2");
});

test("R13: without the userland proxy nobody takes the stream", async () => {
  const { docker01, client } = stage("single");
  await succeed(
    docker01,
    `echo '{"userland-proxy": false}' > /etc/docker/daemon.json; systemctl restart docker`,
  );
  await succeed(client, SENDER);
  await succeed(
    docker01,
    "sleep 2; docker run -d --name server -p 9555:9555/udp alpine nc -lu -p 9555",
    "sleep 2",
  );
  expect(await captured(docker01, INSIDE, () => type(docker01, "sleep 2"))).toEqual([]);
  // The report's "port unreachable" needs a port that nobody has: dockerd itself holds it with a socket that it never reads (libnetwork's dummyProxy).
  const told = await captured(docker01, "tcpdump -ni enX0 icmp", () => type(docker01, "sleep 2"));
  expect(told).toEqual([]);
  expect(await type(docker01, "ss -lunp")).toMatch(/0\.0\.0\.0:9555 .*"dockerd"/);
});

test("R13: release 28 clears the old entry itself, and the stream reaches the container with its own address", async () => {
  const { docker01, client } = stage("single", "28");
  await succeed(client, SENDER);
  await succeed(
    docker01,
    "sleep 2; docker run -d --name server -p 9555:9555/udp alpine nc -lu -p 9555",
    "sleep 2",
  );
  const lines = await captured(docker01, INSIDE, () => type(docker01, "sleep 2"));
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line).toBe("IP 203.0.113.9.10000 > 172.17.0.2.9555: UDP, length 2");
});
