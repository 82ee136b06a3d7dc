import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseIpv4, tryParseInterfaceAddress } from "../../kernel-lib/src/base/addresses.js";
import { Firewall, type FirewallCommand } from "../../kernel-lib/src/docker/firewall/firewall.js";
import type { FirewallBridge } from "../../kernel-lib/src/docker/firewall/layout.js";
import { FIREWALL_LAYOUTS } from "../../kernel-lib/src/docker/firewall/layouts.js";
import { resolverRules, WAIT_CHECK } from "../../kernel-lib/src/docker/resolver/rules.js";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { BALANCING_LAYOUTS } from "../../kernel-lib/src/swarm/balancing/layout.js";
import { addMarks, removeMarks } from "../../kernel-lib/src/swarm/balancing/mark-rules.js";
import { taskRules } from "../../kernel-lib/src/swarm/ingress/task-rules.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { describeCorpus } from "../support/corpora.js";
import { rulesByTable } from "../support/rules.js";

/** A machine without anything, on which commands of the engine are run as the engine runs them. */
class Bare {
  private readonly host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });

  run(argv: readonly string[]): string {
    const { status, stdout, stderr } = this.host.run(argv);
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
    return stdout;
  }

  issue(commands: readonly FirewallCommand[]): void {
    for (const { argv, mayFail, unless, provided } of commands) {
      if (provided !== undefined && this.host.run(provided).status !== 0) continue;
      if (unless !== undefined && this.host.run(unless).status === 0) continue;
      const { status, stderr } = this.host.run(argv);
      if (status !== 0 && !mayFail) throw new Error(`${argv.join(" ")}: ${stderr}`);
    }
  }

  get rules(): Readonly<Record<string, readonly string[]>> {
    return rulesByTable(this.run(["iptables-save"]));
  }
}

const DOCKER0: FirewallBridge = {
  device: "docker0",
  subnet: "172.17.0.0/16",
  internal: false,
  icc: true,
  masquerade: true,
  hostAddress: null,
  gatewayMode: "nat",
};
const GWBRIDGE: FirewallBridge = {
  ...DOCKER0,
  device: "docker_gwbridge",
  subnet: "172.18.0.0/16",
  icc: false,
};

const GATEWAY = "172.18.0.2";

/** A node's rules after services with these published ports, in the order of their creation; `containers`: beside `-p` containers. */
function nodeRules(
  version: DockerVersion,
  ports: readonly number[],
  containers: readonly [string, string, string][] = [],
) {
  const bare = new Bare();
  const firewall = new Firewall(FIREWALL_LAYOUTS[version]);
  bare.issue(firewall.start(true, DOCKER0));
  bare.issue(firewall.addBridge(GWBRIDGE));
  for (const [hostPort, containerAddress, containerPort] of containers)
    bare.issue(
      firewall.addPort({
        bridge: DOCKER0,
        protocol: "tcp",
        hostAddress: "0/0",
        hostPort,
        containerAddress,
        containerPort,
      }),
    );
  for (const port of ports) {
    bare.issue(firewall.openIngress(GWBRIDGE.device));
    bare.issue(firewall.addIngressPort({ protocol: "tcp", port, gateway: GATEWAY }));
  }
  return { bare, firewall };
}

function seed(name: string, from: RegExp): Readonly<Record<string, readonly string[]>> {
  const text = readFileSync(new URL(`../oracle/seeds/${name}.txt`, import.meta.url), "utf8");
  const body = text.slice(text.search(from));
  const begin = body.search(/^\*(mangle|nat)/m);
  const end = body.slice(begin).search(/^(```|5、)/m);
  return rulesByTable(body.slice(begin, end < 0 ? undefined : begin + end).replace(/\s+（.*）$/gm, ""));
}

function recording(path: string): Readonly<Record<string, readonly string[]>> {
  return rulesByTable(readFileSync(new URL(`../oracle/swarm/${path}`, import.meta.url), "utf8"));
}

describe("DOCKER-INGRESS on the machine", () => {
  test("1.12: the whole of seed 003's listing", () => {
    expect(nodeRules("1.12", [80]).bare.rules).toEqual(seed("003", /^root@manager:~# iptables-save/m));
  });

  test("17.05: seed 000 lists what the service has added", () => {
    const added = seed("000", /^-A POSTROUTING -d 10\.255\.0\.0\/16 -m ipvs[\s\S]*?\*\*ホストのiptables/m);
    const before = nodeRules("17.05", []).bare.rules;
    const after = nodeRules("17.05", [80]).bare.rules;
    for (const table of ["nat", "filter"]) {
      expect(after[table]!.filter((rule) => !before[table]!.includes(rule))).toEqual(added[table]);
      expect(after[table]!.filter((rule) => before[table]!.includes(rule))).toEqual(before[table]);
    }
    expect(after.filter![0]).toBe("-A FORWARD -j DOCKER-INGRESS");
  });

  test("17.09: seed 002 with its three ports, beside two containers; the port of the newest service is the first", () => {
    const ports = nodeRules(
      "17.09",
      [20003, 20002, 20001],
      [
        ["11111", "172.17.0.2", "80"],
        ["11112", "172.17.0.3", "8080"],
      ],
    ).bare.rules;
    const listed = seed("002", /^下面是 iptables/m);
    expect(ports.filter).toEqual(listed.filter);
    // The author has shortened the two hairpin rules by hand: each names the other container's address.
    const shortened = /^-A POSTROUTING -s 172\.17\.0\.[23]\/32/;
    const plain = (rules: readonly string[]) => rules.filter((rule) => !shortened.test(rule));
    expect(plain(ports.nat!)).toEqual(plain(listed.nat!));
  });

  test.each(["docker01", "docker02", "docker03"])("20.10: as recorded on %s", (node) => {
    expect(nodeRules("20.10", [80]).bare.rules).toEqual(
      recording(`02-service-2-replicas/${node}/iptables-save.txt`),
    );
  });

  test.each(["1.12", "17.05", "17.09", "20.10", "28"] as const)(
    "%s: without its port the chain has its RETURN only, and a new bridge leaves the order of FORWARD",
    (version) => {
      const { bare, firewall } = nodeRules(version, [80]);
      const jumps = () => bare.rules.filter!.filter((rule) => /^-A FORWARD -j /.test(rule));
      const before = jumps();
      bare.issue(firewall.addBridge({ ...DOCKER0, device: "br-other", subnet: "172.19.0.0/16" }));
      expect(jumps()).toEqual(before);
      bare.issue(firewall.removeIngressPort({ protocol: "tcp", port: 80, gateway: GATEWAY }));
      for (const table of ["nat", "filter"])
        expect(bare.rules[table]!.filter((rule) => rule.startsWith("-A DOCKER-INGRESS"))).toEqual([
          "-A DOCKER-INGRESS -j RETURN",
        ]);
    },
  );

  test.each(["17.05", "20.10"] as const)(
    "%s: a daemon that starts again finds the chain, and empties it with its first port",
    (version) => {
      const { bare } = nodeRules(version, [80]);
      const before = bare.rules;
      const again = new Firewall(FIREWALL_LAYOUTS[version]);
      bare.issue(again.restart(DOCKER0, [GWBRIDGE]));
      bare.issue(again.openIngress(GWBRIDGE.device));
      bare.issue(again.addIngressPort({ protocol: "tcp", port: 80, gateway: GATEWAY }));
      const sorted = (rules: readonly string[]) => [...rules].sort();
      expect(sorted(bare.rules.filter!)).toEqual(sorted(before.filter!));
      expect(bare.rules.filter!.slice(0, 2)).toEqual(before.filter!.slice(0, 2));
    },
  );
});

describeCorpus("28: moby's documentation of a swarm service", "moby-iptablesdoc", ({ read }) => {
  test("the rules are the documented ones, in their order", () => {
    const { bare } = nodeRules("28", [8080]);
    const text = read("swarm-portmap.md");
    const [filter, nat] = [
      ...text.matchAll(/<summary>iptables commands<\/summary>\n([\s\S]*?)<\/details>/g),
    ].map(([, body]) =>
      body!
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line.startsWith("-A ")),
    );
    expect(bare.rules.filter).toEqual(filter);
    expect(bare.rules.nat).toEqual(nat);
  });
});

const OWN = tryParseInterfaceAddress("10.255.0.2/16")!;
const SERVICE = {
  mark: 0x100,
  address: parseIpv4("10.255.0.5"),
  ports: [{ protocol: "tcp", publishedPort: 80, targetPort: 8000 }],
} as const;

/** A namespace with the embedded DNS, as each sandbox has it. */
function sandbox(ports: { readonly tcp: number; readonly udp: number }): Bare {
  const bare = new Bare();
  bare.run(["modprobe", "ip_vs"]);
  bare.run(WAIT_CHECK);
  for (const argv of resolverRules(ports, false)) bare.run(argv);
  return bare;
}

describe("marks in ingress_sbox", () => {
  test("20.10: as recorded", () => {
    const bare = sandbox({ tcp: 42713, udp: 44845 });
    bare.issue(addMarks(BALANCING_LAYOUTS["20.10"], SERVICE, OWN));
    expect(bare.rules).toEqual(recording("02-service-2-replicas/docker01/ingress_sbox/iptables-save.txt"));
    expect(bare.run(["sysctl", "net.ipv4.vs.conntrack"])).toBe("net.ipv4.vs.conntrack = 1\n");
  });

  test("17.05: seed 000 lists what the service has added", () => {
    const bare = sandbox({ tcp: 44532, udp: 56147 });
    const before = bare.rules;
    bare.issue(addMarks(BALANCING_LAYOUTS["17.05"], SERVICE, OWN));
    const added = seed("000", /^\*\*ingress用namespaceのiptablesを確認\*\*/m);
    expect(bare.rules.mangle).toEqual(added.mangle);
    expect(bare.rules.nat!.filter((rule) => !before.nat!.includes(rule))).toEqual(added.nat);
  });

  test("a second service shares the rule for the source address, which stays when services go", () => {
    const bare = sandbox({ tcp: 42713, udp: 44845 });
    const layout = BALANCING_LAYOUTS["20.10"];
    const other = { mark: 0x101, address: parseIpv4("10.255.0.9"), ports: [] };
    bare.issue([...addMarks(layout, SERVICE, OWN), ...addMarks(layout, other, OWN)]);
    bare.issue([...removeMarks(layout, SERVICE), ...removeMarks(layout, other)]);
    expect(bare.rules.mangle ?? []).toEqual([]);
    expect(bare.rules.nat!.filter((rule) => rule.includes("ipvs"))).toEqual([
      "-A POSTROUTING -d 10.255.0.0/16 -m ipvs --ipvs -j SNAT --to-source 10.255.0.2",
    ]);
  });

  test("20.10: a lb_ sandbox marks each service's address, as recorded", () => {
    const bare = sandbox({ tcp: 34541, udp: 52068 });
    const own = tryParseInterfaceAddress("10.0.9.6/24")!;
    const service = (mark: number, address: string) => ({ mark, address: parseIpv4(address), ports: [] });
    for (const one of [service(0x101, "10.0.9.9"), service(0x102, "10.0.9.2")])
      bare.issue(addMarks(BALANCING_LAYOUTS["20.10"], one, own));
    expect(bare.rules).toEqual(recording("11-user-overlay/docker02/netns-lb_jty096ivc/iptables-save.txt"));
  });
});

describe("a task's own rules on the ingress network", () => {
  const address = parseIpv4("10.255.0.7");

  test("20.10: as recorded", () => {
    const bare = sandbox({ tcp: 46069, udp: 60586 });
    bare.issue(taskRules(BALANCING_LAYOUTS["20.10"], address, SERVICE.ports));
    expect(bare.rules).toEqual(
      recording("02-service-2-replicas/docker01/container-helloworld.1/iptables-save.txt"),
    );
  });

  test("17.05: as seed 000 lists", () => {
    const bare = sandbox({ tcp: 35163, udp: 33418 });
    bare.issue(taskRules(BALANCING_LAYOUTS["17.05"], address, SERVICE.ports));
    const listed = seed("000", /^\*\*コンテナ用namespaceのiptablesを確認\*\*/m);
    expect(bare.rules).toEqual(
      Object.fromEntries(Object.entries(listed).filter(([, rules]) => rules.length > 0)),
    );
  });

  test("without published ports there are none", () => {
    expect(taskRules(BALANCING_LAYOUTS["20.10"], address, [])).toEqual([]);
  });
});
