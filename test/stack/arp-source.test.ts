import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

// Found with the same commands on Linux 6.18: the address is on a bridge, the request comes by a device that has none.
test.each([
  [0, "lladdr"],
  [1, "FAILED"],
  [2, "FAILED"],
])("rp_filter %i: a request from where its sender is not routed to is %s", async (mode, state) => {
  const { client } = Lab.preset("single", { seed: 7 }).machines;
  for (const line of [
    "ip link add br0 type bridge; ip link set br0 up; ip address add 172.17.0.1/16 dev br0",
    "ip netns add inside; ip link add vh type veth peer name eth0 netns inside; ip link set vh up",
    "ip -n inside address add 172.17.0.2/16 dev eth0; ip -n inside link set eth0 up",
    `sysctl -q -w net.ipv4.conf.vh.rp_filter=${mode}`,
  ])
    expect((await client.script(line)).status).toBe(0);
  await client.script("ip netns exec inside ping -c 1 -W 5 172.17.0.1");
  expect((await client.script("ip -n inside neighbour")).stdout).toContain(state);
});
