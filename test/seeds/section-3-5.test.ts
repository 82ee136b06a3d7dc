import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { normalise } from "../support/normalise.js";
import type { Ran } from "./play.js";
import { comparable, countsWithoutSolicitation } from "./recorded-listing.js";
import { HOSTS, type HostName, sectionFive, TwoHosts } from "./two-hosts.js";

const oracle = (path: string) => new URL(`../oracle/${path}`, import.meta.url);
const recording = (path: string) => readFileSync(oracle(path), "utf8");

const { testNet, of } = sectionFive();
const lineOf = (host: HostName, start: string) => of[host].find((line) => line.includes(start))!;

describe("seed 004 §3-5, as written: a network of the user's own", () => {
  let hosts: TwoHosts;
  const ran: Ran[] = [];
  const listed = new Map<string, string>();

  beforeAll(async () => {
    hosts = await TwoHosts.open();
    await hosts.type("host-a", "sleep 3");
    for (const line of testNet) {
      ran.push(await hosts.type("host-a", line));
      if (!line.startsWith("docker network ls")) continue;
      for (const listing of AFTER_CREATE)
        listed.set(listing, await hosts.printed("host-a", COMMANDS[listing] ?? listing.replaceAll("-", " ")));
    }
  });

  const AFTER_CREATE = ["docker-network-ls", "brctl-show", "ip-route", "ip-addr", "iptables-save"];

  it("runs every command without an error", () => {
    expect(ran.map(({ line }) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "docker network create",
      "docker network ls",
      "docker run -d",
      "docker network inspect",
      "docker stop test-container",
      "docker rm test-container",
      "docker network rm",
    ]);
    expect(ran.filter(({ status, stderr }) => status !== 0 || stderr !== "")).toEqual([]);
  });

  it.each(AFTER_CREATE)("%s, once the network is there, is what was recorded", (listing) => {
    const path = `single-host/07-user-network/after-create/${listing}.txt`;
    expect(comparable("host-a", listing, listed.get(listing)!)).toEqual(
      comparable("host-a", listing, recording(path)),
    );
  });

  it("shows the container in the network through jq as recorded", () => {
    // A second container of the recording, which the seed does not have, comes first there.
    const recorded = recording("single-host/07-user-network/docker-network-inspect-test-net-Containers.json")
      .replace(/^# .*\n/, "")
      .replace(/ {2}"[0-9a-f]{64}": \{\n {4}"Name": "other"[^}]*\},\n/, "");
    const { stdout } = ran.find(({ line }) => line.includes("| jq ."))!;
    expect(normalise(stdout)).toBe(normalise(recorded));
  });

  it("leaves nothing behind", async () => {
    expect(await hosts.printed("host-a", "docker network ls -q -f type=custom; docker ps -aq")).toBe("");
    expect(await hosts.printed("host-a", "ip link show test-net")).toBe(
      'Device "test-net" does not exist.\n',
    );
  });
});

/** A step of the seed with the recording of it; the recording says the same with other words where the seed has a placeholder, `sudo` or a terminal. */
const STEPS: readonly (readonly [start: string, folder: string])[] = [
  ["sudo ip link add vxlan0", "01-ip-link-add"],
  ["bridge fdb show |grep", "02-bridge-fdb-grep-vxlan0"],
  ["sudo ip address add", "03-ip-address-add"],
  ["ip -details address", "04-ip-details-address-show"],
  ["sudo ip link set vxlan0 up", "05-ip-link-set-up"],
  ["ip route |grep", "06-ip-route"],
  ["docker network create", "07-docker-network-create"],
  ["ip address show vxlan-net", "08-ip-address-show-vxlan-net"],
  ["brctl show vxlan-net", "09-brctl-show"],
  ["sudo brctl addif", "10-brctl-addif"],
  ["docker run", "12-docker-run"],
  ["hostname -i", "13-hostname-i"],
];

const LISTINGS = [
  "brctl-show",
  "bridge-fdb-show",
  "ip-addr",
  "ip-route",
  "ip-route-table-local",
  "ip-neigh",
  "docker-network-ls",
  "docker-ps",
  "iptables-save-c",
  "iptables-nv-L",
  "iptables-nv-L-t-nat",
  "conntrack-L",
  "docker-network-inspect",
  "brctl-showmacs-vxlan-net",
];

const COMMANDS: Readonly<Record<string, string>> = {
  "ip-route-table-local": "ip route show table local",
  "docker-ps": "docker ps -a",
  "iptables-save": "iptables-save",
  "iptables-save-c": "iptables-save -c",
  "iptables-nv-L": "iptables -nv -L",
  "iptables-nv-L-t-nat": "iptables -nv -L -t nat",
  "conntrack-L": "conntrack -L 2>/dev/null",
  "docker-network-inspect": "docker network inspect vxlan-net",
  "brctl-showmacs-vxlan-net": "brctl showmacs vxlan-net",
};

/**
 * What the lab cannot have before the first ping: until then the recorded hosts exchanged only IPv6 router solicitations, multicast reports and IGMP, which
 * the lab does not model; their connections, their neighbour and the counts are all that these listings hold.
 */
const ONLY_NOISE_BEFORE = new Set(["conntrack-L", "ip-neigh"]);

describe("seed 004 §3-5, as written: VXLAN between host A and host B", () => {
  let hosts: TwoHosts;
  const ran: (Ran & { host: HostName })[] = [];
  const listings = new Map<string, string>();
  let traced: readonly string[] = [];

  async function list(when: string): Promise<void> {
    for (const host of HOSTS)
      for (const name of LISTINGS)
        listings.set(
          `${when} ${host} ${name}`,
          await hosts.printed(host, COMMANDS[name] ?? name.replaceAll("-", " ")),
        );
  }

  beforeAll(async () => {
    hosts = await TwoHosts.open();
    const seedLine = async (host: HostName, line: string) =>
      ran.push({ host, ...(await hosts.type(host, line)) });
    const upToPing = of["host-a"].findIndex((line) => line.includes("ping"));
    for (let i = 0; i < upToPing; i++) for (const host of HOSTS) await seedLine(host, of[host][i]!);
    await hosts.both("sleep 10");
    await list("before");
    await hosts.both("conntrack -F; iptables -Z; iptables -t nat -Z; ip neigh flush all");
    await seedLine("host-a", lineOf("host-a", "ping"));
    await hosts.both("sleep 4");
    await list("after");
    for (const [host, container] of [
      ["host-a", "test-a"],
      ["host-b", "test-b"],
    ] as const)
      listings.set(
        container,
        await hosts.printed(host, `docker exec ${container} arp -n; docker exec ${container} ip neigh`),
      );
    await seedLine("host-b", lineOf("host-b", "ping"));
    await list("end");
    for (const chain of ["PREROUTING", "OUTPUT"])
      await hosts.both(
        `iptables -t raw -I ${chain} -p icmp -j TRACE; iptables -t raw -I ${chain} -p udp --dport 4789 -j TRACE`,
      );
    await hosts.type("host-a", "docker exec test-a ip neigh flush dev eth0");
    await hosts.type("host-a", "docker exec test-a ping -c 1 172.18.0.22");
    traced = hosts.kernelLog().filter((line) => line.includes("TRACE: "));
    await hosts.both("iptables -t raw -F");
    for (const host of HOSTS) await seedLine(host, lineOf(host, "docker stop"));
  });

  it("runs every command of both hosts without an error", () => {
    for (const host of HOSTS)
      expect(
        ran
          .filter((one) => one.host === host)
          .map(({ line }) => line)
          .sort(),
      ).toEqual([...of[host]].sort());
    expect(ran.filter(({ status, stderr }) => status !== 0 || stderr !== "")).toEqual([]);
  });

  it.each(STEPS)("%s prints what was recorded on each host", (start, folder) => {
    for (const host of HOSTS) {
      const { stdout } = ran.find((one) => one.host === host && one.line.includes(start))!;
      // The recorded NIC is a veth, whose offload limits are others than a card's.
      const recorded = recording(`vxlan/${folder}/${host}.txt`).replace(
        "tso_max_size 524280",
        "tso_max_size 65536",
      );
      expect(normalise(stdout), host).toBe(normalise(recorded));
    }
  });

  const compared = (when: "before" | "after") =>
    HOSTS.flatMap((host) => LISTINGS.map((name) => ({ host, name, when })));
  const fileOf = (when: "before" | "after", host: HostName, name: string) =>
    `vxlan/${when === "before" ? "14-before-ping" : "15-ping-a-to-b/after"}/${host}/${name}.${name.includes("inspect") ? "json" : "txt"}`;

  it.each(
    [...compared("before"), ...compared("after")].filter(
      ({ host, name, when }) =>
        existsSync(oracle(fileOf(when, host, name))) && !(when === "before" && ONLY_NOISE_BEFORE.has(name)),
    ),
  )("$when the ping, $host: $name is what was recorded", ({ host, name, when }) => {
    const [ours, recorded] = [listings.get(`${when} ${host} ${name}`)!, recording(fileOf(when, host, name))];
    if (name !== "iptables-save-c")
      expect(comparable(host, name, ours)).toEqual(comparable(host, name, recorded));
    else if (when === "after")
      expect(comparable(host, name, ours)).toEqual(countsWithoutSolicitation(host, recorded));
    // Before the ping only what the lab does not model had been counted.
    else expect(comparable(host, "iptables-save", ours)).toEqual(comparable(host, "iptables-save", recorded));
  });

  it("learns the other container on vxlan0, in the bridge's table and in the device's own, by the first ping", () => {
    const showmacs = (when: string, host: HostName) =>
      comparable(host, "brctl-showmacs-vxlan-net", listings.get(`${when} ${host} brctl-showmacs-vxlan-net`)!);
    for (const host of HOSTS) {
      const [before, after] = [showmacs("before", host), showmacs("after", host)];
      expect(
        after.filter((line) => !before.includes(line)).map((line) => line.split("\t").slice(0, 3)),
      ).toEqual([
        [host === "host-a" ? "  2" : "  1", "02:42:ac:12:00:0b", "no"],
        [host === "host-a" ? "  1" : "  2", "02:42:ac:12:00:16", "no"],
      ]);
      expect(showmacs("end", host)).toEqual(after);
    }
  });

  it.each(["test-a", "test-b"])("%s knows the other's MAC as recorded", (container) => {
    const file = `vxlan/15-ping-a-to-b/after/${container}-neigh.txt`;
    expect(normalise(listings.get(container)!)).toBe(normalise(recording(file)));
  });

  it.each([
    ["host-a", "15-ping-a-to-b"],
    ["host-b", "16-ping-b-to-a"],
  ] as const)("%s gets three answers with the TTL untouched, as recorded", (host, folder) => {
    // The recording's stand-in for alpine has iputils' ping; alpine's own is busybox's, which words and numbers them otherwise.
    const answers = (text: string) =>
      [...text.matchAll(/^64 bytes from (\S+): (?:icmp_)?seq=(\d) (ttl=\d+)/gm)].map((match) => [
        match[1],
        match[3],
      ]);
    const { stdout } = ran.find((one) => one.host === host && one.line.includes("ping"))!;
    expect(answers(stdout)).toEqual(answers(recording(`vxlan/${folder}/ping.txt`)));
    expect(answers(stdout)).toHaveLength(3);
    expect(stdout).toContain("3 packets transmitted, 3 packets received, 0% packet loss");
  });

  it("the carrier passes OUTPUT and INPUT, the packet inside PREROUTING, FORWARD and POSTROUTING of both hosts: the recorded trace", () => {
    const plain = (line: string) =>
      line
        .slice(line.indexOf("TRACE: "))
        .replace(/MAC=(?!02:42:ac)\S+/, "MAC=M")
        .replace(/veth[0-9a-f]{7}/g, "VETH")
        // busybox's ping counts from 0, the recording's from 1.
        .replace(/\b(ID|SPT|SEQ)=\d+/g, "$1=N");
    const recorded = recording("vxlan/18-trace/both-hosts.txt").replace(/\n$/, "").split("\n");
    expect(traced.map(plain)).toEqual(recorded.map(plain));
  });
});
