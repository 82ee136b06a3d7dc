import { beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { rulesByTable } from "../support/rules.js";
import { printed, RecordedSwarm, recording } from "./recorded-swarm.js";

/** The addresses that a recorded `dig` got, and how long they may be kept. */
function recordedAnswers(name: string): readonly string[] {
  return [...printed(`11-user-overlay/dns/dig-${name}.txt`).matchAll(/^\S+\s+(\d+)\s+IN\s+A\s+(\S+)$/gm)]
    .map(([, ttl, address]) => `${ttl} ${address}`)
    .sort();
}

describe("a network of the user's with three services, as recorded with Docker 20.10", () => {
  let swarm: RecordedSwarm;
  let cli = "";
  const boxOf = (node: string) => /^lb_\w+/m.exec(swarm.out(node, "ls /var/run/docker/netns"))![0];
  /** The answer to a query that a program in cli's task sends. */
  const dig = (name: string) => swarm.out("docker02", `ip netns exec ${cli} dig @127.0.0.11 ${name}`);
  const answers = (name: string) =>
    [...dig(name).matchAll(/^\S+\s+(\d+)\s+IN\s+A\s+(\S+)$/gm)].map(
      ([, ttl, address]) => `${ttl} ${address}`,
    );

  beforeAll(async () => {
    swarm = RecordedSwarm.make();
    await swarm.run(
      "docker01",
      "docker network create -d overlay --attachable --subnet 10.0.9.0/24 my-net",
      "docker service create -d --name web --network my-net --replicas 3 momijiame/greeting:1.0",
      "sleep 5",
      "docker service create -d --name cli --network my-net --constraint node.hostname==docker02 alpine:latest sleep 36000",
      "sleep 5",
      "docker service create -d --name rrweb --network my-net --endpoint-mode dnsrr --replicas 3 momijiame/greeting:1.0",
      "sleep 10",
    );
    [cli = ""] = await swarm.sandboxes("docker02", "cli");
  });

  test.each(["web", "tasks.web", "rrweb", "cli", "tasks.cli"])("%s", (name) => {
    expect([...answers(name)].sort()).toEqual(recordedAnswers(name));
  });

  test.each([
    ["web.my-net", 1],
    ["WEB", 1],
    ["tasks.rrweb.my-net", 3],
    ["web.ingress", 0],
    ["web.1", 0],
  ])("%s has so many addresses: %i", (name, count) => {
    expect(answers(name).length).toBe(count);
  });

  test("several addresses come in another order each time", () => {
    const orders = new Set(Array.from({ length: 12 }, () => answers("tasks.web").join(" ")));
    expect(orders.size).toBeGreaterThan(1);
  });

  test("an address leads back to its task: SERVICE.SLOT.ID.NETWORK; a virtual one to nobody", () => {
    const back = (address: string) =>
      swarm.out("docker02", `ip netns exec ${cli} dig @127.0.0.11 +short -x ${address}`);
    for (const answer of answers("tasks.web"))
      expect(back(answer.split(" ")[1]!)).toMatch(/^web\.[123]\.[0-9a-z]{25}\.my-net\.\n$/);
    expect(back("10.0.9.2")).not.toContain("my-net");
  });

  test("the short id of a container is a name, too", async () => {
    const id = (await swarm.run("docker03", "docker ps -q --filter name=rrweb")).trim();
    expect(answers(id).length).toBe(1);
  });

  test("the container's namespace has no more than its embedded DNS", () => {
    const inCli = (command: string) => swarm.out("docker02", `ip netns exec ${cli} ${command}`);
    const ports = (text: string) => text.replace(/(127\.0\.0\.11:|--sport )\d+/g, "$1PORT");
    expect(rulesByTable(ports(inCli("iptables-save")))).toEqual(
      rulesByTable(ports(recording("11-user-overlay/cli-container/iptables-save.txt"))),
    );
    expect(inCli("ipvsadm -ln")).toBe(printed("11-user-overlay/cli-container/ipvsadm-ln.txt"));
  });

  test.each(["docker01", "docker02", "docker03"])(
    "%s: its lb_ sandbox balances both services with an address",
    (node) => {
      const folder = `11-user-overlay/${node}/netns-lb_jty096ivc`;
      const inBox = (command: string) => swarm.out(node, `ip netns exec ${boxOf(node)} ${command}`);
      /** Marks differ from node to node and from run to run: they are named in their order. */
      const own = (text: string) => /inet (10\.0\.9\.\d+)\/24/.exec(text)![1]!;
      const plain = (text: string, address: string) =>
        text
          .replaceAll(address, "OWN")
          .replace(/(127\.0\.0\.11:|--sport )\d+/g, "$1PORT")
          .replace(/0x10\d/g, "MARK");
      const sorted = (text: string) =>
        Object.entries(rulesByTable(text)).map(([table, rules]) => [table, [...rules].sort()]);
      expect(sorted(plain(inBox("iptables-save"), own(inBox("ip addr"))))).toEqual(
        sorted(plain(recording(`${folder}/iptables-save.txt`), own(printed(`${folder}/ip-addr.txt`)))),
      );
      const servers = (text: string) =>
        [...text.matchAll(/-> (\S+):0 +Masq +1/g)].map(([, server]) => server).sort();
      expect(servers(inBox("ipvsadm -ln"))).toEqual(servers(printed(`${folder}/ipvsadm-ln.txt`)));
      expect(
        inBox("ip addr")
          .match(/10\.0\.9\.\d+\/32/g)!
          .sort(),
      ).toEqual(["10.0.9.2/32", "10.0.9.9/32"]);
    },
  );

  test("requests to the virtual address go to each task in turn", () => {
    const get = () => swarm.out("docker02", `ip netns exec ${cli} curl -s -m 4 10.0.9.2:8000`);
    const six = Array.from({ length: 6 }, get);
    expect(new Set(six).size).toBe(3);
    expect(six.slice(3)).toEqual(six.slice(0, 3));
  });

  test("a container that is no task is known by its name", async () => {
    await swarm.run("docker03", "docker run -d --name solo --network my-net alpine:latest sleep 3600");
    expect(answers("solo").length).toBe(1);
    await swarm.run("docker03", "docker rm -f solo", "sleep 1");
    expect(answers("solo")).toEqual([]);
  });

  test("tasks that are to end lose their names at once, the service keeps its own", async () => {
    await swarm.run("docker01", "docker service scale -d web=1", "sleep 2");
    expect(answers("tasks.web").length).toBe(1);
    expect(answers("web").length).toBe(1);
    await swarm.run("docker01", "docker service rm web", "sleep 1");
    expect(answers("web")).toEqual([]);
  });
});

describe.each(["1.12", "17.05", "17.09"] as const)("%s", (docker) => {
  const lab = Lab.preset("swarm", { docker, seed: 3 }) as unknown as Lab;
  const run = async (machine: string, line: string) => (await lab.machine(machine).script(line)).stdout;

  test("each task balances for itself what it sends: its namespace has the marks, IPVS, and its own service's address", async () => {
    await run("docker01", "docker network create -d overlay --subnet 10.0.9.0/24 my-net");
    await run(
      "docker01",
      "docker service create --name web --network my-net --replicas 2 momijiame/greeting:1.0",
    );
    await run("docker01", "sleep 5");
    await run(
      "docker01",
      "docker service create --name cli --network my-net --constraint node.hostname==docker02 alpine:latest sleep 36000",
    );
    await run("docker01", "sleep 5");
    const inCli = (line: string) => run("docker02", `docker exec $(docker ps -q --filter name=cli) ${line}`);
    const key = (
      await run(
        "docker02",
        "docker inspect -f '{{.NetworkSettings.SandboxKey}}' $(docker ps -q --filter name=cli)",
      )
    ).trim();
    const { mangle, nat } = rulesByTable(await run("docker02", `nsenter --net=${key} iptables-save`));
    expect(mangle).toEqual([
      "-A OUTPUT -d 10.0.9.2/32 -j MARK --set-xmark 0x100/0xffffffff",
      "-A OUTPUT -d 10.0.9.5/32 -j MARK --set-xmark 0x101/0xffffffff",
    ]);
    expect(nat!.filter((rule) => /icmp|ipvs/.test(rule))).toEqual([
      "-A OUTPUT -d 10.0.9.2/32 -p icmp -m icmp --icmp-type 8 -j DNAT --to-destination 127.0.0.1",
      "-A OUTPUT -d 10.0.9.5/32 -p icmp -m icmp --icmp-type 8 -j DNAT --to-destination 127.0.0.1",
      "-A POSTROUTING -d 10.0.9.0/24 -m ipvs --ipvs -j SNAT --to-source 10.0.9.6",
    ]);
    expect(await run("docker02", `nsenter --net=${key} ip addr show dev eth0`)).toContain(
      "inet 10.0.9.5/32 scope global eth0",
    );
    const answers = await inCli("sh -c 'for i in 1 2 3 4; do wget -qO- -T 4 http://web:8000; done'");
    expect(new Set(answers.trim().split("\n")).size).toBe(2);
    expect(await inCli("ping -c 1 web")).toContain("1 packets received");
  });
});

describe("two stacks with one name in a network", () => {
  test("the name has both virtual addresses, each service's own name one", async () => {
    const lab = Lab.preset("swarm", { docker: "20.10", seed: 3 }) as unknown as Lab;
    const run = async (line: string) => (await lab.machine("docker01").script(line)).stdout;
    await run("docker network create -d overlay --subnet 10.0.9.0/24 testnet");
    for (const stack of ["stack1", "stack2"])
      await run(
        `docker service create -d --name ${stack}_app --network name=testnet,alias=app --constraint node.hostname==docker01 momijiame/greeting:1.0; sleep 5`,
      );
    const lookUp = async (name: string) =>
      (await run(`docker exec $(docker ps -q --filter name=stack1) nslookup ${name}`)).match(
        /^Address: \S+/gm,
      ) ?? [];
    expect((await lookUp("app")).length).toBe(2);
    expect((await lookUp("stack2_app")).length).toBe(1);
  });
});
