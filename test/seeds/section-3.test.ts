import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { normalise } from "../support/normalise.js";
import { outputOf, play, type Ran, withoutChance } from "./play.js";
import { seedSection } from "./seed.js";

const recording = (path: string) =>
  readFileSync(new URL(`../oracle/single-host/${path}`, import.meta.url), "utf8");

describe("seed 004 §3-1, as written", () => {
  let ran: Ran[] = [];

  beforeAll(async () => {
    ran = await play(seedSection("3-1"), async (line, shell) => {
      if (line.includes("<プロセスID>")) {
        const { stdout } = await shell.run("docker inspect test-container --format '{{.State.Pid}}'");
        return line.replaceAll("<プロセスID>", stdout.trim());
      }
      if (line.includes("<veth名>")) {
        const { stdout } = await shell.run("brctl show docker0 | awk 'NR==2 {print $NF}'");
        return line.replaceAll("<veth名>", stdout.trim());
      }
      return line;
    });
  });

  it("runs every command without an error", () => {
    expect(ran.length).toBe(16);
    expect(
      ran
        .filter(({ status, stderr }) => status !== 0 || stderr !== "")
        .map(({ line, stderr }) => `${line}: ${stderr}`),
    ).toEqual([]);
  });

  it.each([
    ["iptables -nv -L", 0, "00-fresh-docker/iptables-nv-L.txt"],
    ["iptables -nv -L -t nat", 0, "00-fresh-docker/iptables-nv-L-t-nat.txt"],
  ])("%s lists the recorded rules", (command, nth, file) => {
    // The recording's machine had ip_forward=1 before dockerd started; dockerd sets FORWARD to DROP only when it turns forwarding on itself.
    const policies = (text: string) =>
      normalise(text)
        .replace(/policy (\w+) \d+ packets, \d+ bytes/g, "policy $1")
        .replace("FORWARD (policy DROP)", "FORWARD (policy ACCEPT)");
    expect(policies(outputOf(ran, command, nth).stdout)).toBe(policies(recording(file)));
  });

  it.each([
    ["docker network ls", 0, "00-fresh-docker/docker-network-ls.txt"],
    ["docker network inspect bridge", 0, "00-fresh-docker/docker-network-inspect-bridge.json"],
    ["docker network inspect bridge", 1, "01-test-container/docker-network-inspect-bridge.json"],
    ["sudo ip netns exec test-ns ip address", 0, "01-test-container/netns-test-ns-ip-address.txt"],
    ["sudo ip netns exec test-ns ip route", 0, "01-test-container/netns-test-ns-ip-route.txt"],
  ])("%s (%i) prints what was recorded", (command, nth, file) => {
    const comparable = (text: string) => normalise(text).replace(/"Created": ".*"/, '"Created": "…"');
    expect(comparable(outputOf(ran, command, nth).stdout)).toBe(comparable(recording(file)));
  });

  it("shows the namespace as a link of the process", () => {
    const form = (text: string) =>
      normalise(text)
        .replace(/\d\d:\d\d (?=\/proc)/, "TIME ")
        .replace(/\/proc\/\d+/, "/proc/PID")
        .replace(/\[\d+\]/, "[INODE]");
    expect(form(outputOf(ran, "sudo ls -la").stdout)).toBe(
      form(recording("01-test-container/ls-proc-ns-net.txt")),
    );
  });

  it("finds each end of the veth pair by the other's iflink", () => {
    const outside = Number(outputOf(ran, "cat /sys/class/net/veth").stdout);
    const inside = Number(outputOf(ran, "sudo ip netns exec test-ns cat").stdout);
    const address = outputOf(ran, "sudo ip netns exec test-ns ip address").stdout;
    expect(address).toContain(`${outside}: eth0@if${inside}: `);
    expect(inside).not.toBe(outside);
  });

  it("names the container when it is stopped and removed", () => {
    expect([outputOf(ran, "docker stop").stdout, outputOf(ran, "docker rm").stdout]).toEqual([
      "test-container\n",
      "test-container\n",
    ]);
  });
});

describe("seed 004 §3-2, as written", () => {
  it.each([
    [0, "host"],
    [1, "none"],
  ])("command %i gives a shell with --network=%s", async (nth, mode) => {
    const command = seedSection("3-2")[nth]!;
    const [opened, address, route, left, back] = await play([
      command,
      "ip address",
      "ip route",
      "exit",
      "hostname",
    ]);
    expect([opened!.stdout, left!.stdout, back!.stdout]).toEqual(["", "", "docker01\n"]);
    expect(normalise(route!.stdout)).toBe(
      normalise(recording(`02-host-and-none/network-${mode}-ip-route.txt`)),
    );
    const listing = (text: string) => normalise(text).split(/^(?=N: )/m);
    const recorded = listing(recording(`02-host-and-none/network-${mode}-ip-address.txt`));
    const lo = (blocks: string[]) => blocks.find((block) => block.startsWith("N: lo"));
    expect(lo(listing(address!.stdout))).toBe(lo(recorded));
    expect(listing(address!.stdout).length).toBe(recorded.length);
  });
});

describe("seed 004 §3-3, as written", () => {
  let ran: Ran[] = [];
  /** One more request at the end: the seed's last two captures have none after them. */
  let again: Ran;

  beforeAll(async () => {
    const lines = [...seedSection("3-3"), "docker exec -ti curl-container curl 172.17.0.3:5000"];
    ran = await play(lines, async (line, shell) => {
      if (line.includes("<MACアドレス>")) return line.replace("<MACアドレス>", "02:42:ac:11:00:03");
      if (line.includes("<veth名>")) {
        const { stdout } = await shell.run("bridge fdb show | grep 02:42:ac:11:00:02 | cut -d' ' -f3");
        return line.replace("<veth名>", stdout.trim());
      }
      return line;
    });
    again = ran.pop()!;
  });

  it("runs every command", () => {
    expect(ran.length).toBe(21);
    expect(ran.filter(({ status }) => status !== 0).map(({ line, stderr }) => `${line}: ${stderr}`)).toEqual(
      [],
    );
  });

  it("gives both containers their addresses", () => {
    const both =
      outputOf(ran, "docker exec -ti curl-container hostname").stdout +
      outputOf(ran, "docker exec -ti api-container hostname").stdout;
    expect(both).toBe(recording("03-container-to-container/hostname-i.txt").replace(/^# .*\n/, ""));
  });

  it("answers curl with the container's name", () => {
    const { stdout } = outputOf(ran, "docker exec -ti curl-container curl");
    expect(stdout).toMatch(/^Hello from [0-9a-f]{12}\n$/);
  });

  it("shows the ARP exchange on the bridge as recorded", () => {
    const { stdout } = outputOf(ran, "docker exec curl-container curl");
    const recorded = recording("03-container-to-container/tcpdump-arp-i-docker0-n-e-q.txt");
    expect(withoutChance(stdout.replace(/^Hello.*\n/, ""))).toBe(withoutChance(recorded));
  });

  it("has an empty neighbour table after the restart", () => {
    expect(outputOf(ran, "docker exec curl-container arp").stdout).toBe("");
  });

  it("shows route and bridge as recorded", () => {
    expect(outputOf(ran, "docker exec -ti curl-container ip route").stdout).toBe(
      recording("03-container-to-container/ip-route.txt").replace(/^# .*\n/, ""),
    );
    expect(outputOf(ran, "bridge fdb show").stdout).toMatch(
      /^02:42:ac:11:00:03 dev veth[0-9a-f]{7} master docker0 \n$/,
    );
    expect(outputOf(ran, "brctl show").stdout).toMatch(
      /^bridge name\tbridge id\t\tSTP enabled\tinterfaces\ndocker0\t\t8000\.0242[0-9a-f]{8}\tno\t\tveth[0-9a-f]{7}\n\t{7}veth[0-9a-f]{7}\n$/,
    );
  });

  /** The header lines of pushed segments in a listing of `tcpdump -A`. */
  const pushed = (text: string) =>
    withoutChance(text)
      .split("\n")
      .filter((line) => line.startsWith("TIME IP"))
      .map((line) => line.replace(/seq \S+, /, ""));

  it.each(["docker0", "veth-curl", "api-container-eth0"])(
    "shows the pushed segments on %s as recorded",
    (place) => {
      const recorded = recording(`03-container-to-container/tcpdump-A-push-only-${place}.txt`);
      const [first, ...others] =
        place === "docker0" ? [outputOf(ran, "docker exec -ti curl-container curl", 1)] : [again];
      expect(others).toEqual([]);
      const lines = pushed(first!.stdout);
      expect(pushed(recorded)).toHaveLength(3);
      expect(lines.length).toBe(place === "docker0" ? 3 : 9);
      expect(lines.slice(0, 3)).toEqual(pushed(recorded));
      for (const text of ["GET / HTTP/1.1", "User-Agent: curl/", "HTTP/1.1 200 OK", "Content-Length: 24"])
        expect(first!.stdout).toContain(text);
    },
  );
});
