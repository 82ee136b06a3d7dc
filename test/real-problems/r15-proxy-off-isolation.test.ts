import { expect, test } from "vitest";
import { endsOf, ruleMet, stage, succeed, type } from "./player.js";

// moby/moby#38784: from outside the published port works, from a container of another network the same address times out.
test("R15: with the userland proxy off, a container cannot use another network's published port", async () => {
  const { lab, docker01, client } = stage("single");
  await succeed(
    docker01,
    `echo '{"userland-proxy": false}' > /etc/docker/daemon.json; systemctl restart docker`,
    "docker run -d --name web -p 8080:80 nginx:alpine",
    "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=br-n2 n2; docker run -d --name c2 --network n2 alpine sleep 3600",
  );
  const wget = "docker exec c2 wget -T 3 -qO- http://192.168.56.101:8080/";

  expect(await type(client, "curl -m 5 -s -o /dev/null -w '%{http_code}' http://192.168.56.101:8080/")).toBe(
    "200",
  );
  expect(await type(docker01, wget)).toContain("download timed out");
  expect(await type(docker01, "iptables -nvL DOCKER-ISOLATION-STAGE-2")).toMatch(
    /^ +[1-9]\d* +\d+ DROP .* docker0 /m,
  );

  // The cause: the SYN is translated, becomes br-n2 to docker0, and the isolation drops that.
  const trace = await lab.trace(() => type(docker01, wget));
  const syn = trace.first("TCP SYN");
  expect(ruleMet(syn, "-j DNAT --to-destination 172.17.0.2:80")).toMatchObject({
    hook: "PREROUTING",
    matched: true,
  });
  expect(ruleMet(syn, "filter DOCKER-ISOLATION-STAGE-2: -o docker0 -j DROP")).toMatchObject({
    hook: "FORWARD",
    matched: true,
  });
  expect(endsOf(syn)).toEqual([expect.stringMatching(/^docker01, .*: NETFILTER_DROP$/)]);

  await succeed(
    docker01,
    "docker network connect n2 web   # and use http://web:80; or turn the userland proxy on again",
  );
  expect(await type(docker01, "docker exec c2 wget -T 3 -qO- http://web/")).toContain("Welcome to nginx!");
});

test("R15: with the proxy on it works", async () => {
  const { lab, docker01 } = stage("single");
  await succeed(
    docker01,
    "docker run -d --name web -p 8080:80 nginx:alpine",
    "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=br-n2 n2; docker run -d --name c2 --network n2 alpine sleep 3600",
  );
  const trace = await lab.trace(() =>
    type(docker01, "docker exec c2 wget -T 3 -qO- http://192.168.56.101:8080/"),
  );
  expect(trace.value).toContain("Welcome to nginx!");
  // Not translated: docker-proxy on the host connects on the container's behalf.
  expect(ruleMet(trace.first("TCP SYN 172.18.0.2"), "nat DOCKER: -i br-n2 -j RETURN")).toMatchObject({
    matched: true,
  });
  expect(trace.first("TCP SYN 172.17.0.1").fates).toMatchObject([{ kind: "delivered", netns: "web" }]);
});
