import { beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { rulesByTable } from "../support/rules.js";
import { NODES, printed, RecordedSwarm, recording } from "./recorded-swarm.js";

type Rules = Readonly<Record<string, readonly string[]>>;

/** The rules of a listing, with the ports of the embedded DNS, which are chance, left out; `own`: the address that a task has, which is chance, too. */
function rules(text: string, own?: string): Rules {
  const tables = rulesByTable(own === undefined ? text : text.replaceAll(own, "OWN"));
  const plain = (rule: string) => rule.replace(/(127\.0\.0\.11:|--sport )\d{4,5}/, "$1PORT");
  return Object.fromEntries(Object.entries(tables).map(([table, lines]) => [table, lines.map(plain)]));
}

/** `ipvsadm -ln` without its counters. */
function services(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => /^FWM| {2}-> \d/.test(line))
    .map((line) => line.replace(/( Masq +\d+) .*/, "$1").trim());
}

describe("the first seed's service, as recorded with Docker 20.10", () => {
  let swarm: RecordedSwarm;
  const inSandbox = (node: string, command: string) =>
    swarm.out(node, `ip netns exec ingress_sbox ${command}`);
  beforeAll(async () => {
    swarm = await RecordedSwarm.withService();
  });

  test.each(NODES)("%s: the machine's rules", (node) => {
    expect(rules(swarm.out(node, "iptables-save"))).toEqual(
      rules(recording(`02-service-2-replicas/${node}/iptables-save.txt`)),
    );
  });

  test.each(NODES)("%s: ingress_sbox's rules, services and settings", (node) => {
    const folder = `02-service-2-replicas/${node}/ingress_sbox`;
    expect(rules(inSandbox(node, "iptables-save"))).toEqual(rules(recording(`${folder}/iptables-save.txt`)));
    expect(services(inSandbox(node, "ipvsadm -ln"))).toEqual(services(printed(`${folder}/ipvsadm-ln.txt`)));
    const settings = /(conn_reuse_mode|conntrack|expire_\w+|snat_reroute) = \d|ip_forward = \d/;
    const kept = (text: string) => text.split("\n").filter((line) => settings.test(line));
    expect(kept(inSandbox(node, "sysctl net.ipv4.vs net.ipv4.ip_forward"))).toEqual(
      kept(printed(`${folder}/sysctl-net.ipv4.vs-net.ipv4.ip_forward.txt`)),
    );
  });

  test("a task's own rules", async () => {
    const [box] = await swarm.sandboxes("docker01");
    const own = /inet (10\.255\S+)\//.exec(swarm.out("docker01", `ip netns exec ${box} ip addr`))![1]!;
    expect(rules(swarm.out("docker01", `ip netns exec ${box} iptables-save`), own)).toEqual(
      rules(
        recording("02-service-2-replicas/docker01/container-helloworld.1/iptables-save.txt"),
        "10.255.0.7",
      ),
    );
  });

  test("dockerd holds the published port on every node", () => {
    for (const node of NODES)
      expect(swarm.out(node, "ss -lntp")).toMatch(/^LISTEN 0 +4096 +\*:80 +\*:\* +users:\(\("dockerd",/m);
    expect(swarm.machine("docker02").exec("docker run -d -p 80:80 alpine sleep 9").stderr).toMatch(
      /0\.0\.0\.0:80: bind: address already in use/,
    );
  });

  test("scaled down, replicas have weight 0 for ten seconds, then they are gone: as polled on docker02", async () => {
    await swarm.run("docker01", "docker service scale -d helloworld=5", "sleep 20");
    await swarm.run("docker01", "docker service scale -d helloworld=2");
    const polled = printed("10-scale-down-to-2/ipvsadm-poll-docker02.txt").split(/^== .*\n/m);
    /** How many replicas have each weight. */
    const weights = (text: string) =>
      services(text)
        .flatMap((line) => / Masq +(\d)/.exec(line)?.[1] ?? [])
        .sort()
        .join("");
    const stages = new Set(polled.map(weights).filter((text) => text !== ""));
    expect([...stages]).toEqual(["11111", "00011", "011", "11"]);
    const ours: string[] = [];
    for (let second = 0; second < 14; second++) {
      await swarm.run("docker02", "sleep 1");
      ours.push(weights(inSandbox("docker02", "ipvsadm -ln")));
    }
    expect([...new Set(ours)].filter((text) => text === "00011" || text === "11")).toEqual(["00011", "11"]);
    expect(ours.filter((text) => text === "00011").length).toBeGreaterThanOrEqual(8);
  });

  test("a daemon that starts again has all of it again", async () => {
    await swarm.run("docker02", "systemctl restart docker", "sleep 15");
    const { filter, nat } = rules(swarm.out("docker02", "iptables-save"));
    expect(filter!.slice(0, 3)).toEqual([
      "-A FORWARD -j DOCKER-USER",
      "-A FORWARD -j DOCKER-INGRESS",
      "-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
    ]);
    expect(nat!.filter((rule) => rule.startsWith("-A DOCKER-INGRESS"))).toEqual([
      "-A DOCKER-INGRESS -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80",
      "-A DOCKER-INGRESS -j RETURN",
    ]);
    for (let i = 0; i < 3; i++)
      expect(swarm.out("client", "curl -s -m 5 192.168.56.101")).toMatch(/^Hello, /);
  });

  test("a killed daemon leaves the mesh working; the next one counts its marks anew and hears of all replicas", async () => {
    await swarm.run("docker02", "kill -9 $(cat /var/run/docker.pid)", "sleep 1");
    expect(swarm.out("client", "curl -s -m 5 192.168.56.101")).toMatch(/^Hello, /);
    await swarm.run("docker02", "systemctl start docker", "sleep 15");
    const [service, ...servers] = services(inSandbox("docker02", "ipvsadm -ln"));
    expect(service).toBe("FWM  256 rr");
    expect(servers.length).toBe(2);
  });

  test("the service removed, only the chain is left", async () => {
    await swarm.run("docker01", "docker service rm helloworld", "sleep 15");
    for (const node of NODES) {
      const machine = rules(swarm.out(node, "iptables-save"));
      for (const table of ["nat", "filter"])
        expect(machine[table]!.filter((rule) => rule.startsWith("-A DOCKER-INGRESS"))).toEqual([
          "-A DOCKER-INGRESS -j RETURN",
        ]);
      expect(rules(inSandbox(node, "iptables-save")).mangle ?? []).toEqual([]);
      expect(services(inSandbox(node, "ipvsadm -ln"))).toEqual([]);
      expect(inSandbox(node, "ip addr")).not.toContain("/32");
      expect(swarm.out(node, "ss -lnt")).not.toContain(":80 ");
    }
  });
});

describe.each(["1.12", "17.05", "17.09", "20.10", "28"] as const)("%s", (docker) => {
  const lab = Lab.preset("swarm", { docker, seed: 3 }) as unknown as Lab;
  const run = async (machine: string, line: string) => (await lab.machine(machine).script(line)).stdout;

  test("a request to any node is answered by each replica in turn, also one of the node itself", async () => {
    await run(
      "docker01",
      "docker service create --name web --replicas 2 -p 8080:8000 momijiame/greeting:1.0",
    );
    await run("docker01", "sleep 5");
    for (const node of ["192.168.56.100", "192.168.56.101", "192.168.56.102"]) {
      const answers = (await run("client", `for i in 1 2 3 4; do curl -s -m 5 ${node}:8080; done`))
        .trim()
        .split("\n");
      expect(new Set(answers).size).toBe(2);
      expect(answers.slice(2)).toEqual(answers.slice(0, 2));
    }
    expect(await run("docker02", "curl -s -m 5 127.0.0.1:8080")).toMatch(/^Hello, /);
  });

  test("mode=host: a port of each node that has a task leads to that task, and to no other", async () => {
    if (docker === "1.12") return;
    await run(
      "docker01",
      "docker service create --name near --mode global --constraint node.hostname!=docker02 --publish mode=host,published=9090,target=8000 momijiame/greeting:1.0",
    );
    await run("docker01", "sleep 5");
    const id = (await run("docker03", "docker ps -q --filter name=near")).trim();
    expect(await run("client", "for i in 1 2; do curl -s -m 5 192.168.56.102:9090; done")).toBe(
      `Hello, ${id}\n`.repeat(2),
    );
    expect(await run("client", "curl -s -m 5 192.168.56.101:9090; echo $?")).toBe("7\n");
  });

  test("a node that leaves has no published port any more", async () => {
    await run("docker02", "docker swarm leave");
    expect(await run("docker02", "iptables-save | grep DNAT.*172.18")).toBe("");
    expect(await run("docker02", "ls /var/run/docker/netns")).toBe("");
  });
});
