import { expect, test } from "vitest";
import { captured, endsOf, ruleMet, stage, succeed, type } from "./player.js";

const BIG = "docker exec c1 wget -T 8 -O /dev/null http://203.0.113.9:8080/big";
const RUN = "docker run -d --name c1 alpine sleep 3600";

// moby/moby#20178, moby/moby#22297: on an OpenStack machine https works on the host and hangs in a container; small answers work.
test("R17: docker0 has 1500, the host's card 1450, and somebody filters ICMP", async () => {
  const { lab, docker01, client, router } = stage("single");
  await succeed(router, "ip link set eth0 mtu 1450   # the interface towards docker01");
  await succeed(docker01, "ip link set enX0 mtu 1450");
  await succeed(
    router,
    "iptables -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP   # the cloud that eats ICMP",
  );
  await succeed(client, "head -c 20000 /dev/zero > /srv/big; echo hi > /srv/small");
  await succeed(docker01, `${RUN}   # eth0 mtu 1500`);
  const curl = "curl -m 5 -s -o /dev/null -w '%{size_download}' http://203.0.113.9:8080/big";
  const SYN = "tcpdump -nvi enX0 'tcp[tcpflags] & tcp-syn != 0'";
  /** The segment sizes that SYNs from docker01's side offer. */
  const offered = (lines: readonly string[]) =>
    lines.flatMap((line) => /192\.168\.56\.101\.\d+ > .*\[S\].*[[ ]mss (\d+)/.exec(line)?.[1] ?? []);

  let size = "";
  const byHost = await captured(docker01, SYN, async () => {
    size = await type(docker01, curl);
  });
  expect(size).toBe("20000");
  expect(offered(byHost)).toEqual(["1410"]);
  expect(await type(docker01, "docker exec c1 wget -T 8 -qO- http://203.0.113.9:8080/small")).toBe("hi\n");
  let hung = "";
  const trace = await lab.trace(() =>
    captured(docker01, SYN, async () => {
      hung = await type(docker01, BIG);
    }),
  );
  expect(hung).toContain("Connecting to 203.0.113.9:8080");
  expect(hung).toContain("wget: download timed out");
  expect(offered(trace.value)).toEqual(["1460"]);

  // The cause: the router drops each full-size segment, and its ICMP for it ends in its own OUTPUT.
  // What the client's card cut into segments is one packet of the trace, with an end for each.
  const tooBig = trace.journeys.flatMap(endsOf).filter((end) => end === "router, ip forward: PKT_TOO_BIG");
  const told = trace.find("ICMP fragmentation needed");
  expect(tooBig.length).toBeGreaterThan(0);
  expect(told.length).toBe(tooBig.length);
  expect(ruleMet(told[0]!, "--icmp-type 3/4 -j DROP")).toMatchObject({
    netns: "router",
    hook: "OUTPUT",
    matched: true,
  });
  const counter = /^ +(\d+) +\d+ DROP /m.exec(await type(router, "iptables -nvL OUTPUT"));
  expect(Number(counter?.[1])).toBe(tooBig.length);

  await succeed(docker01, `echo '{"mtu": 1450}' > /etc/docker/daemon.json; systemctl restart docker`);
  await succeed(docker01, `docker rm -f c1; ${RUN}`);
  let loaded = "";
  const mended = await captured(docker01, SYN, async () => {
    loaded = await type(docker01, BIG);
  });
  expect(loaded).toMatch(/null +100% \|\*+\| 20000 /);
  expect(offered(mended)).toEqual(["1410"]);
});
