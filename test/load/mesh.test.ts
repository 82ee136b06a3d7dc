import { expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/** A quiet machine needs about a minute for a hundred thousand requests through the mesh. */
const PATIENCE = 1_800_000;
const NODES = ["192.168.56.100", "192.168.56.101", "192.168.56.102"].map((address) => `http://${address}/`);

function service(replicas: number) {
  const lab = Lab.preset("swarm", { docker: "20.10", seed: 7 });
  const { docker01 } = lab.machines;
  const create = `docker service create --detach --name helloworld --replicas ${replicas} -p 80:8000 momijiame/greeting:1.0`;
  const { status, stderr } = docker01.exec(create);
  if (status !== 0) throw new Error(stderr);
  lab.wait(seconds(20));
  return { lab, ...lab.machines };
}

test("100,000 requests to a swarm of five replicas: round robin is exact", { timeout: PATIENCE }, () => {
  const { client } = service(5);
  // IPVS keeps a connection for two minutes after its end, and one that uses its port again goes to the same server: ten addresses have ports enough.
  const from = Array.from({ length: 10 }, (_, i) => `192.168.56.${10 + i}`);
  for (const address of from) client.exec(`ip address add ${address}/24 dev vboxnet0`);
  const load = client.load({ url: NODES[1]!, rate: 400, requests: 100_000, from });
  expect(load.failures).toEqual({});
  expect(load.replicas.map(({ name, requests }) => [name, requests])).toEqual(
    [1, 2, 3, 4, 5].map((slot) => [`helloworld.${slot}`, 20_000]),
  );
});

test("each node has a round robin of its own, and a replica on the node is not preferred", () => {
  const { client } = service(5);
  const load = client.load({ url: NODES, rate: 100, requests: 300 });
  expect(load.paths).toHaveLength(15);
  for (const path of load.paths) {
    expect(path.requests).toBe(20);
    expect(path.entryMachine).toMatch(/^docker0[123]$/);
    expect(path.replica.machine).toMatch(/^docker0[123]$/);
  }
});

test("scaling down drains: no request is lost", () => {
  const { lab, docker01, client } = service(5);
  const run = client.startLoad({ url: NODES, rate: 50, duration: seconds(40) });
  lab.wait(seconds(3));
  docker01.exec("docker service scale --detach helloworld=2");
  const load = run.finish();
  expect(load.failures).toEqual({});
  expect(
    load
      .series(seconds(5))
      .at(-1)!
      .byReplica.filter((count) => count > 0),
  ).toHaveLength(2);
});

test("a killed replica loses only what was sent to it until the nodes know", async () => {
  const { lab, docker01, client } = service(5);
  const run = client.startLoad({ url: NODES, rate: 50, duration: seconds(30), timeout: seconds(3) });
  lab.wait(seconds(3));
  await docker01.sh`docker kill $(docker ps -q | head -n 1)`;
  const load = run.finish();
  // A fifth of the requests of some seconds, and none after that.
  expect(load.failed).toBeLessThan(50);
  const late = load.series(seconds(5)).slice(3);
  for (const { failed } of late) expect(failed).toBe(0);
  expect(load.answered + load.failed).toBe(load.requests);
});
