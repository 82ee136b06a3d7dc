import { beforeEach, describe, expect, it } from "vitest";
import type { Host } from "../../kernel-lib/src/host/host.js";
import { busyboxPing } from "../../kernel-lib/src/tools/ping/busybox.js";
import { PingStatistics, printStatistics, printTime } from "../../kernel-lib/src/tools/ping/statistics.js";
import { machine } from "../support/recording.js";

const SETUP = `ip netns add a
ip link add br0 type bridge
ip link add va type veth peer name eth0 netns a
ip link set va master br0
ip link set va up
ip link set br0 up
ip addr add 172.17.0.1/16 brd + dev br0
ip -n a link set lo up
ip -n a link set eth0 up
ip -n a addr add 172.17.0.2/16 brd + dev eth0
ip -n a route add default via 172.17.0.1`;

let host: Host;
beforeEach(() => {
  host = machine();
  host.programs.set("bbping", busyboxPing);
  for (const command of SETUP.split("\n")) expect(host.run(command.split(" ")).stderr).toBe("");
});

function run(command: string): string {
  const { stdout, stderr, status } = host.run(command.split(" "));
  return `${stdout}${stderr}= ${status}`.replace(/\d\.\d{3}/g, "T");
}

describe("ping", () => {
  it("prints replies and statistics as iputils does", () => {
    expect(run("ip netns exec a ping -c 2 172.17.0.1")).toBe(
      `PING 172.17.0.1 (172.17.0.1) 56(84) bytes of data.
64 bytes from 172.17.0.1: icmp_seq=1 ttl=64 time=T ms
64 bytes from 172.17.0.1: icmp_seq=2 ttl=64 time=T ms

--- 172.17.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = T/T/T/T ms
= 0`,
    );
  });

  it("tells who found the host unreachable, and how many requests were in flight", () => {
    expect(run("ip netns exec a ping -c 4 172.17.0.9")).toBe(
      `PING 172.17.0.9 (172.17.0.9) 56(84) bytes of data.
From 172.17.0.2 icmp_seq=1 Destination Host Unreachable
From 172.17.0.2 icmp_seq=2 Destination Host Unreachable
From 172.17.0.2 icmp_seq=3 Destination Host Unreachable
From 172.17.0.2 icmp_seq=4 Destination Host Unreachable

--- 172.17.0.9 ping statistics ---
4 packets transmitted, 0 received, +4 errors, 100% packet loss, time 3000ms
pipe 4
= 1`,
    );
  });

  it("answers what cannot be sent in the tool's words", () => {
    expect(run("ping -c 1 10.9.9.9")).toBe("ping: connect: Network is unreachable\n= 2");
    expect(run("ping -c 1 nosuch")).toBe("ping: nosuch: Temporary failure in name resolution\n= 2");
    expect(run("ping -M do -c 1 -s 1473 172.17.0.2")).toContain(
      "ping: local error: message too long, mtu=1500\n",
    );
    expect(run("ping -c x 127.0.0.1")).toBe("ping: invalid argument: 'x'\n= 1");
    expect(run("ping")).toBe("ping: usage error: Destination address required\n= 1");
  });

  it("ends after -w, and waits -W for the last reply", () => {
    expect(run("ip netns exec a ping -c 1 -W 1 172.17.0.9")).toBe(
      "PING 172.17.0.9 (172.17.0.9) 56(84) bytes of data.\n\n--- 172.17.0.9 ping statistics ---\n" +
        "1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n= 1",
    );
    expect(run("ip netns exec a ping -q -w 2 172.17.0.1")).toContain("2 packets transmitted, 2 received");
  });

  it("has BusyBox's form", () => {
    expect(run("ip netns exec a bbping -c 2 172.17.0.1")).toBe(
      `PING 172.17.0.1 (172.17.0.1): 56 data bytes
64 bytes from 172.17.0.1: seq=0 ttl=64 time=T ms
64 bytes from 172.17.0.1: seq=1 ttl=64 time=T ms

--- 172.17.0.1 ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = T/T/T ms
= 0`,
    );
    expect(run("bbping -c 1 10.9.9.9")).toBe(
      "PING 10.9.9.9 (10.9.9.9): 56 data bytes\nping: sendto: Network is unreachable\n= 1",
    );
  });
});

describe("statistics", () => {
  it("rounds as the recorded ping did", () => {
    const statistics = new PingStatistics();
    for (const [i, time] of [159, 192, 149].entries()) {
      statistics.sent(i * 1_014_500_000);
      statistics.reply(i + 1, time);
    }
    expect(printStatistics("172.17.0.3", statistics, true)).toBe(
      "\n--- 172.17.0.3 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 2029ms\n" +
        "rtt min/avg/max/mdev = 0.149/0.166/0.192/0.018 ms\n",
    );
  });

  it.each([
    [47, "0.047"],
    [1234, "1.23"],
    [12_345, "12.3"],
    [123_456, "123"],
  ])("prints %i µs as %s", (microseconds, text) => expect(printTime(microseconds)).toBe(text));
});
