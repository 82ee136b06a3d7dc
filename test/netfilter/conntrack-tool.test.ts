import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Output } from "../../kernel-lib/src/host/process.js";
import { RecordedRouter, type RecordedStep, type Recording } from "./conntrack-play.js";

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`./recorded/${file}`, import.meta.url), "utf8"));
}

interface Commands extends Pick<Recording, "rules" | "sysctls"> {
  readonly packets: readonly (readonly ["a" | "b", string])[];
  readonly commands: readonly {
    readonly command: string;
    readonly stdout: string;
    readonly stderr: string;
    readonly status: number;
  }[];
}

/** The order of entries is that of a hash; the seconds that are left, identifiers and who asked are the machine's. */
function level(text: string): string {
  return text
    .replace(/^((?:ipv4 +2 )?(?:tcp|udp|icmp|unknown) +\d+ )\d+ /gm, "$1T ")
    .replace(/ id=\d{4,}/g, " id=ID")
    .replace(/ \[USERSPACE\] portid=\d+(?: progname=conntrack)?/g, " [USERSPACE]")
    .replace(/^\[\d+\.\d{6}\]/gm, "[TIME]");
}

function sorted(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.every((line) => line === "" || /src=/.test(line)) ? lines.sort() : lines;
}

describe("conntrack on a router with five connections, recorded", () => {
  const recorded = read<Commands>("conntrack-commands.json");
  const router = new RecordedRouter(recorded);
  for (const [from, packet] of recorded.packets) router.play({ at: 0, from, packet, list: [] });

  test.each(recorded.commands)("$command", ({ command, stdout, stderr, status }) => {
    const seen = router.host.run(command.split(" "));
    expect({
      stdout: sorted(level(seen.stdout)),
      stderr: seen.stderr,
      status: seen.status,
    }).toEqual({ stdout: sorted(level(stdout)), stderr, status });
  });
});

interface Events extends Pick<Recording, "name" | "rules" | "sysctls"> {
  readonly args: string;
  readonly steps: readonly RecordedStep[];
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Seconds in events are exact when an entry has just changed; at its end they are the machine's. */
function levelEvents(text: string): string {
  return level(text).replace(/^(\[DESTROY\] (?:ipv4 +2 )?\w+ +\d+ )\d+ /gm, "$1T ");
}

function follow(router: RecordedRouter, args: string) {
  const stdout = new Output();
  const stderr = new Output();
  const argv = ["conntrack", "-E", ...args.split(" ").filter((word) => word !== "")];
  const process = router.host.init.spawn({ argv, stdout, stderr });
  router.world.scheduler.runFor(1000);
  return { process, stdout, stderr };
}

describe("conntrack -E, recorded", () => {
  test.each(read<readonly Events[]>("conntrack-events.json"))("$name $rules", (recorded) => {
    const router = new RecordedRouter(recorded);
    const { process, stdout, stderr } = follow(router, recorded.args);
    for (const step of recorded.steps) router.play({ ...step, at: 0 });
    process.kill("SIGINT");
    router.world.scheduler.runFor(1e9);
    expect(levelEvents(stdout.written)).toBe(levelEvents(recorded.stdout));
    expect(stderr.written).toBe(recorded.stderr);
    expect(process.exitCode).toBe(recorded.status);
  });
});

const DATAGRAM = "4500001e000140004011000000000000000000000fa00035000a00006869";

/** A datagram of a to b, from a port of one's own, without a checksum. */
function datagram(port: number): string {
  const bytes = Buffer.from(DATAGRAM, "hex");
  Buffer.from([10, 9, 1, 2, 10, 9, 2, 2]).copy(bytes, 12);
  bytes.writeUInt16BE(port, 20);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, 10);
  return bytes.toString("hex");
}

const send = (router: RecordedRouter, port: number) =>
  router.play({ at: 0, from: "a", packet: datagram(port), list: [] });

describe("time and room", () => {
  test("an entry's end is told when its time is over, not before", () => {
    const router = new RecordedRouter({ rules: [], sysctls: [["nf_conntrack_udp_timeout", 5]] });
    const { stdout } = follow(router, "-e DESTROY");
    send(router, 4000);
    router.world.scheduler.runFor(4.9e9);
    expect(stdout.written).toBe("");
    router.world.scheduler.runFor(0.1e9);
    expect(stdout.written).toBe(
      "[DESTROY] udp      17 src=10.9.1.2 dst=10.9.2.2 sport=4000 dport=53 [UNREPLIED] src=10.9.2.2 dst=10.9.1.2 sport=53 dport=4000\n",
    );
    expect(router.run("sysctl -n net.netfilter.nf_conntrack_count")).toBe("0\n");
  });

  test("connections that began before anyone listened are not told of, unless nf_conntrack_events is 1", () => {
    for (const [value, text] of [
      [2, ""],
      [1, "[DESTROY] udp"],
    ] as const) {
      const router = new RecordedRouter({ rules: [], sysctls: [["nf_conntrack_events", value]] });
      send(router, 4000);
      const { stdout } = follow(router, "");
      router.run("conntrack -F");
      expect(stdout.written.slice(0, 13)).toBe(text);
    }
  });

  test("a full table drops what is new, and says so in the kernel log", () => {
    const router = new RecordedRouter({ rules: [], sysctls: [["nf_conntrack_max", 2]] });
    for (const port of [4000, 4001]) expect(send(router, port).out).toHaveLength(1);
    expect(send(router, 4002)).toMatchObject({ out: [], states: [] });
    expect(send(router, 4001).out).toHaveLength(1);
    expect(router.host.kernelLog.lines.map(({ text }) => text)).toEqual([
      "nf_conntrack: nf_conntrack: table full, dropping packet",
    ]);
    expect(router.run("conntrack -S").split("\n")[0]).toBe(
      "cpu=0   \tfound=0 invalid=0 insert=0 insert_failed=0 drop=1 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 ",
    );
    router.world.scheduler.runFor(31e9);
    expect(send(router, 4002).out).toHaveLength(1);
  });

  test("with few buckets an unanswered entry gives way", () => {
    const router = new RecordedRouter({
      rules: [],
      sysctls: [
        ["nf_conntrack_max", 2],
        ["nf_conntrack_buckets", 8],
      ],
    });
    const sent = [4000, 4001, 4002, 4003, 4004, 4005].map((port) => send(router, port).out!.length);
    expect(sent.slice(0, 2)).toEqual([1, 1]);
    expect(router.run("conntrack -C")).toBe("2\n");
    expect(router.run("conntrack -S")).toMatch(/^cpu=0 .* early_drop=[1-4] /);
  });

  test("a container's namespace may not change what is the whole machine's, and has its own count", () => {
    const router = new RecordedRouter({ rules: [], sysctls: [] });
    send(router, 4000);
    router.run("ip netns add x");
    expect(router.run("ip netns exec x sysctl -n net.netfilter.nf_conntrack_count")).toBe("0\n");
    expect(router.run("sysctl -n net.netfilter.nf_conntrack_count")).toBe("1\n");
    const refused = router.host.run("ip netns exec x sysctl -w net.netfilter.nf_conntrack_max=5".split(" "));
    expect(refused).toMatchObject({
      status: 0,
      stderr: 'sysctl: setting key "net.netfilter.nf_conntrack_max": Invalid argument\n',
    });
    const high = router.host.run("sysctl -w net.netfilter.nf_conntrack_tcp_loose=5".split(" "));
    expect(high.stderr).toBe(
      'sysctl: setting key "net.netfilter.nf_conntrack_tcp_loose": Invalid argument\n',
    );
  });

  test("/proc/net/nf_conntrack, with counters and age", () => {
    const router = new RecordedRouter({
      rules: [],
      sysctls: [
        ["nf_conntrack_acct", 1],
        ["nf_conntrack_timestamp", 1],
      ],
    });
    send(router, 4000);
    router.world.scheduler.runFor(2.5e9);
    expect(router.run("cat /proc/net/nf_conntrack")).toBe(
      "ipv4     2 udp      17 27 src=10.9.1.2 dst=10.9.2.2 sport=4000 dport=53 packets=1 bytes=30 [UNREPLIED] src=10.9.2.2 dst=10.9.1.2 sport=53 dport=4000 packets=0 bytes=0 mark=0 zone=0 delta-time=2 use=2\n",
    );
    expect(router.run("conntrack -L -o ktimestamp")).toMatch(
      / mark=0 delta-time=2 \[start=Sat Nov 21 03:12:\d\d 2026\] use=1\n$/,
    );
  });
});
