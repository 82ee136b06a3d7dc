import { expect, test } from "vitest";
import { captured, endsOf, succeed, swarmStage, type } from "./player.js";

/**
 * Two requests from one port. The page is one that is not there: its answer has no length, so the server closes first, and the port is free at the client
 * at once, as it is for the many requests of the thread.
 */
const TWICE = `for i in 1 2; do curl --local-port 40000 -s -o /dev/null -w '%{time_connect}\\n' http://192.168.56.100/none; done`;

// moby/moby#35082: under many requests from one client latency rises by exactly one second.
test("R27: one-second delays under load: client port re-used while IPVS still has the connection", async () => {
  const { lab, docker01, client } = swarmStage("17.09");
  await succeed(
    docker01,
    "docker service create --detach --name web --replicas 2 -p 80:8000 momijiame/greeting:1.0",
    "sleep 15",
  );
  const inside = "nsenter --net=/var/run/docker/netns/ingress_sbox";
  expect(await type(docker01, `${inside} sysctl net.ipv4.vs.conntrack net.ipv4.vs.conn_reuse_mode`)).toBe(
    "net.ipv4.vs.conntrack = 1\nnet.ipv4.vs.conn_reuse_mode = 1\n",
  );
  const times = async () => (await type(client, TWICE)).trim().split("\n").map(Number);

  let both: readonly number[] = [];
  const seen = await captured(client, "tcpdump -ni any 'tcp[tcpflags] == tcp-syn'", async () => {
    both = await times();
  });
  expect(both[0]).toBeLessThan(0.01);
  expect(both[1]).toBeGreaterThan(1);
  expect(both[1]).toBeLessThan(1.1);
  expect(seen.filter((line) => line.includes("192.168.56.1.40000 > 192.168.56.100.80"))).toHaveLength(3);
  const entry = async () =>
    /TIME_WAIT +192\.168\.56\.1:40000 +\S+ +(\S+)/.exec(await type(docker01, `${inside} ipvsadm -lnc`))?.[1];
  expect(await entry()).toMatch(/^10\.255\.0\.[67]:80$/);

  // The cause: ingress_sbox's IPVS takes the SYN for the old connection, ends that and drops the SYN.
  const trace = await lab.trace(() => type(client, "curl --local-port 40000 -s http://192.168.56.100/none"));
  const [dropped, again] = trace.find("TCP SYN 192.168.56.1:40000");
  expect(endsOf(dropped!)).toEqual([expect.stringMatching(/^ingress_sbox, .*INPUT: NETFILTER_DROP$/)]);
  expect(again!.startedAt - dropped!.startedAt).toBeGreaterThan(0.99e9);

  await succeed(docker01, `${inside} sysctl -w net.ipv4.vs.conn_reuse_mode=0`);
  const before = await entry();
  for (const time of await times()) expect(time).toBeLessThan(0.01);
  // The price: the port keeps its old task.
  expect(await entry()).toBe(before);
});
