import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";
import { dig } from "./tunnel.js";

const GET = "docker exec test-a wget -T 3 -qO- http://172.18.0.33:5000/";

// moby/moby#43386, moby/moby#41775: requests to a task on another node time out, ping works; VMware guests with vmxnet3.
// The report has a swarm's service. Its overlay is played by a tunnel by hand: the card, the packet and the receiving kernel are the same.
test("R23: ping crosses the overlay, TCP does not: bad checksums from NIC offload", async () => {
  const lan = stage("lan");
  const { lab, docker01, hostB } = lan;
  await dig(lan);
  await succeed(hostB, "docker run -d --name api --net vxlan-net --ip 172.18.0.33 test-image");
  for (const machine of [docker01, hostB]) machine.fault("enX0", "tunnel-checksum");
  await succeed(hostB, "mkdir -p /run/netns");
  await succeed(hostB, "ln -s /proc/$(docker inspect -f '{{.State.Pid}}' api)/ns/net /run/netns/api");
  /** In the task's namespace, by the machine's tool. */
  const counted = async () => {
    const text = await type(hostB, "ip netns exec api nstat -az TcpInCsumErrors");
    return Number(/^TcpInCsumErrors +(\d+) +0\.0$/m.exec(text)?.[1]);
  };

  const before = await counted();
  let answer = "";
  const trace = await lab.trace(() =>
    captured(hostB, "tcpdump -vv -ni enX0 udp port 4789", async () => {
      answer = await type(docker01, GET);
    }),
  );
  expect(answer).toContain("timed out");
  expect(await type(docker01, "docker exec test-a ping -c 2 172.18.0.33")).toContain("2 packets received");
  const syns = trace.value.filter((line) => line.includes("Flags [S]"));
  expect(syns.length).toBeGreaterThan(0);
  for (const line of syns) expect(line).toMatch(/cksum 0x[0-9a-f]{4} \(incorrect -> 0x[0-9a-f]{4}\)/);
  expect(trace.value.join()).not.toContain("Flags [S.]");
  expect((await counted()) - before).toBe(syns.length);

  // The cause: the segment arrives, and the receiving kernel throws it away.
  expect(endsOf(trace.first("TCP SYN 172.18.0.11"))).toContain("api, tcp: TCP_CSUM");

  for (const machine of [docker01, hostB])
    await succeed(machine, "ethtool -K enX0 tx-checksum-ip-generic off");
  for (let i = 0; i < 4; i++) expect(await type(docker01, GET)).toContain("Hello from");
});
