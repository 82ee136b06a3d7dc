import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** Wrong commands about VXLAN devices, their bridges and their forwarding tables, with what the real tools and the real kernel said. */
const recorded = [
  ...readFileSync(new URL("recorded/vxlan.txt", import.meta.url), "utf8").matchAll(
    /^\$ (.*)\n([\s\S]*?\[\d+\]\n)/gm,
  ),
].map(([, command, text]) => ({ command: command!, text: text! }));

/** Devices of the recording. */
const SET_UP = [
  "ip link set lo up",
  "ip link add d0 type veth peer name d1",
  "ip link add e0 type veth peer name e1",
  "ip addr add 10.0.0.1/24 dev d0",
  "ip addr add 10.1.0.1/24 dev e0",
  "ip link add br0 type bridge",
  "ip link add br1 type bridge",
  ...["d0", "d1", "e0", "e1", "br0"].map((name) => `ip link set ${name} up`),
  "ip link add vxlan0 type vxlan id 10 remote 10.0.0.2 dstport 4789 dev d0",
  "ip link set vxlan0 up",
  "ip link set vxlan0 master br0",
  "ip link set e1 master br1",
];

/** What the operator can see. */
const STATE = ["ip addr", "ip -d link", "ip route", "ip neigh", "bridge fdb", "brctl show"];

function stateOf(host: Host): string {
  return STATE.map((command) => host.run(command.split(" ")).stdout.replace(/gc_timer *[\d.]+/g, "")).join(
    "\n",
  );
}

describe("a refused command about a tunnel says what the real tool says, and changes nothing", () => {
  const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
  for (const line of SET_UP) if (host.run(line.split(" ")).status !== 0) throw new Error(line);
  // Until no link-local address is tentative any more.
  host.world.scheduler.runFor(seconds(5));

  it.each(recorded)("$command", ({ command, text }) => {
    const before = stateOf(host);
    const { stdout, stderr, status } = host.run(command.split(" "));
    expect(`${stdout}${stderr}[${status}]\n`).toBe(text);
    expect(stateOf(host)).toBe(before);
  });
});
