import { beforeEach, describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

const TOKEN =
  'curl -s -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: ';
const status = (words: string) =>
  `curl -s -o /dev/null -w '%{http_code}' ${words} http://169.254.169.254/latest/`;

describe("the cloud's metadata service", () => {
  let lab: Lab<"docker01" | "router" | "client">;
  let docker01: Machine;
  const said = async (line: string) => (await docker01.script(line)).stdout;

  beforeEach(() => {
    lab = Lab.preset("single", { docker: "20.10", seed: 7 });
    docker01 = lab.machines.docker01;
  });

  test.each([
    ["no lifetime asked", "-X PUT", "api/token", "400"],
    ["0 seconds", "-X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 0'", "api/token", "400"],
    ["more than six hours", "-X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21601'", "api/token", "400"],
    ["no number", "-X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: soon'", "api/token", "400"],
    [
      "through a proxy",
      "-X PUT -H 'X-Forwarded-For: 10.0.0.1' -H 'X-aws-ec2-metadata-token-ttl-seconds: 60'",
      "api/token",
      "403",
    ],
    ["a token got by GET", "", "api/token", "405"],
    ["no token", "", "meta-data/", "401"],
    ["a wrong token", "-H 'X-aws-ec2-metadata-token: AQAB'", "meta-data/", "401"],
    ["a token of this service", '-H "X-aws-ec2-metadata-token: $TOKEN"', "meta-data/", "200"],
    ["a folder without its slash", '-H "X-aws-ec2-metadata-token: $TOKEN"', "meta-data/placement", "301"],
    ["an unknown entry", '-H "X-aws-ec2-metadata-token: $TOKEN"', "meta-data/nothing", "404"],
    ["a change", '-X POST -H "X-aws-ec2-metadata-token: $TOKEN"', "meta-data/", "405"],
  ])("%s", async (_, words, path, code) => {
    await docker01.script(`TOKEN=\`${TOKEN}60"\``);
    expect(await said(status(words) + path)).toBe(code);
  });

  test("a token ends after its seconds", async () => {
    await docker01.script(`TOKEN=\`${TOKEN}60"\`; sleep 50`);
    const ask = `${status('-H "X-aws-ec2-metadata-token: $TOKEN"')}meta-data/public-ipv4`;
    expect(await said(`echo \${#TOKEN}; ${ask}`)).toBe("56\n200");
    expect(await said(`sleep 10; ${ask}`)).toBe("401");
  });

  test("it knows the machine that asks, by its address", async () => {
    const entries = ["local-ipv4", "public-ipv4", "hostname", "mac", "placement/availability-zone"];
    await docker01.script(`TOKEN=\`${TOKEN}60"\``);
    const answers = await said(
      `for e in ${entries.join(" ")}; do curl -s -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/$e; echo; done`,
    );
    const mac = (await said("cat /sys/class/net/enX0/address")).trim();
    expect(answers.trim().split("\n")).toEqual([
      "192.168.56.101",
      "192.168.56.101",
      "ip-192-168-56-101.ap-northeast-1.compute.internal",
      mac,
      "ap-northeast-1a",
    ]);
    const outside = await lab.machines.client.script(`${status("")}meta-data/`);
    expect(outside.stdout).toBe("404");
  });

  test("hop limit 1: a container's PUT is answered, and the answer dies on its last hop", async () => {
    await docker01.script("docker run -d --name c1 test-image");
    const trace = await lab.trace(() => docker01.script(`docker exec c1 ${TOKEN}60" -m 3`));
    expect([trace.value.stdout, trace.value.status]).toEqual(["", 28]);
    const answers = trace.find("TCP PSH,ACK 169.254.169.254:80 →");
    expect(trace.first("TCP SYN,ACK").fates).toMatchObject([{ kind: "delivered", netns: "c1" }]);
    expect(answers[0]!.fates).toMatchObject([
      { kind: "drop", reason: "IP_TTL_EXPIRED", where: "ip forward", netns: "docker01" },
    ]);
    expect(trace.first("ICMP time exceeded").fates).toMatchObject([{ kind: "delivered", netns: "router" }]);
    // A token that the machine itself has fetched serves in the container: answers to GET have the usual TTL.
    await docker01.script(`TOKEN=\`${TOKEN}60"\``);
    const get = `docker exec c1 curl -s -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/local-ipv4`;
    expect(await said(get)).toBe("192.168.56.101");
  });
});
