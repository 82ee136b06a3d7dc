import { beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

type Swarm = Lab<string, string>;

/** docker01 (manager), docker02 (worker) and docker03 (manager) in one swarm; or machines that are in none. */
function swarmOf(
  options: { readonly docker?: "1.12" | "17.05" | "17.09" | "20.10" | "28"; readonly joined?: boolean } = {},
): Swarm {
  const pool = (options.docker ?? "20.10") === "20.10" ? { ingress: "10.255.0.0/16" } : {};
  return Lab.preset("swarm", { docker: "20.10", ...pool, ...options }) as unknown as Swarm;
}

/** What a line prints: standard output, then standard error. */
async function says(lab: Swarm, node: string, line: string): Promise<string> {
  const { stdout, stderr } = await lab.machine(node).script(line);
  return `${stdout}${stderr}`.trimEnd();
}

/** Ids and tokens are the lab's own. */
function plain(text: string): string {
  return text
    .replace(/SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}/g, "TOKEN")
    .replace(/\b[0-9a-z]{25}\b/g, "ID")
    .replace(/ID {28}/, "ID                            ");
}

const NO_SWARM =
  'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const WORKER =
  "Error response from daemon: This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";
const NO_LEADER =
  "Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";

// Recorded from Docker 20.10.24 on three machines with the same addresses.
describe("a machine that is in no swarm", () => {
  let lab: Swarm;
  beforeAll(() => {
    lab = swarmOf({ joined: false });
  });

  it.each([
    ["docker node ls", NO_SWARM],
    ["docker node ps", NO_SWARM],
    ["docker swarm join-token worker", NO_SWARM],
    ["docker swarm leave", "Error response from daemon: This node is not part of a swarm"],
    ["docker node inspect self", `[]\nStatus: ${NO_SWARM}, Code: 1`],
    [
      "docker swarm init",
      "Error response from daemon: could not choose an IP address to advertise since this system has multiple addresses on different interfaces (10.0.2.15 on enp0s3 and 192.168.56.100 on enp0s8) - specify one with --advertise-addr",
    ],
    [
      "docker swarm init --advertise-addr 10.9.9.9",
      "Error response from daemon: must specify a listening address because the address to advertise is not recognized as a system address, and a system's IP address to use could not be uniquely identified",
    ],
    [
      "docker swarm init --advertise-addr foo",
      "Error response from daemon: advertise address must be a non-zero IP address or network interface (with optional port number)",
    ],
    [
      "docker swarm init --advertise-addr enp0s8 --availability foo",
      'invalid availability "foo", only active, pause and drain are supported',
    ],
    [
      "docker swarm init --default-addr-pool foo",
      'invalid argument "foo" for "--default-addr-pool" flag: invalid string being converted to CIDR: foo\nSee \'docker swarm init --help\'.',
    ],
    [
      "docker swarm init --default-addr-pool-mask-length x",
      'invalid argument "x" for "--default-addr-pool-mask-length" flag: strconv.ParseUint: parsing "x": invalid syntax\nSee \'docker swarm init --help\'.',
    ],
    [
      "docker swarm init --dispatcher-heartbeat 1x",
      'invalid argument "1x" for "--dispatcher-heartbeat" flag: time: unknown unit "x" in duration "1x"\nSee \'docker swarm init --help\'.',
    ],
    ["docker swarm join-token foo", "unknown role foo"],
    ["docker swarm init --autolock", "docker swarm init: option --autolock is not supported here"],
    ["docker swarm unlock-key", "docker: swarm unlock-key is not supported here"],
    ["docker info | grep Swarm", " Swarm: inactive"],
  ])("%s", async (line, expected) => {
    expect(await says(lab, "docker01", line)).toBe(expected);
  });
});

describe("joining", () => {
  let lab: Swarm;
  let token = "";
  beforeAll(async () => {
    lab = swarmOf({ joined: false });
    await says(lab, "docker01", "docker swarm init --advertise-addr 192.168.56.100");
    token = await says(lab, "docker01", "docker swarm join-token -q worker");
  });

  it.each([
    [
      "no token",
      () => "192.168.56.100:2377",
      "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
    ],
    ["what is no token", () => "--token foo 192.168.56.100:2377", "invalid join token"],
    [
      "a wrong secret",
      () => `--token ${token.slice(0, -1)}${token.endsWith("0") ? 1 : 0} 192.168.56.100:2377`,
      "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
    ],
    [
      "a port where nobody listens",
      () => `--token ${token} 192.168.56.100:2378`,
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp 192.168.56.100:2378: connect: connection refused"',
    ],
  ])("is refused with %s", async (_, words, expected) => {
    expect(await says(lab, "docker02", `docker swarm join ${words()}`)).toBe(
      `Error response from daemon: ${expected}`,
    );
    expect(await says(lab, "docker02", "docker info | grep Swarm")).toBe(" Swarm: inactive");
  });

  it("is refused where the root certificate is another swarm's", async () => {
    const other = "SWMTKN-1-2ib4q3pdh3e2hy1fprp2ezyb4q9b3p4g1jymwvdbgcy6kkyjez-92oau1cxb9vx4tfwpfuugwqh1";
    expect(await says(lab, "docker02", `docker swarm join --token ${other} 192.168.56.100:2377`)).toBe(
      "Error response from daemon: remote CA does not match fingerprint. Expected: 64a65c4ce000ad6f7ab90ce06a175140bde4fd05f0fe49634f231d2dfb68dacb",
    );
  });

  it("waits in vain while a rule on the manager drops it", async () => {
    await says(lab, "docker01", "iptables -I INPUT -p tcp --dport 2377 -j DROP");
    const before = lab.now;
    expect(await says(lab, "docker03", `docker swarm join --token ${token} 192.168.56.100:2377`)).toBe(
      'Error response from daemon: Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the "docker info" command to see the current swarm status of your node.',
    );
    expect(lab.now - before).toBeGreaterThan(seconds(19));
    await says(lab, "docker01", "iptables -D INPUT 1");
  });

  it("happens once", async () => {
    expect(await says(lab, "docker02", `docker swarm join --token ${token} 192.168.56.100:2377`)).toBe(
      "This node joined a swarm as a worker.",
    );
    expect(await says(lab, "docker02", `docker swarm join --token ${token} 192.168.56.100:2377`)).toBe(
      'Error response from daemon: This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.',
    );
    expect(await says(lab, "docker01", "docker swarm init")).toContain("already part of a swarm");
  });

  it("ends the old token with --rotate", async () => {
    const rotated = await says(lab, "docker01", "docker swarm join-token --rotate worker");
    expect(plain(rotated)).toBe(
      "Successfully rotated worker join token.\n\nTo add a worker to this swarm, run the following command:\n\n    docker swarm join --token TOKEN 192.168.56.100:2377",
    );
    expect(await says(lab, "docker03", `docker swarm join --token ${token} 192.168.56.100:2377`)).toContain(
      "A valid join token is necessary",
    );
  });
});

describe("nodes", () => {
  let lab: Swarm;
  beforeAll(() => {
    lab = swarmOf();
  });
  const id = async (node: string) => says(lab, "docker01", `docker node inspect -f '{{.ID}}' ${node}`);

  it("are listed", async () => {
    expect(plain(await says(lab, "docker01", "docker node ls"))).toBe(
      [
        "ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION",
        "ID *   docker01   Ready     Active         Leader           20.10.24+dfsg1",
        "ID     docker02   Ready     Active                          20.10.24+dfsg1",
        "ID     docker03   Ready     Active         Reachable        20.10.24+dfsg1",
      ].join("\n"),
    );
    expect(
      plain(await says(lab, "docker01", "docker node ls --format '{{json .}}' --filter name=docker01")),
    ).toBe(
      '{"Availability":"Active","EngineVersion":"20.10.24+dfsg1","Hostname":"docker01","ID":"ID","ManagerStatus":"Leader","Self":true,"Status":"Ready","TLSStatus":"Ready"}',
    );
  });

  it.each([
    ["docker node update docker02", "docker02"],
    [
      "docker node update --availability foo docker02",
      'Error response from daemon: invalid Availability: "foo"',
    ],
    ["docker node update --role foo docker02", 'Error response from daemon: invalid Role: "foo"'],
    ["docker node update nosuch", "Error: No such node: nosuch"],
    ["docker node update --label-rm nosuch docker02", "key nosuch doesn't exist in node's labels"],
    [
      "docker node rm docker02",
      "Error response from daemon: rpc error: code = FailedPrecondition desc = node ID is not down and can't be removed",
    ],
    ["docker node rm nosuch", "Error: No such node: nosuch"],
    [
      "docker node rm docker03",
      "Error response from daemon: rpc error: code = FailedPrecondition desc = node ID is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal",
    ],
    ["docker node promote docker03", "Node ID is already a manager."],
    ["docker node promote nosuch", "Error: No such node: nosuch"],
    ["docker node demote docker02", "Node ID is already a worker."],
    ["docker node ps nosuch", "Error: No such node: nosuch"],
    ["docker node inspect nosuch docker02 -f '{{.ID}}'", "ID\nStatus: Error: No such node: nosuch, Code: 1"],
    ["docker node inspect --pretty nosuch", "Error: No such node: nosuch"],
    ["docker node ls --filter role=foo", "Error response from daemon: Invalid role filter: 'foo'"],
    ["docker node ls --filter membership=x", "Error response from daemon: Invalid membership filter: 'x'"],
    ["docker node ls --filter foo=bar", "Error response from daemon: Invalid filter 'foo'"],
    [
      "docker node ps",
      "ID        NAME      IMAGE     NODE      DESIRED STATE   CURRENT STATE   ERROR     PORTS",
    ],
  ])("%s", async (line, expected) => {
    expect(plain(await says(lab, "docker01", line))).toBe(expected);
  });

  it("say that they are workers", async () => {
    for (const line of [
      "docker node ls",
      "docker node ps",
      "docker node update x",
      "docker swarm join-token worker",
    ])
      expect(await says(lab, "docker02", line)).toBe(WORKER);
  });

  it("warn before a manager leaves", async () => {
    expect(await says(lab, "docker03", "docker swarm leave")).toBe(
      "Error response from daemon: You are attempting to leave the swarm on a node that is participating as a manager. Removing this node leaves 1 managers out of 2. Without a Raft quorum your swarm will be inaccessible. The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to suppress this message.",
    );
  });

  it("are promoted and demoted", async () => {
    expect(await says(lab, "docker01", "docker node promote docker02; sleep 2")).toBe(
      "Node docker02 promoted to a manager in the swarm.",
    );
    expect(await says(lab, "docker02", "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}'")).toBe(
      "docker01 Leader\ndocker02 Reachable\ndocker03 Reachable",
    );
    expect(await says(lab, "docker01", "docker node demote docker01; sleep 3; docker node ls")).toBe(
      `Manager docker01 demoted in the swarm.\n${WORKER}`,
    );
    expect(
      await says(lab, "docker02", "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"),
    ).toMatch(/^docker01 Ready \ndocker02 Ready (Leader|Reachable)\ndocker03 Ready (Leader|Reachable)$/);
    expect(
      await says(lab, "docker02", "docker node promote docker01; docker node demote docker02; sleep 3"),
    ).toContain("Manager docker02 demoted in the swarm.");
  });

  it("keep labels", async () => {
    await says(lab, "docker01", "docker node update --label-add foo=bar --label-add plain docker02");
    expect(await says(lab, "docker01", "docker node inspect --pretty docker02 | head -4")).toBe(
      `ID:\t\t\t${await id("docker02")}\nLabels:\n - foo=bar\n - plain`,
    );
    expect(await says(lab, "docker01", "docker node ls -q --filter node.label=foo=bar")).toBe(
      await id("docker02"),
    );
    await says(lab, "docker01", "docker node update --label-rm foo --label-rm plain docker02");
    expect(await says(lab, "docker01", "docker node inspect -f '{{.Spec.Labels}}' docker02")).toBe("map[]");
  });
});

describe("a node that is not heard any more", () => {
  it.each([
    ["its daemon is stopped", "docker02", "systemctl stop docker", "systemctl start docker"],
    ["its interface is down", "docker02", "ip link set enp0s8 down", "ip link set enp0s8 up"],
    [
      "the leader drops what it says",
      "docker01",
      "iptables -I INPUT -s 192.168.56.101 -p tcp --dport 2377 -j DROP",
      "iptables -D INPUT 1",
    ],
  ])(
    "is down after three heartbeats, its tasks move, and it comes back: %s",
    async (_, node, breaks, mends) => {
      const lab = swarmOf();
      await says(
        lab,
        "docker01",
        "docker service create -d --name web --replicas 3 -p 80:8000 momijiame/greeting:1.0; sleep 5",
      );
      const where =
        "docker service ps -f desired-state=running --format '{{.Node}} {{.CurrentState}}' web | cut -d' ' -f1,2 | sort | uniq -c | sed 's/^ *//'";
      expect(await says(lab, "docker01", where)).toBe(
        "1 docker01 Running\n1 docker02 Running\n1 docker03 Running",
      );
      await says(lab, node, breaks);
      lab.wait(seconds(30));
      expect(await says(lab, "docker01", "docker node ls --format '{{.Hostname}} {{.Status}}'")).toBe(
        "docker01 Ready\ndocker02 Down\ndocker03 Ready",
      );
      expect(
        await says(
          lab,
          "docker01",
          "docker node inspect -f '{{.Status.State}} {{.Status.Message}}' docker02",
        ),
      ).toBe("down heartbeat failure");
      expect(await says(lab, "docker01", where)).not.toContain("docker02");
      await says(lab, node, mends);
      lab.wait(seconds(25));
      expect(await says(lab, "docker01", "docker node ls --format '{{.Hostname}} {{.Status}}'")).toBe(
        "docker01 Ready\ndocker02 Ready\ndocker03 Ready",
      );
      expect(await says(lab, "docker02", "docker ps -q")).toBe("");
      expect(await says(lab, "client", "curl -s -m 3 192.168.56.101")).toMatch(/^Hello, /);
    },
  );

  it("serves again from every node after its daemon was killed and started", async () => {
    const lab = swarmOf();
    await says(
      lab,
      "docker01",
      "docker service create -d --name web --replicas 3 -p 80:8000 momijiame/greeting:1.0; sleep 5",
    );
    await says(
      lab,
      "docker02",
      "kill -9 $(cat /var/run/docker.pid); sleep 5; systemctl start docker; sleep 15",
    );
    for (const node of [100, 101, 102])
      for (let request = 0; request < 3; request++)
        expect(await says(lab, "client", `curl -s -m 3 192.168.56.${node}`)).toMatch(/^Hello, /);
  });

  it("can be removed", async () => {
    const lab = swarmOf();
    expect(await says(lab, "docker02", "docker swarm leave")).toBe("Node left the swarm.");
    lab.wait(seconds(20));
    expect(
      await says(lab, "docker01", "docker node rm docker02; docker node ls --format '{{.Hostname}}'"),
    ).toBe("docker02\ndocker01\ndocker03");
  });
});

describe("the managers", () => {
  it("choose another leader when theirs is gone, and take it back as a manager", async () => {
    const lab = swarmOf();
    await says(lab, "docker01", "docker node promote docker02; sleep 2; systemctl stop docker");
    lab.wait(seconds(60));
    const list = "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'";
    expect(await says(lab, "docker03", list)).toMatch(
      /^docker01 Down Unreachable\ndocker02 Ready (Leader|Reachable)\ndocker03 Ready (Leader|Reachable)$/,
    );
    expect(
      await says(lab, "docker03", "docker service create -d -q --name web momijiame/greeting:1.0"),
    ).toMatch(/^\w{25}$/);
    await says(lab, "docker01", "systemctl start docker");
    lab.wait(seconds(10));
    expect(await says(lab, "docker01", list)).toMatch(/^docker01 Ready Reachable\n/);
  });

  it("refuse everything without a majority", async () => {
    const lab = swarmOf();
    await says(lab, "docker01", "docker service create -d --name web momijiame/greeting:1.0; sleep 3");
    await says(lab, "docker01", "systemctl stop docker");
    lab.wait(seconds(30));
    for (const line of [
      "docker node ls",
      "docker service ls",
      "docker service create --name other momijiame/greeting:1.0",
      "docker service scale web=2",
      "docker service rm web",
      "docker node update --availability drain docker03",
      "docker network create -d overlay mine",
    ])
      expect(await says(lab, "docker03", line), line).toContain(NO_LEADER);
    expect(await says(lab, "docker03", "docker info | sed -n '/Swarm/,/Is Manager/p'")).toContain(
      `  Error: ${NO_LEADER.slice("Error response from daemon: ".length)}\n  Is Manager: true`,
    );
    await says(lab, "docker01", "systemctl start docker");
    lab.wait(seconds(40));
    expect(await says(lab, "docker03", "docker service ls --format '{{.Name}} {{.Replicas}}'")).toBe(
      "web 1/1",
    );
  });

  it("let nobody change anything who leads without a majority", async () => {
    const lab = swarmOf();
    await says(lab, "docker03", "systemctl stop docker");
    lab.wait(seconds(4));
    const before = lab.now;
    expect(await says(lab, "docker01", "docker service create -d --name web momijiame/greeting:1.0")).toBe(
      NO_LEADER,
    );
    expect(lab.now - before).toBeGreaterThan(seconds(4));
    await says(lab, "docker03", "systemctl start docker");
    lab.wait(seconds(40));
    expect(await says(lab, "docker01", "docker service ls -q")).toBe("");
  });

  it("choose another leader when theirs is killed", async () => {
    const lab = swarmOf();
    await says(lab, "docker01", "docker node promote docker02; sleep 2; kill -9 $(cat /var/run/docker.pid)");
    lab.wait(seconds(40));
    expect(await says(lab, "docker02", "docker node ls --format '{{.ManagerStatus}}' | sort")).toBe(
      "Leader\nReachable\nUnreachable",
    );
  });
});

describe("releases", () => {
  it("show the command to join over three lines until 17.05", async () => {
    const init = "docker swarm init --advertise-addr 192.168.56.100 | grep -A2 'docker swarm join'";
    const lines = async (docker: "1.12" | "17.05" | "17.09" | "28") =>
      plain(await says(swarmOf({ docker, joined: false }), "docker01", init))
        .split("\n")
        .slice(0, 3);
    const cut = ["    docker swarm join \\", "    --token TOKEN \\", "    192.168.56.100:2377"];
    expect(await lines("1.12")).toEqual(cut);
    expect(await lines("17.05")).toEqual(cut);
    const whole = "    docker swarm join --token TOKEN 192.168.56.100:2377";
    expect((await lines("17.09"))[0]).toBe(whole);
    expect((await lines("28"))[0]).toBe(whole);
  });

  it.each([
    ["1.12", "rpc error: code = 14 desc = grpc: the connection is unavailable"],
    ["17.05", "rpc error: code = 14 desc = grpc: the connection is unavailable"],
    ["17.09", "rpc error: code = Unavailable desc = grpc: the connection is unavailable"],
    [
      "28",
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 192.168.56.100:2377: connect: connection refused"',
    ],
  ] as const)("say as Docker %s that nobody listens", async (docker, expected) => {
    const lab = swarmOf({ docker, joined: false });
    expect(await says(lab, "docker02", "docker swarm join 192.168.56.100:2377")).toBe(
      `Error response from daemon: ${expected}`,
    );
  });

  it.each([
    [
      "17.05",
      [
        "ID                           HOSTNAME  STATUS  AVAILABILITY  MANAGER STATUS",
        "ID    docker02  Ready   Active        ",
        "ID *  docker01  Ready   Active        Leader",
      ],
    ],
    [
      "17.09",
      [
        "ID                            HOSTNAME            STATUS              AVAILABILITY        MANAGER STATUS",
        "ID *   docker01            Ready               Active              Leader",
        "ID     docker02            Ready               Active              ",
      ],
    ],
  ] as const)("list nodes as Docker %s does", async (docker, expected) => {
    const listed = plain(await says(swarmOf({ docker }), "docker01", "docker node ls")).split("\n");
    expect(listed[0]).toBe(expected[0]);
    for (const line of expected.slice(1)) expect(listed).toContain(line);
  });
});
