import { beforeEach, describe, expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { Output } from "../../kernel-lib/src/host/process.js";
import { ip } from "../../kernel-lib/src/tools/ip/ip.js";
import { ping } from "../../kernel-lib/src/tools/ping/iputils.js";
import { tcpdump } from "../../kernel-lib/src/tools/tcpdump/tcpdump.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { readCapture } from "../../kernel-lib/src/wire/pcap.js";
import { bytesOf } from "./captures.js";

let host: Host;

beforeEach(() => {
  host = new Host(new World(1), "docker01", {
    programs: new Map([
      ["ip", ip],
      ["ping", ping],
      ["tcpdump", tcpdump],
    ]),
  });
  for (const command of [
    "ip netns add b",
    "ip link add veth0 type veth peer name eth0 netns b",
    "ip addr add 172.17.0.1/16 dev veth0",
    "ip link set veth0 up",
    "ip netns exec b ip addr add 172.17.0.2/16 dev eth0",
    "ip netns exec b ip link set eth0 up",
  ]) {
    const { status, stderr } = host.run(command.split(" "));
    expect([command, status, stderr]).toEqual([command, 0, ""]);
  }
});

/** Captures while a ping runs, then sends SIGINT as Ctrl-C does. */
function whilePinging(words: readonly string[]) {
  const [stdout, stderr] = [new Output(), new Output()];
  const process = host.spawn({ argv: ["tcpdump", ...words], stdout, stderr });
  host.run(["ping", "-c", "1", "172.17.0.2"]);
  process.kill("SIGINT");
  while (process.exitCode === null && host.world.scheduler.step());
  return { status: process.exitCode, stdout: stdout.written, stderr: stderr.written };
}

describe("a live capture", () => {
  test("ARP first, then the echo; the closing lines", () => {
    const { status, stdout, stderr } = whilePinging(["-i", "veth0", "-n", "-t"]);
    expect(stdout).toMatch(
      /^ARP, Request who-has 172.17.0.2 tell 172.17.0.1, length 28\nARP, Reply 172.17.0.2 is-at [0-9a-f:]+, length 28\nIP 172.17.0.1 > 172.17.0.2: ICMP echo request, id \d+, seq 1, length 64\nIP 172.17.0.2 > 172.17.0.1: ICMP echo reply, id \d+, seq 1, length 64\n\n$/,
    );
    expect([status, stderr]).toEqual([
      0,
      "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n" +
        "listening on veth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n" +
        "4 packets captured\n4 packets received by filter\n0 packets dropped by kernel\n",
    ]);
    expect(host.rootNetns.device("veth0")?.promiscuity).toBe(0);
  });

  test("a filter as a shell passes seed 004's, and -c", () => {
    const { stdout, stderr } = whilePinging([
      "-i",
      "veth0",
      "-n",
      "-t",
      "-c",
      "1",
      "icmp[icmptype]",
      "==",
      "icmp-echo",
      "and",
      "(ip[8] = 64)",
    ]);
    expect(stdout).toMatch(/^IP 172.17.0.1 > 172.17.0.2: ICMP echo request, id \d+, seq 1, length 64\n$/);
    expect(stderr).toContain("1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n");
  });

  test("any: interface and direction", () => {
    const { stdout } = whilePinging(["-i", "any", "-n", "-t", "icmp"]);
    expect(stdout).toMatch(
      /^veth0 Out IP 172.17.0.1 > 172.17.0.2: .*\nveth0 In {2}IP 172.17.0.2 > 172.17.0.1: .*\n\n$/,
    );
  });

  test("-w, then -r", () => {
    const { stdout, stderr } = whilePinging(["-i", "veth0", "-w", "/tmp/a.pcap", "icmp"]);
    expect([stdout, stderr.split("\n")[0]]).toEqual([
      "",
      "tcpdump: listening on veth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes",
    ]);
    expect(readCapture(host.files.readBytes("/tmp/a.pcap")).frames.length).toBe(2);
    expect(host.run(["tcpdump", "-ntr", "/tmp/a.pcap", "-c", "1"])).toMatchObject({
      status: 0,
      stderr: "reading from file /tmp/a.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n",
    });
  });
});

test.each([
  [["-i", "nosuch"], "tcpdump: nosuch: No such device exists\n(No such device exists)\n"],
  [["-c", "0"], "tcpdump: invalid packet count 0\n"],
  [["-s", "x"], "tcpdump: invalid snaplen x (must be >= 0 and <= 262144)\n"],
  [["-Q", "foo"], "tcpdump: unknown capture direction `foo'\n"],
  [["-tttttt"], "tcpdump: only -t, -tt, -ttt, -tttt and -ttttt are supported\n"],
  [["-i", "veth0", "port", "foo"], "tcpdump: unknown port 'foo'\n"],
  [["-i", "veth0", "tcp", "tcp"], "tcpdump: can't parse filter expression: syntax error\n"],
  [["-r", "nosuch.pcap"], "tcpdump: nosuch.pcap: No such file or directory\n"],
  [["-i", "veth0", "-w", "/nosuch/x"], "tcpdump: /nosuch/x: No such file or directory\n"],
  [["-B", "5"], "tcpdump: option -B is not supported here\n"],
])("tcpdump %j", (words, stderr) => {
  expect(host.run(["tcpdump", ...words])).toEqual({ status: 1, stdout: "", stderr });
});

test("a bad option gives the usage, -h prints it", () => {
  const bad = host.run(["tcpdump", "--badopt"]);
  const help = host.run(["tcpdump", "-h"]);
  expect([bad.status, bad.stderr]).toEqual([1, `tcpdump: unrecognized option '--badopt'\n${help.stdout}`]);
  expect([help.status, help.stdout.split("\n")[0]]).toEqual([0, "tcpdump version 4.99.3"]);
});

test("a damaged file: its whole frames, then the error", () => {
  host.files.write("/tmp/cut.pcap", bytesOf("tcpdump/captures/cut-60.pcap").slice(0, 150));
  const { status, stdout, stderr } = host.run(["tcpdump", "-nr", "/tmp/cut.pcap"]);
  expect([status, stdout.split("\n").length]).toEqual([1, 2]);
  expect(stderr).toMatch(
    /\ntcpdump: pcap_loop: truncated dump file; tried to read 60 captured bytes, only got 34\n$/,
  );
});
