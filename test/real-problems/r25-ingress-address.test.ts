import { expect, test } from "vitest";
import { ruleMet, succeed, swarmStage, type } from "./player.js";

const CURL = "curl -s -o /dev/null -w '%{http_code}' http://192.168.56.101/";

/** Clients in the web server's log, each once. */
const visitors = (log: string) => [
  ...new Set([...log.matchAll(/\| ([\d.]+) - - \[.*"GET \/ HTTP/g)].map(([, client]) => client)),
];

// moby/moby#25526: the web server's log shows 10.255.0.x (10.0.0.x) for every visitor.
test("R25: services see an ingress address instead of the client's", async () => {
  const { lab, docker01, docker02, docker03, client } = swarmStage();
  await succeed(
    docker01,
    "docker service create -d --name web --mode global -p 80:80 nginx:alpine",
    "sleep 15",
  );
  await succeed(docker02, "ln -s /var/run/docker/netns /var/run/netns");
  const own = /inet (10\.0\.0\.\d+)\/24/.exec(
    await type(docker02, "ip netns exec ingress_sbox ip addr show eth0"),
  )![1]!;

  expect(await type(client, CURL)).toBe("200");
  expect(visitors(await type(docker01, "docker service logs web"))).toEqual([own]);
  expect(await type(docker02, "ip netns exec ingress_sbox iptables -t nat -S POSTROUTING")).toContain(
    `-A POSTROUTING -d 10.0.0.0/24 -m ipvs --ipvs -j SNAT --to-source ${own}`,
  );

  // The cause: ingress_sbox gives the connection its own address, so that the answers come back through its IPVS.
  const trace = await lab.trace(() => type(client, CURL));
  const snat = ruleMet(trace.first("TCP SYN"), "-m ipvs --ipvs -j SNAT");
  expect(snat).toMatchObject({ netns: "ingress_sbox", hook: "POSTROUTING", matched: true });
  const balanced = trace
    .first("TCP SYN")
    .events.flatMap((event) =>
      event.kind === "hook" && event.netns === "ingress_sbox" ? event.changes : [],
    );
  expect(balanced).toContainEqual(
    expect.objectContaining({
      what: "source",
      before: expect.stringMatching(/^192\.168\.56\.1:/),
      after: expect.stringMatching(new RegExp(`^${own}:`)),
    }),
  );

  await succeed(
    docker01,
    "docker service rm web",
    "sleep 15",
    "docker service create -d --name web --mode global --publish mode=host,published=80,target=80 nginx:alpine",
    "sleep 15",
  );
  expect(await type(client, CURL)).toBe("200");
  expect(visitors(await type(docker01, "docker service logs web"))).toEqual(["192.168.56.1"]);
  await succeed(docker01, "docker node update --availability drain docker03", "sleep 15");
  expect(await type(client, "curl -sS -m 3 http://192.168.56.102/")).toMatch(
    /Failed to connect to 192\.168\.56\.102 port 80.*(Connection refused|Couldn't connect)/,
  );
  expect(docker03.exec("docker ps -q").text).toBe("");
});
