import { describe, expect, test } from "vitest";
import { DockerLab } from "./docker-lab.js";

const HINT = "Try `iptables -h' or 'iptables --help' for more information.\n";
const DOCKER_HINT = "See 'docker run --help'.\n";

interface Fault {
  readonly name: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly status: number;
  readonly stderr: string | RegExp;
}

/** Lines 1 to 7 and more; the seventh is the wrong one. */
function restoreFile(seventh: string): string {
  return [
    "*filter",
    ":INPUT DROP [0:0]",
    ":FORWARD DROP [0:0]",
    ":MINE - [0:0]",
    "-A INPUT -i lo -j ACCEPT",
    "-A INPUT -p tcp -m tcp --dport 22 -j MINE",
    seventh,
    "-A MINE -j ACCEPT",
    "COMMIT",
    "",
  ].join("\n");
}

const iptables = (...argv: string[]) => ["iptables", ...argv];
const run = (port: string) => ["docker", "run", "-d", "--name", "f1", "-p", port, "test-image"];

const FAULTS: readonly Fault[] = [
  {
    name: "chain in use",
    argv: iptables("-t", "nat", "-X", "DOCKER"),
    status: 1,
    stderr: "iptables: Too many links.\n",
  },
  {
    name: "chain with rules",
    argv: iptables("-X", "LONE"),
    status: 1,
    stderr: "iptables: Directory not empty.\n",
  },
  {
    name: "chain that is there",
    argv: iptables("-N", "FULL"),
    status: 1,
    stderr: "iptables: Chain already exists.\n",
  },
  {
    name: "unknown chain",
    argv: iptables("-A", "NOPE", "-j", "ACCEPT"),
    status: 1,
    stderr: "iptables: No chain/target/match by that name.\n",
  },
  {
    name: "jump to an unknown chain",
    argv: iptables("-A", "FORWARD", "-j", "NOPE"),
    status: 2,
    stderr: `iptables v1.8.9 (legacy): Couldn't load target \`NOPE':No such file or directory\n\n${HINT}`,
  },
  {
    name: "rule that is not there",
    argv: iptables("-D", "FORWARD", "-s", "9.9.9.9", "-j", "ACCEPT"),
    status: 1,
    stderr: "iptables: Bad rule (does a matching rule exist in that chain?).\n",
  },
  {
    name: "circle of jumps",
    argv: iptables("-A", "FULL", "-j", "FULL"),
    status: 1,
    stderr: "iptables: Too many levels of symbolic links.\n",
  },
  {
    name: "bad CIDR",
    argv: iptables("-A", "FORWARD", "-s", "10.0.0.0/33", "-j", "DROP"),
    status: 2,
    stderr: `iptables v1.8.9 (legacy): invalid mask \`33' specified\n${HINT}`,
  },
  {
    name: "bad address",
    argv: iptables("-A", "FORWARD", "-s", "256.0.0.0/8", "-j", "DROP"),
    status: 2,
    stderr: `iptables v1.8.9 (legacy): host/network \`256.0.0.0' not found\n${HINT}`,
  },
  {
    name: "port 65,536",
    argv: iptables("-A", "FORWARD", "-p", "tcp", "--dport", "65536", "-j", "ACCEPT"),
    status: 2,
    stderr: `iptables v1.8.9 (legacy): invalid port/service \`65536' specified\n${HINT}`,
  },
  {
    name: "target in the wrong table",
    argv: iptables("-A", "FORWARD", "-j", "MASQUERADE"),
    status: 1,
    stderr: "iptables: Invalid argument. Run `dmesg' for more information.\n",
  },
  {
    name: "restore that fails at line 7: wrong words",
    argv: ["iptables-restore"],
    stdin: restoreFile("-A INPUT -p tcp --dport 65536 -j ACCEPT"),
    status: 2,
    stderr:
      "iptables-restore v1.8.9 (legacy): invalid port/service `65536' specified\nError occurred at line: 7\nTry `iptables-restore -h' or 'iptables-restore --help' for more information.\n",
  },
  {
    name: "restore that fails at line 7: unknown chain",
    argv: ["iptables-restore"],
    stdin: restoreFile("-A NOPE -j ACCEPT"),
    status: 1,
    stderr: "iptables-restore: line 7 failed\n",
  },
  {
    name: "restore that the kernel refuses at COMMIT",
    argv: ["iptables-restore"],
    stdin: restoreFile("-A INPUT -j MASQUERADE"),
    status: 1,
    stderr: "iptables-restore: line 9 failed\n",
  },
  {
    name: "port taken",
    argv: run("5000:5000"),
    status: 125,
    stderr:
      /^docker: Error response from daemon: driver failed programming external connectivity on endpoint f1 \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:5000 failed: port is already allocated\.\n$/,
  },
  {
    name: "-p without container port",
    argv: run("5000:"),
    status: 125,
    stderr: `docker: No port specified: 5000:<empty>.\n${DOCKER_HINT}`,
  },
  {
    name: "container port 65,536",
    argv: run("5001:65536"),
    status: 125,
    stderr: `docker: Invalid containerPort: 65536.\n${DOCKER_HINT}`,
  },
  {
    name: "host port 65,536",
    argv: run("65536:80"),
    status: 125,
    stderr: `docker: Invalid hostPort: 65536.\n${DOCKER_HINT}`,
  },
];

describe("a wrong command says what the real one says and changes nothing", () => {
  test.each(FAULTS)("$name", ({ argv, stdin = "", status, stderr }) => {
    const lab = new DockerLab();
    lab.run("docker run -d --name api -p 5000:5000 test-image");
    lab.run("iptables -N FULL");
    lab.run("iptables -A FULL -s 192.0.2.1 -j DROP");
    lab.run("iptables -A FORWARD -j FULL");
    lab.run("iptables -N LONE");
    lab.run("iptables -A LONE -j RETURN");
    const rules = () => lab.run("iptables-save -c").replace(/^# .*\n/gm, "");
    const before = rules();
    const got = lab.host.run({ argv, stdin });
    expect(got.status).toBe(status);
    if (typeof stderr === "string") expect(got.stderr).toBe(stderr);
    else expect(got.stderr).toMatch(stderr);
    expect(rules()).toBe(before);
  });
});

test.each([
  [
    "iptables -A FORWARD -j MASQUERADE",
    "x_tables: ip_tables: MASQUERADE target: only valid in nat table, not filter",
  ],
  [
    "iptables -t nat -A POSTROUTING -j DNAT --to-destination 1.1.1.1",
    "x_tables: ip_tables: DNAT target: used from hooks POSTROUTING, but only usable from PREROUTING/OUTPUT",
  ],
  ["iptables -A FORWARD -p udp -m tcp", "x_tables: ip_tables: tcp match: only valid for protocol 6"],
  [
    "iptables -A OUTPUT -m mac --mac-source 00:11:22:33:44:55",
    "x_tables: ip_tables: mac match: used from hooks OUTPUT, but only valid from PREROUTING/INPUT/FORWARD",
  ],
  ["iptables -A FORWARD -j REJECT --reject-with tcp-reset", "ipt_REJECT: TCP_RESET invalid for non-tcp"],
  [
    "iptables -A INPUT -m addrtype --dst-type LOCAL --limit-iface-out",
    "xt_addrtype: output interface limitation not valid in PREROUTING and INPUT",
  ],
  [
    "iptables -A FORWARD -m limit --limit 1/day --limit-burst 10000",
    "xt_limit: Overflow, try lower: 864000000/10000",
  ],
])("`%s`: the kernel's log says why", (line, text) => {
  const { host } = new DockerLab();
  expect(host.run(line.split(" ")).status).toBe(1);
  expect(host.kernelLog.lines.at(-1)?.text).toBe(text);
});
