import { expect, test } from "vitest";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { LoadResult } from "../../kernel-lib/src/lab/load/result.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

const REPLICAS = 5;
const REQUESTS = 100_000;
/** Requests a second: a port of a client comes again after some minutes. */
const RATE = 2_000;
const CLIENTS = Array.from({ length: 40 }, (_, i) => `10.0.0.${100 + i}`);
/** A quiet machine needs some 25 s for one of these. */
const PATIENCE = 900_000;
const URL = "http://10.0.0.1/";

const must = (machine: Machine, line: string) => {
  const { status, stderr } = machine.exec(line);
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
};

/** A director between a client with forty addresses and five servers, as `ipvsadm -m` wants it: the servers' way back leads through the director. */
function cluster(scheduler: string, weights: readonly number[] = []) {
  const names = Array.from({ length: REPLICAS }, (_, i) => `s${i + 1}`);
  const up = (nic: string, address: string) => [
    "ip link set lo up",
    `ip link set ${nic} up`,
    `ip address add ${address} brd + dev ${nic}`,
  ];
  const servers = names.map((name, i) => [
    name,
    {
      nics: ["eth0"],
      services: ["http"] as const,
      setup: [...up("eth0", `10.1.0.${11 + i}/24`), "ip route add default via 10.1.0.1"],
    },
  ]);
  const lab = Lab.build({
    machines: {
      client: {
        nics: ["eth0"],
        setup: [
          ...up("eth0", "10.0.0.9/24"),
          ...CLIENTS.map((address) => `ip address add ${address}/24 brd + dev eth0`),
        ],
      },
      director: {
        nics: ["eth0", "eth1"],
        setup: [
          ...up("eth0", "10.0.0.1/24"),
          ...up("eth1", "10.1.0.1/24"),
          "sysctl -q -w net.ipv4.ip_forward=1",
          "modprobe ip_vs",
          "sysctl -q -w net.ipv4.vs.expire_nodest_conn=1",
          `ipvsadm -A -t 10.0.0.1:80 -s ${scheduler}`,
          ...names.map((_, i) => `ipvsadm -a -t 10.0.0.1:80 -r ${server(i)} -m -w ${weights[i] ?? 1}`),
        ],
      },
      ...Object.fromEntries(servers),
    },
    switches: ["switch"],
    cables: {
      front: { ends: ["client:eth0", "director:eth0"] },
      back: { ends: ["director:eth1", "switch"] },
      ...Object.fromEntries(names.map((name) => [`to-${name}`, { ends: [`${name}:eth0`, "switch"] }])),
    },
  });
  const { client, director, ...others } = lab.machines as Record<string, Machine>;
  return { lab, client: client!, director: director!, servers: Object.values(others) };
}

function server(i: number): string {
  return `10.1.0.${11 + i}:8080`;
}

const LOAD = { url: URL, rate: RATE, requests: REQUESTS, from: CLIENTS } as const;

function counts(load: LoadResult): Record<string, number> {
  return Object.fromEntries(load.replicas.map(({ name, requests }) => [name, requests]));
}

test("rr is exact", { timeout: PATIENCE }, () => {
  const { client } = cluster("rr");
  const load = client.load(LOAD);
  expect(load.failures).toEqual({});
  const each = REQUESTS / REPLICAS;
  expect(counts(load)).toEqual({ s1: each, s2: each, s3: each, s4: each, s5: each });
});

test("sh keeps clients: each has one server all the time", { timeout: PATIENCE }, () => {
  const { client, director } = cluster("sh");
  const load = client.load(LOAD);
  expect(load.failures).toEqual({});
  expect(load.answered).toBe(REQUESTS);
  // What the director still knows: two minutes of the load.
  const servers = new Map<string, Set<string>>();
  for (const line of director.exec("ipvsadm -Lnc").lines.slice(2)) {
    const [, , , source = "", , destination = ""] = line.split(/ +/);
    const address = source.split(":")[0]!;
    servers.set(address, (servers.get(address) ?? new Set()).add(destination));
  }
  expect([...servers.keys()].sort()).toEqual([...CLIENTS].sort());
  for (const [address, own] of servers) expect([address, own.size]).toEqual([address, 1]);
  // All requests of a client are with its server, so a server's count is a multiple of a client's.
  const each = REQUESTS / CLIENTS.length;
  for (const count of Object.values(counts(load))) expect(count % each).toBe(0);
});

test("weights hold within 1 %", { timeout: PATIENCE }, () => {
  const weights = [1, 2, 3, 4, 5];
  const { client } = cluster("wrr", weights);
  const load = client.load(LOAD);
  expect(load.failures).toEqual({});
  for (const [i, { requests }] of load.replicas.entries()) {
    const wanted = (REQUESTS * weights[i]!) / 15;
    expect(Math.abs(requests - wanted) / wanted).toBeLessThan(0.01);
  }
});

test("draining a replica loses none, killing one only the connections in flight to it", {
  timeout: PATIENCE,
}, async () => {
  const { lab, client, director, servers } = cluster("rr");
  for (const { name } of servers) lab.serviceTime(name, { mean: ms(1) });
  const run = client.startLoad({ ...LOAD, timeout: seconds(20) });
  const third = seconds(REQUESTS / RATE / 3);
  lab.wait(third);
  must(director, `ipvsadm -e -t 10.0.0.1:80 -r ${server(1)} -m -w 0`);
  // Its connections have ended; then it goes.
  lab.wait(seconds(1));
  expect(active(director, server(1))).toBe(0);
  must(director, `ipvsadm -d -t 10.0.0.1:80 -r ${server(1)}`);
  await killServer(servers[1]!);
  expect(run.result().failures).toEqual({});
  lab.wait(third);
  await killServer(servers[3]!);
  must(director, `ipvsadm -e -t 10.0.0.1:80 -r ${server(3)} -m -w 0`);
  const load = run.finish();
  const byServer = counts(load);
  expect(load.answered + load.failed).toBe(REQUESTS);
  // Every connection that the dead server was given and did not answer, and no other.
  expect(load.failed).toBe(connections(director, server(3)) - byServer.s4!);
  expect(load.failed).toBeGreaterThan(0);
  expect(load.failed).toBeLessThan(RATE);
  expect(Math.abs(byServer.s1! - byServer.s3!)).toBeLessThanOrEqual(1);
});

async function killServer(machine: Machine): Promise<void> {
  const { status, stderr } = await machine.script(`kill -KILL $(ps -e | awk '/ httpd$/ { print $1 }')`);
  if (status !== 0) throw new Error(stderr);
}

/** A server's row of a listing. */
function row(director: Machine, listing: string, address: string): readonly string[] {
  const line = director.exec(listing).lines.find((text) => text.includes(`${address} `))!;
  return line.trim().split(/ +/);
}

function active(director: Machine, address: string): number {
  return Number(row(director, "ipvsadm -Ln", address)[4]);
}

function connections(director: Machine, address: string): number {
  return Number(row(director, "ipvsadm -Ln --stats --exact", address)[2]);
}
