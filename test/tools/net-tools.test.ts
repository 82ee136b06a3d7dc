import { expect, it } from "vitest";
import { ifconfig } from "../../kernel-lib/src/tools/ifconfig.js";
import { route } from "../../kernel-lib/src/tools/route.js";
import { machine } from "../support/recording.js";

it("route -n and ifconfig print as net-tools", () => {
  const host = machine();
  host.programs.set("route", route).set("ifconfig", ifconfig);
  for (const command of [
    "link add br0 type bridge",
    "addr add 10.0.0.1/24 dev br0",
    "link set br0 up",
    "route add default via 10.0.0.9",
  ]) {
    host.run(["ip", ...command.split(" ")]);
  }
  expect(host.run(["route", "-n"]).stdout).toBe(`Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         10.0.0.9        0.0.0.0         UG    0      0        0 br0
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 br0
`);
  expect(host.run(["ifconfig", "br0"]).stdout).toMatch(
    /^br0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST> {2}mtu 1500\n {8}inet 10.0.0.1 {2}netmask 255.255.255.0 {2}broadcast 0.0.0.0\n {8}inet6 fe80::\S+ {2}prefixlen 64 {2}scopeid 0x20<link>\n {8}ether \S+ {2}txqueuelen 1000 {2}\(Ethernet\)\n {8}RX packets 0 {2}bytes 0 \(0.0 B\)\n/,
  );
  expect(host.run(["ifconfig", "nosuch"])).toMatchObject({
    status: 1,
    stderr: "nosuch: error fetching interface information: Device not found\n",
  });
});
