import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { LoadOptions } from "../../kernel-lib/src/lab/load/options.js";

const URL = "http://192.168.56.101:8080/";

/** docker01 publishes the test image on 8080; the client is two hops away. */
function published() {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  docker01.docker.run("test-image", { name: "web", publish: ["8080:5000"] });
  return { lab, docker01, client };
}

test("every request is answered, counted for its replica and for its way", () => {
  const { client } = published();
  const load = client.load({ url: URL, rate: 100, requests: 50 });
  expect({ requests: load.requests, answered: load.answered, failed: load.failed }).toEqual({
    requests: 50,
    answered: 50,
    failed: 0,
  });
  expect(load.replicas.map(({ name, machine, requests }) => [name, machine, requests])).toEqual([
    ["web", "docker01", 50],
  ]);
  expect(load.paths).toEqual([
    {
      entry: "192.168.56.101",
      entryMachine: "docker01",
      replica: expect.objectContaining({ name: "web" }),
      requests: 50,
    },
  ]);
  expect(load.quantile(0.5)).toBeGreaterThan(50_000);
  expect(load.quantile(1)).toBeLessThan(ms(1));
});

test("arrivals: constant ones are even, those of a Poisson process are not, and a seed decides them", () => {
  const gaps = (options: Partial<LoadOptions>) => {
    const { client } = published();
    const load = client.load({ url: URL, rate: 1000, requests: 400, ...options });
    const counts = load.series(ms(20)).map(({ byReplica }) => byReplica[0]!);
    return counts.slice(0, 19);
  };
  expect(new Set(gaps({ arrivals: "constant" }))).toEqual(new Set([19, 20]));
  const poisson = gaps({});
  expect(poisson).not.toEqual(gaps({ seed: 3 }));
  expect(gaps({ seed: 3 })).toEqual(gaps({ seed: 3 }));
  const mean = poisson.reduce((sum, count) => sum + count, 0) / poisson.length;
  const variance = poisson.reduce((sum, count) => sum + (count - mean) ** 2, 0) / poisson.length;
  // Counts of a Poisson process vary as much as they are large.
  expect(variance / mean).toBeGreaterThan(0.3);
  expect(variance / mean).toBeLessThan(3);
});

test("a duration ends a load", () => {
  const { lab, client } = published();
  const before = lab.now;
  const load = client.load({ url: URL, rate: 50, arrivals: "constant", duration: seconds(2) });
  expect(load.requests).toBe(99);
  expect(lab.now - before).toBeLessThan(seconds(2.01));
});

describe("service times", () => {
  test("make a queue of one processor: as M/M/1 says", () => {
    const { lab, docker01, client } = published();
    lab.serviceTime("web", { mean: ms(5) });
    const load = client.load({ url: URL, rate: 100, requests: 3000 });
    // At half of what it can do, work takes twice its time on average: 10 ms, of which 90 % within 23 ms.
    expect(load.mean / 1e6).toBeGreaterThan(9);
    expect(load.mean / 1e6).toBeLessThan(12);
    expect(load.quantile(0.9) / 1e6).toBeGreaterThan(20);
    expect(load.quantile(0.9) / 1e6).toBeLessThan(27);
    expect(load.machines).toEqual([{ machine: "docker01", utilisation: expect.closeTo(0.5, 1) }]);
    docker01.processors(2);
    const two = client.load({ url: URL, rate: 100, requests: 2000 });
    expect(two.mean / 1e6).toBeGreaterThan(4.8);
    expect(two.mean / 1e6).toBeLessThan(6.2);
  });

  test("of one length wait half as long on average", () => {
    const { lab, client } = published();
    lab.serviceTime("web", { mean: ms(5), spread: "constant" });
    const load = client.load({ url: URL, rate: 100, requests: 3000 });
    expect(load.mean / 1e6).toBeGreaterThan(6.8);
    expect(load.mean / 1e6).toBeLessThan(8.4);
  });

  test("above what the processor can do, the queue grows and requests time out", () => {
    const { lab, client } = published();
    lab.serviceTime("web", { mean: ms(20) });
    const load = client.load({ url: URL, rate: 100, duration: seconds(10), timeout: seconds(2) });
    expect(load.failures).toEqual({ "timed out": expect.any(Number) });
    expect(load.failed).toBeGreaterThan(100);
  });
});

test("kept connections are used again: nginx sees few, busybox httpd closes each", () => {
  const { docker01, client } = published();
  docker01.docker.run("nginx", { name: "shop", publish: ["8081:80"] });
  const opened = () =>
    Number(
      /ActiveOpens +(\d+)/.exec(client.exec("nstat -az TcpActiveOpens").stdout.replace("TcpA", "A"))![1],
    );
  expect(opened()).toBe(0);
  client.load({ url: "http://192.168.56.101:8081/", rate: 100, requests: 40, keepAlive: true });
  const before = opened();
  // Poisson arrivals: one may come while another is on its way.
  expect(before).toBeLessThan(4);
  client.load({ url: URL, rate: 100, requests: 40, keepAlive: true });
  expect(opened() - before).toBe(40);
});

test("failures have their reason: nobody listens, no such page, no answer", () => {
  const { docker01, client } = published();
  const refused = client.load({ url: "http://192.168.56.101:9/", rate: 10, requests: 3 });
  expect(refused.failures).toEqual({ "connection refused": 3 });
  const missing = client.load({ url: `${URL}nothing`, rate: 10, requests: 3 });
  expect(missing.failures).toEqual({ "HTTP 404": 3 });
  docker01.exec("iptables -I DOCKER-USER -p tcp -j DROP");
  const dropped = client.load({ url: URL, rate: 10, requests: 3, timeout: seconds(1) });
  expect(dropped.failures).toEqual({ "timed out": 3 });
});

test("clients have addresses of their own", async () => {
  const { docker01, client } = published();
  await client.sh`ip address add 203.0.113.10/24 dev eth0; ip address add 203.0.113.11/24 dev eth0`;
  client.load({ url: URL, rate: 100, requests: 30, from: ["203.0.113.10", "203.0.113.11"] });
  const log = (
    await docker01.script("conntrack -L -p tcp 2>/dev/null | grep -o 'src=203[^ ]*' | sort | uniq -c")
  ).lines;
  expect(log.map((line) => line.trim())).toEqual(["15 src=203.0.113.10", "15 src=203.0.113.11"]);
  const foreign = client.load({ url: URL, rate: 10, requests: 2, from: ["10.1.1.1"] });
  expect(foreign.failures).toEqual({ "cannot assign address": 2 });
});

test("a container's load looks names up by its resolver", () => {
  const { docker01 } = published();
  docker01.exec("docker network create shop");
  docker01.docker.run("test-image", { name: "api", network: "shop" });
  docker01.exec("docker run -d --name box --network shop alpine sleep 1000");
  const load = docker01.container("box").load({ url: "http://api:5000/", rate: 20, requests: 10 });
  expect(load.replicas.map(({ name, requests }) => [name, requests])).toEqual([["api", 10]]);
  const wrong = docker01.container("box").load({ url: "http://nobody/", rate: 20, requests: 2 });
  expect(wrong.failed).toBe(2);
});

test("commands run while a load is under way, and the journal plays all of it again", async () => {
  const { lab, docker01, client } = published();
  lab.serviceTime("web", { mean: ms(2) });
  const run = client.startLoad({ url: URL, rate: 50, requests: 100, timeout: seconds(1) });
  docker01.exec("docker kill web");
  docker01.exec("docker start web");
  const load = run.finish();
  expect(load.answered + load.failed).toBe(100);
  expect(load.failed).toBeGreaterThan(0);
  const again = await Lab.replay(String(lab.journal));
  expect(again.now).toBe(lab.now);
  expect(String(again.journal)).toBe(String(lab.journal));
});

test.each([
  [{ rate: 10, requests: 1 }, '"undefined" is no url: "http://192.168.56.100/"'],
  [{ url: "https://a/", rate: 10, requests: 1 }, "a load speaks http, not https"],
  [{ url: URL, rate: 0, requests: 1 }, "rate is a number above 0, not 0"],
  [{ url: URL, rate: 10 }, "a load ends after its duration or its number of requests: give one of both"],
  [{ url: URL, rate: 10, requests: 1.5 }, "requests is a whole number, not 1.5"],
  [
    { url: URL, rate: 10, requests: 1, arrivals: "bursts" },
    'arrivals are "poisson" or "constant", not "bursts"',
  ],
  [{ url: URL, rate: 10, requests: 1, from: ["x"] }, 'from has addresses of the machine, not "x"'],
  [{ url: URL, rate: 10, requests: 1, keep: true }, 'a load has no option "keep"'],
])("wrong options %j are refused, and nothing has changed", (options, complaint) => {
  const { lab, client } = published();
  const before = String(lab.journal);
  expect(() => client.load(options as unknown as LoadOptions)).toThrow(
    complaint.replace('"undefined"', "undefined"),
  );
  expect(String(lab.journal)).toBe(before);
});
