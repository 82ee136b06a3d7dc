import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/** Commands of the recorded machines, one after the other; `from` is where they were typed. Where it has a file, the last one's output is that file. */
interface Step {
  readonly from: "host-a" | "host-b" | "client";
  readonly commands: readonly string[];
  readonly file?: string;
  /**
   * `before`: rules had counted before, in parts of the recording that are not played here: their counters are left out. `either way`: whether the last bare ACK is the
   * client's or the server's depends on who is faster; what counts both ways together is compared, what counts one way is not.
   */
  readonly counted?: "before" | "either way";
}

const on = (from: Step["from"], ...commands: string[]): Step => ({ from, commands });
const a = (...commands: string[]): Step => on("host-a", ...commands);

/** The listings that a step of the recording ends with. */
function listings(folder: string, from: Step["from"] = "host-a"): Step[] {
  return [
    { from, commands: ["iptables-save"], file: `${folder}/iptables-save.txt` },
    { from, commands: ["iptables-save -c"], file: `${folder}/iptables-save-c.txt` },
    { from, commands: ["iptables -nv -L"], file: `${folder}/iptables-nv-L.txt` },
    { from, commands: ["iptables -nv -L -t nat"], file: `${folder}/iptables-nv-L-t-nat.txt` },
  ];
}

/** The same on a machine whose rules had counted before. */
function laterListings(folder: string, from: Step["from"] = "host-a"): Step[] {
  return listings(folder, from).map((step) => ({ ...step, counted: "before" }));
}

const save = (file: string): Step => ({ from: "host-a", commands: ["iptables-save"], file });
const count = (file: string): Step => ({ from: "host-a", commands: ["iptables-save -c"], file });
const list = (options: string, file: string): Step => ({
  from: "host-a",
  commands: [`iptables ${options}`],
  file,
});
const ZERO = a("conntrack -F", "iptables -Z", "iptables -t nat -Z");

/** One request traced by rules in the raw table: from then on that table is listed. */
const traced = (match: string, from: Step["from"], command: string, at: Step["from"] = "host-a"): Step[] => [
  on(
    at,
    `iptables -t raw -I PREROUTING 1 ${match} -j TRACE`,
    `iptables -t raw -I OUTPUT 1 ${match} -j TRACE`,
  ),
  on(from, command),
  on(at, "iptables -t raw -F"),
];

const RUN = "docker run -t -d";
const BOTH = a(
  `${RUN} --name=curl-container test-image`,
  `${RUN} --name=api-container -p 5000:5000 test-image`,
);

/** A request, once more counted alone, and traced, as the recording did. */
function request(folder: string, from: Step["from"], command: string, counted?: Step["counted"]): Step[] {
  return [
    on(from, command),
    ZERO,
    on(from, command),
    {
      ...count(`${folder}/iptables-save-c-without-capture.txt`),
      ...(counted === undefined ? {} : { counted }),
    },
    ...traced("-p tcp", from, command),
  ];
}

const SINGLE_HOST: readonly Step[] = [
  ...listings("single-host/00-fresh-docker"),
  a("docker run -d --name=test-container alpine:latest tail -f /dev/null"),
  ...listings("single-host/01-test-container"),
  a("docker rm -f test-container"),
  save("single-host/01-test-container/after-rm-iptables-save.txt"),
  a(`${RUN} --name=curl-container test-image`, `${RUN} --name=api-container test-image`),
  a("docker restart -t 0 curl-container"),
  ...listings("single-host/03-container-to-container/before"),
  ZERO,
  a("docker exec curl-container ping -c 3 172.17.0.3"),
  ...listings("single-host/03-container-to-container/after-ping"),
  a("docker restart -t 0 curl-container"),
  ZERO,
  a("docker exec curl-container curl -sv 172.17.0.3:5000"),
  ...listings("single-host/03-container-to-container/after-http"),
  ...traced("-p icmp", "host-a", "docker exec curl-container ping -c 1 172.17.0.3"),
  a("sysctl -qw net.bridge.bridge-nf-call-iptables=0", "conntrack -F", "iptables -Z"),
  a("docker exec curl-container ping -c 1 172.17.0.3"),
  {
    from: "host-a",
    commands: ["sysctl net.bridge.bridge-nf-call-iptables; iptables-save -c -t filter; conntrack -L"],
    file: "single-host/03-container-to-container/bridge-nf-off-iptables-save-c.txt",
  },
];

const ON = "port-mapping/userland-proxy-on";
const OFF = "port-mapping/userland-proxy-off";
const LOG = "port-mapping/log-rules";
const PORT_MAPPING: readonly Step[] = [
  // The recorded machine had traced before.
  ...traced("-p tcp", "host-a", "curl -s 203.0.113.9:81"),
  BOTH,
  ZERO,
  ...laterListings(`${ON}/00-after-run-p-5000`),
  {
    ...list("-L -nv -t nat --line-numbers", `${ON}/00-after-run-p-5000/iptables-L-nv-t-nat-line-numbers.txt`),
    counted: "before",
  },
  list("-L -t nat", `${ON}/00-after-run-p-5000/iptables-L-t-nat.txt`),
  ...request(`${ON}/01-client-to-published`, "client", "curl -sv -m 3 192.168.56.101:5000"),
  ...request(`${ON}/02-host-localhost-to-published`, "host-a", "curl -sv -m 3 127.0.0.1:5000"),
  ...request(`${ON}/03-host-own-address-to-published`, "host-a", "curl -sv -m 3 192.168.56.101:5000"),
  ...request(
    `${ON}/04-other-container-to-host-address`,
    "host-a",
    "docker exec curl-container curl -sv -m 3 192.168.56.101:5000",
  ),
  ZERO,
  a(
    'iptables -t nat -I PREROUTING 1 -j LOG --log-prefix "PREROUTING: "',
    'iptables -t nat -I DOCKER 1 -j LOG --log-prefix "NAT DOCKER: "',
    'iptables -t nat -I POSTROUTING 1 -j LOG --log-prefix "POSTROUTING: "',
    'iptables -I FORWARD 1 -j LOG --log-prefix "FORWARD: "',
    'iptables -I DOCKER 1 -j LOG --log-prefix "FILTER DOCKER: "',
  ),
  save(`${LOG}/iptables-save.txt`),
  list("-L -t nat", `${LOG}/iptables-L-t-nat.txt`),
  list("-L DOCKER -t nat", `${LOG}/iptables-L-DOCKER-t-nat.txt`),
  a(
    "iptables -t nat -D PREROUTING 1",
    "iptables -t nat -D DOCKER 1",
    "iptables -t nat -D POSTROUTING 1",
    "iptables -D FORWARD 1",
    "iptables -D DOCKER 1",
  ),
  a("docker stop -t 0 curl-container api-container", "docker rm curl-container api-container"),
  a("echo '{\"userland-proxy\": false}' > /etc/docker/daemon.json", "systemctl restart docker"),
  BOTH,
  ...laterListings(`${OFF}/00-after-run-p-5000`),
  {
    ...list(
      "-L -nv -t nat --line-numbers",
      `${OFF}/00-after-run-p-5000/iptables-L-nv-t-nat-line-numbers.txt`,
    ),
    counted: "before",
  },
  list("-L -t nat", `${OFF}/00-after-run-p-5000/iptables-L-t-nat.txt`),
  ...request(`${OFF}/01-client-to-published`, "client", "curl -sv -m 3 192.168.56.101:5000", "either way"),
  ...request(`${OFF}/02-host-localhost-to-published`, "host-a", "curl -sv -m 3 127.0.0.1:5000"),
  ...request(`${OFF}/03-host-own-address-to-published`, "host-a", "curl -sv -m 3 192.168.56.101:5000"),
  ...request(
    `${OFF}/06-self-hairpin`,
    "host-a",
    "docker exec api-container curl -sv -m 3 192.168.56.101:5000",
  ),
  a("docker rm -f api-container curl-container", "rm /etc/docker/daemon.json", "systemctl restart docker"),
  // What only the daemon without docker-proxy needs is left behind by the next one.
  save("port-mapping/after-proxy-off-and-on-again/iptables-save.txt"),
];

const NET = "single-host/07-user-network";
const USER_NETWORK: readonly Step[] = [
  ...traced("-p tcp", "host-a", "curl -s 203.0.113.9:81"),
  ZERO,
  a(
    'docker network create --subnet 172.18.0.0/16 --attachable=true -o "com.docker.network.bridge.name"="test-net" test-net',
  ),
  ...laterListings(`${NET}/after-create`),
  a(
    "docker run -d --network test-net --ip 172.18.0.2 --name test-container test-image",
    "docker run -d --network test-net --name other test-image",
    "docker run -d --name on-docker0 test-image",
  ),
  ...laterListings(`${NET}/with-containers`),
  ...["", "-c"].map((option) => ({
    from: "host-a" as const,
    commands: [`nsenter -t $(docker inspect -f '{{.State.Pid}}' test-container) -n iptables-save ${option}`],
    file: `${NET}/container-netns/iptables-save${option}.txt`,
  })),
  a("conntrack -F", "iptables -Z"),
  a(
    "docker exec on-docker0 ping -c 2 -W 1 172.18.0.2; docker exec on-docker0 curl -sv -m 2 172.18.0.2:5000",
    "docker exec test-container ping -c 2 -W 1 172.17.0.2",
    "docker exec on-docker0 ping -c 1 -W 1 172.18.0.1",
  ),
  { from: "host-a", commands: ["iptables-save -c -t filter"], file: `${NET}/isolation/iptables-save-c.txt` },
  a("docker rm -f test-container other on-docker0", "docker network rm test-net"),
  save(`${NET}/after-rm/iptables-save.txt`),
];

const VXLAN_NET =
  'docker network create --attachable=true --subnet 172.18.0.0/16 -o "com.docker.network.bridge.name"="vxlan-net" vxlan-net';
const HOSTS = ["host-a", "host-b"] as const;
const MANUAL_VXLAN: readonly Step[] = [
  ...HOSTS.flatMap((from) => traced("-p tcp", from, "curl -s 203.0.113.9:81", from)),
  a("ip link add vxlan0 type vxlan id 10 remote 192.168.56.102 dstport 4789 dev enX0"),
  on("host-b", "ip link add vxlan0 type vxlan id 10 remote 192.168.56.101 dstport 4789 dev enX0"),
  ...HOSTS.map((from) => on(from, "ip link set vxlan0 up", VXLAN_NET, "brctl addif vxlan-net vxlan0")),
  a("docker run -d --rm --name test-a --net vxlan-net --ip 172.18.0.11 alpine sleep 3600"),
  on("host-b", "docker run -d --rm --name test-b --net vxlan-net --ip 172.18.0.22 alpine sleep 3600"),
  ...HOSTS.flatMap((from) => laterListings(`vxlan/14-before-ping/${from}`, from)),
  ...HOSTS.map((from) => on(from, "conntrack -F", "iptables -Z", "iptables -t nat -Z", "ip neigh flush all")),
  a("docker exec test-a ping -c 3 172.18.0.22"),
  // Whether host-b's ARP probe, five seconds after the ping, is among host-a's packets depends on when the listing was made.
  ...laterListings("vxlan/15-ping-a-to-b/after/host-a"),
  ...listings("vxlan/15-ping-a-to-b/after/host-b", "host-b"),
  // chat-app was another name of test-image; what runs as redis changes no rule.
  a(
    "docker run -d --name redis --net vxlan-net --ip 172.18.0.100 alpine sleep 3600; docker rm -f test-a; docker run -d --name chat-a --net vxlan-net --ip 172.18.0.11 -p 5000:5000 test-image",
  ),
  on(
    "host-b",
    "docker rm -f test-b; docker run -d --name chat-b --net vxlan-net --ip 172.18.0.22 -p 5000:5000 test-image",
  ),
  ...HOSTS.flatMap((from) => laterListings(`vxlan/22-chat/after-run/${from}`, from)),
];

function withoutCounters(text: string, counted: Step["counted"]): string {
  if (counted === "either way") return text.replace(ONE_WAY, "[N]");
  if (counted === undefined) return text;
  return text
    .replace(/^\[\d+:\d+\] -A/gm, "[N] -A")
    .replace(/^((?:\d+ +)?) *\d+ +\d+[KM]? (?=\w)/gm, "$1N N ");
}

const ONE_WAY =
  /^\[\d+:\d+\](?= -A (FORWARD -o docker0 -m|FORWARD -i docker0 !|DOCKER-ISOLATION-STAGE-1 -i|DOCKER-ISOLATION-STAGE-2 -j R))/gm;

/** What only chance or the clock decides: the counters of chains, the time of the listing, the ports of the embedded DNS. */
function comparable(text: string, { counted }: Step): string {
  return withoutCounters(text, counted)
    .replace(/^# (Generated by \S+ \S+|Completed) on .*$/gm, "# $1 on DATE")
    .replace(/(127\.0\.0\.11:|--sport )\d{5}\b/g, "$1PORT")
    .replace(/^(:\S+ \S+) \[\d+:\d+\]$/gm, "$1 [N]")
    .replace(/\(policy (\w+) \S+ packets, \S+ bytes\)/g, "(policy $1 N packets, N bytes)");
}

/** A recorded text without its first line, which is the command. Only the table filter where only that was asked for. */
function recorded(step: Step): string {
  const { commands, file } = step;
  const text = readFileSync(new URL(`../oracle/${file}`, import.meta.url), "utf8").replace(/^# .*\n/, "");
  const one = commands.at(-1)!.endsWith("-c -t filter");
  return comparable(one ? text.slice(text.lastIndexOf("# Generated")) : text, step);
}

describe.each([
  ["one host", SINGLE_HOST],
  ["port mapping, with docker-proxy and without", PORT_MAPPING],
  ["a user's network", USER_NETWORK],
  ["two hosts' networks for VXLAN", MANUAL_VXLAN],
])("%s: after each step the rules are the recorded ones", (_, steps) => {
  let lab: Lab | null = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
  // Forwarding was on before dockerd started there, so that FORWARD stayed open.
  for (const name of ["host-a", "host-b"]) lab.machine(name).exec("iptables -P FORWARD ACCEPT");
  afterAll(() => {
    lab = null;
  });
  const todo = [...steps];
  for (const file of steps.flatMap((step) => (step.file === undefined ? [] : [step.file]))) {
    test(file, async () => {
      for (let step = todo.shift()!; ; step = todo.shift()!) {
        let said = "";
        for (const command of step.commands) {
          const { stdout, stderr } = await lab!.machine(step.from).script(command);
          said = stdout + stderr;
        }
        if (step.file === undefined) continue;
        expect(comparable(said, step)).toBe(recorded(step));
        return;
      }
    });
  }
});
