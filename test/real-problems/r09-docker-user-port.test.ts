import { expect, test } from "vitest";
import { captured, endsOf, ruleMet, stage, succeed, type } from "./player.js";

// docker/docs#12925, chaifeng/ufw-docker#108: a DROP for the published host port in DOCKER-USER, and the port stays open.
test("R09: a DOCKER-USER rule on the published port never matches", async () => {
  const { lab, docker01, client } = stage("single");
  await succeed(
    docker01,
    "docker run -d --name web -p 8080:80 nginx:alpine",
    "iptables -I DOCKER-USER -i enX0 -p tcp --dport 8080 -j DROP",
  );
  const curl = "curl -m 5 -s -o /dev/null -w '%{http_code}' http://192.168.56.101:8080/";

  expect(await type(client, curl)).toBe("200");
  const counted = async () =>
    /^ +(\d+) +\d+ DROP .*/m.exec(await type(docker01, "iptables -nvL DOCKER-USER"))?.[1];
  expect(await counted()).toBe("0");
  const seen = await captured(docker01, "tcpdump -ni docker0 tcp", () => type(client, curl));
  expect(seen[0]).toMatch(/^IP 203\.0\.113\.9\.\d+ > 172\.17\.0\.2\.80: Flags \[S\]/);
  expect(seen.join()).not.toContain("8080");

  // The cause: the port has been rewritten before FORWARD. The rule misses by its --dport alone.
  const trace = await lab.trace(() => type(client, curl));
  const syn = trace.first("TCP SYN");
  expect(ruleMet(syn, "-j DNAT")).toMatchObject({ hook: "PREROUTING", matched: true });
  expect(ruleMet(syn, "--dport 8080 -j DROP")).toMatchObject({
    hook: "FORWARD",
    matched: false,
    failed: "-m tcp --dport 8080",
    origin: { command: "iptables -I DOCKER-USER -i enX0 -p tcp --dport 8080 -j DROP", cause: null },
  });

  await succeed(
    docker01,
    "iptables -D DOCKER-USER 1; iptables -I DOCKER-USER -i enX0 -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP",
  );
  const after = await lab.trace(() => type(client, "curl -m 5 http://192.168.56.101:8080/"));
  expect(after.value).toContain("timed out");
  const dropped = after.first("TCP SYN");
  expect(ruleMet(dropped, "--ctorigdstport 8080")).toMatchObject({ hook: "FORWARD", matched: true });
  expect(endsOf(dropped)).toEqual([expect.stringMatching(/^docker01, .*: NETFILTER_DROP$/)]);
  // The SYN and its retransmissions.
  expect(Number(await counted())).toBe(after.find("TCP SYN").length);
});
