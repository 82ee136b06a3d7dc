import { expect, test } from "vitest";
import { endsOf, ruleMet, rulesMet, stage, succeed, type } from "./player.js";

// moby/moby#40428, moby/moby#35095: a firewall script started in a container makes all name resolution in it fail; addresses still work.
test("R35: iptables -t nat -F inside a container kills its DNS", async () => {
  const { lab, docker01 } = stage("single");
  await succeed(
    docker01,
    "docker network create dokken; docker run -d --name peer --network dokken alpine sleep 3600",
    "docker run -d --name c1 --network dokken --cap-add NET_ADMIN alpine sleep 3600; docker exec c1 apk add iptables iproute2",
  );
  const saved = await type(docker01, "docker exec c1 iptables-save -t nat");
  for (const protocol of ["tcp", "udp"]) {
    const [, port] = new RegExp(
      `-A DOCKER_OUTPUT -d 127.0.0.11/32 -p ${protocol} .*--to-destination 127.0.0.11:(\\d+)$`,
      "m",
    ).exec(saved)!;
    expect(saved).toContain(
      `-A DOCKER_POSTROUTING -s 127.0.0.11/32 -p ${protocol} -m ${protocol} --sport ${port} -j SNAT --to-source :53`,
    );
  }
  const ping = "docker exec c1 ping -c 1 peer";
  const before = await lab.trace(() => type(docker01, ping));
  expect(before.value).toContain("1 packets received");
  expect(ruleMet(before.first("→ 127.0.0.11:53"), "-p udp -m udp --dport 53 -j DNAT")).toMatchObject({
    netns: "c1",
    hook: "OUTPUT",
    matched: true,
  });
  await succeed(docker01, "docker exec c1 iptables -t nat -F");

  expect(await type(docker01, ping)).toMatch(/bad address 'peer'|Temporary failure in name resolution/);
  expect(await type(docker01, "docker exec c1 nslookup peer 127.0.0.11")).toContain("Connection refused");
  expect(await type(docker01, "docker exec c1 ping -c 1 172.18.0.2")).toContain("1 packets received");
  // The resolver still listens, on its own high port.
  const udpPort = /-p udp .*--to-destination 127\.0\.0\.11:(\d+)/.exec(saved)![1];
  expect(await type(docker01, "docker exec c1 ss -lun")).toContain(`127.0.0.11:${udpPort}`);

  // The cause: no rule leads the query on, and nothing listens on port 53 itself.
  const trace = await lab.trace(() => type(docker01, ping));
  const query = trace.first("→ 127.0.0.11:53");
  expect(rulesMet(query).filter(({ rule }) => rule.includes("DNAT"))).toEqual([]);
  expect(endsOf(query)).toContain("c1, udp: NO_SOCKET");

  await succeed(
    docker01,
    "docker restart c1   # dockerd writes the rules again; firewall scripts must spare DOCKER_OUTPUT and DOCKER_POSTROUTING",
  );
  expect(await type(docker01, ping)).toContain("1 packets received");
});
