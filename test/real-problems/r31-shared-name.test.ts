import { expect, test } from "vitest";
import { formatIpv4 } from "../../kernel-lib/src/base/addresses.js";
import type { Journey } from "../../kernel-lib/src/trace/journey.js";
import { parseDns } from "../../kernel-lib/src/wire/dns.js";
import { succeed, swarmStage, type } from "./player.js";

/** The addresses in a DNS answer that a packet of the trace carries: behind Ethernet, IPv4 and UDP. */
function answersIn(journey: Journey): readonly string[] {
  const sent = journey.events.find((event) => event.kind === "transmit");
  if (sent?.kind !== "transmit") return [];
  const { answers } = parseDns(sent.frame.subarray(42, sent.length));
  return answers.flatMap(({ data }) => (data.kind === "address" ? [formatIpv4(data.address)] : []));
}

const IMAGE = "momijiame/greeting:1.0";

// moby/moby#37348: app2 of stack1 asks for app1 and is sometimes connected to stack2's app1.
test("R31: two stacks on one network share a service name", async () => {
  const { lab, docker01, docker02, docker03 } = swarmStage();
  await succeed(docker01, "docker network create -d overlay testnet");
  for (const stack of ["stack1", "stack2"])
    for (const app of ["app1", "app2"])
      await succeed(
        docker01,
        `docker service create -d --name ${stack}_${app} --network name=testnet,alias=${app} ${IMAGE}`,
      );
  await succeed(docker01, "sleep 20");
  const vip = async (service: string) =>
    /(10\.0\.1\.\d+)\/24/.exec(
      await type(docker01, `docker service inspect -f '{{json .Endpoint.VirtualIPs}}' ${service}`),
    )![1]!;
  const [one, two] = [await vip("stack1_app1"), await vip("stack2_app1")];
  const where = async (service: string) => {
    const node = (
      await type(docker01, `docker service ps -f desired-state=running --format '{{.Node}}' ${service}`)
    ).trim();
    const host = [docker01, docker02, docker03].find(({ name }) => name === node)!;
    const id = (
      await type(host, `docker ps -q --filter label=com.docker.swarm.service.name=${service}`)
    ).trim();
    return { host, id };
  };
  const { host, id } = await where("stack1_app2");
  const asked = async (name: string) =>
    [
      ...(await type(host, `docker exec ${id} nslookup ${name}`)).matchAll(
        /^Address(?: \d+)?:\s+(10\.0\.1\.\d+)/gm,
      ),
    ].map(([, address]) => address!);
  const answers = async (name: string) => {
    const lines = await type(
      host,
      `docker exec ${id} sh -c 'for i in 1 2 3 4; do wget -qO- http://${name}:8000; done'`,
    );
    return [...new Set(lines.trim().split("\n"))].sort();
  };
  const greetings = [
    `Hello, ${(await where("stack1_app1")).id}`,
    `Hello, ${(await where("stack2_app1")).id}`,
  ];

  expect((await asked("app1")).sort()).toEqual([one, two].sort());
  expect(await answers("app1")).toEqual([...greetings].sort());

  // The cause: one answer of the embedded DNS holds both services' addresses, for both have the alias in that network.
  const trace = await lab.trace(() => type(host, `docker exec ${id} nslookup app1`));
  const told = trace.find("UDP 127.0.0.11:").map(answersIn);
  expect(told.map((addresses) => [...addresses].sort())).toContainEqual([one, two].sort());

  expect(await asked("stack1_app1")).toEqual([one]);
  expect(await answers("stack1_app1")).toEqual([greetings[0]]);
});
