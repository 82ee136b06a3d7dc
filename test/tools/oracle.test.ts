import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { normalise } from "../support/normalise.js";
import { machine } from "../support/recording.js";

/** What dockerd and runc do for the first container, as commands. */
const SETUP = `ip link set lo up
ip link add docker0 address 02:42:10:1e:c8:68 txqueuelen 0 type bridge
ip addr add 172.17.0.1/16 brd + dev docker0
ip link set docker0 up
ip netns add test-ns
ip link add veth296a2f5 txqueuelen 0 type veth peer name eth0 txqueuelen 0 address 02:42:ac:11:00:02
ip link set veth296a2f5 master docker0
ip link set eth0 netns test-ns
ip -n test-ns link set lo up
ip netns exec test-ns sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
ip -n test-ns addr add 172.17.0.2/16 brd + dev eth0
ip -n test-ns link set eth0 up
ip link set veth296a2f5 up
ip -n test-ns route add default via 172.17.0.1`;

const host = machine();
for (const command of SETUP.split("\n")) {
  const { stderr } = host.run(command.split(" "));
  if (stderr !== "") throw new Error(`${command}: ${stderr}`);
}
host.world.scheduler.runFor(seconds(3));

/** The recorded machine has a NIC as well: its lines are left out of the comparison. */
function withoutNic(text: string): string {
  return text
    .replace(/^\d+: enX0.*\n( .*\n)*/gm, "")
    .split("\n")
    .filter((line) => !line.includes("enX0"))
    .join("\n");
}

describe("listings of the first container's host", () => {
  it.each([
    ["brctl show", "brctl-show"],
    ["bridge fdb show", "bridge-fdb-show"],
    ["ip route", "ip-route"],
    ["ip route show table local", "ip-route-table-local"],
    ["ip netns exec test-ns ip route", "netns-test-ns-ip-route"],
    ["ip netns exec test-ns ip neigh", "netns-test-ns-ip-neigh"],
  ])("%s", (command, file) => {
    const recorded = readFileSync(
      new URL(`../oracle/single-host/01-test-container/${file}.txt`, import.meta.url),
      "utf8",
    );
    expect(normalise(withoutNic(host.run(command.split(" ")).stdout))).toBe(
      normalise(withoutNic(recorded.replace(/^# .*\n/, ""))),
    );
  });

  it("ip addr", () => {
    const recorded = readFileSync(
      new URL("../oracle/single-host/01-test-container/ip-addr.txt", import.meta.url),
      "utf8",
    );
    const named = host.run(["ip", "addr"]).stdout.replace("link-netns test-ns", "link-netnsid 0");
    const settled = recorded.replace(/^# .*\n/, "").replace(" tentative", "");
    expect(normalise(named)).toBe(normalise(withoutNic(settled)));
  });
});
