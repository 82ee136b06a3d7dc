import { expect, test } from "vitest";
import { endsOf, ruleMet, rulesMet, stage, succeed, type } from "./player.js";

// moby/moby#45610: with -p 127.0.0.1:8081:80 a neighbour on the same network still gets the page.
test("R11: a port published on 127.0.0.1 is reachable from the LAN", async () => {
  const { lab, docker01, hostB } = stage("lan");
  await succeed(
    docker01,
    "docker run -d --name internal -p 127.0.0.1:8081:80 nginx:alpine; docker run -d --name private nginx:alpine; iptables -P FORWARD DROP",
  );
  // host-b runs Docker too and has this subnet on a bridge of its own: hence replace, not add.
  await succeed(hostB, "ip route replace 172.17.0.0/16 via 192.168.56.101");
  const status = (url: string) => `curl -m 3 -s -o /dev/null -w '%{http_code}' ${url}`;
  const neighbour = status("http://172.17.0.2:80/");

  expect(await type(hostB, neighbour)).toBe("200");
  // Only -d 127.0.0.1 is translated, and docker-proxy listens on 127.0.0.1 only.
  expect(await type(hostB, "curl -m 3 http://192.168.56.101:8081/")).toContain("curl: (7)");
  expect(await type(docker01, "ss -tln")).toContain("127.0.0.1:8081");
  // 'private' publishes nothing: the policy decides.
  expect(await type(hostB, "curl -m 3 http://172.17.0.3:80/")).toContain("curl: (28)");

  // The cause: a packet routed to the container needs no DNAT, and the rule that publishing made accepts it.
  const trace = await lab.trace(() => type(hostB, neighbour));
  const syn = trace.first("TCP SYN");
  expect(rulesMet(syn).filter(({ rule, matched }) => matched && rule.includes("DNAT"))).toEqual([]);
  expect(
    ruleMet(syn, "-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT"),
  ).toMatchObject({
    hook: "FORWARD",
    matched: true,
    origin: { cause: "docker run -d --name internal -p 127.0.0.1:8081:80 nginx:alpine" },
  });
  const refused = await lab.trace(() => type(hostB, "curl -m 3 http://172.17.0.3:80/"));
  expect(endsOf(refused.first("TCP SYN"))).toEqual([expect.stringMatching(/: NETFILTER_DROP$/)]);

  await succeed(
    docker01,
    "iptables -t raw -A PREROUTING -d 172.17.0.2 ! -i docker0 -j DROP   # what Docker 28 does itself",
  );
  expect(await type(hostB, "curl -m 3 http://172.17.0.2:80/")).toContain("timed out");
  expect(await type(docker01, "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8081/")).toBe("200");
});

test("R11: Docker 28 drops such packets itself", async () => {
  const { lab, docker01, hostB } = stage("lan", "28");
  await succeed(docker01, "docker run -d --name internal -p 127.0.0.1:8081:80 nginx:alpine");
  await succeed(hostB, "ip route replace 172.17.0.0/16 via 192.168.56.101");
  const trace = await lab.trace(() => type(hostB, "curl -m 3 http://172.17.0.2:80/"));
  expect(trace.value).toContain("timed out");
  expect(
    ruleMet(trace.first("TCP SYN"), "raw PREROUTING: -d 172.17.0.2/32 ! -i docker0 -j DROP"),
  ).toMatchObject({
    matched: true,
    origin: { cause: "docker run -d --name internal -p 127.0.0.1:8081:80 nginx:alpine" },
  });
});
