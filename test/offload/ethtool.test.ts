import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** What the lab's machine refuses or has otherwise: it merges no segments and changes only the features that matter to its packets. */
const OTHERWISE = [
  "ethtool -K ta gro on",
  "ethtool -K ta gro off",
  "ethtool -K ta rxvlan off",
  "ethtool -K ta highdma off",
];

function machine(): Host {
  const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
  for (const line of [
    "ip link add ta type veth peer name tb",
    "ip link set ta up",
    "ip link set tb up",
    "ip link set lo up",
    "ip link add br9 type bridge",
    "ip link set br9 up",
    "ip link add vx9 type vxlan id 99 dstport 4789 remote 10.9.9.9 dev ta",
    "ip link add du9 type dummy",
  ])
    expect(host.run(line.split(" ")), line).toMatchObject({ status: 0, stderr: "" });
  return host;
}

test("every recorded command of ethtool 6.1 prints what it printed, in the same order", () => {
  const host = machine();
  const text = readFileSync(new URL("recorded/ethtool.txt", import.meta.url), "utf8");
  const peer = host.rootNetns.device("tb")!.ifindex;
  for (const [, command = "", shown] of text.matchAll(/^\$ (.*)\n([\s\S]*?\[\d+\]\n)/gm)) {
    if (OTHERWISE.includes(command)) continue;
    const { status, stdout, stderr } = host.run(command.split(" "));
    const expected = shown!
      .replace(/peer_ifindex: \d+/, `peer_ifindex: ${peer}`)
      .replace("version: 6.1.176", "version: 6.1.0-31-amd64");
    expect.soft(`${stderr}${stdout}[${status}]\n`, command).toBe(expected);
  }
});

test.each([
  ["ethtool -K ta gro on", 'ethtool: feature "rx-gro" is not supported here\n'],
  ["ethtool -K ta highdma off", 'ethtool: feature "highdma" is not supported here\n'],
  ["ethtool -g ta", "ethtool: option -g is not supported here\n"],
  ["ethtool -s ta speed 100", "ethtool: option -s is not supported here\n"],
  ["ethtool --help", "ethtool: option --help is not supported here\n"],
])("%s is refused in words, and changes nothing", (command, complaint) => {
  const host = machine();
  const before = host.run(["ethtool", "-k", "ta"]).stdout;
  expect(host.run(command.split(" "))).toEqual({ status: 1, stdout: "", stderr: complaint });
  expect(host.run(["ethtool", "-k", "ta"]).stdout).toBe(before);
});

test("where an unknown feature's name stands in the message depends on the device's name", () => {
  const host = machine();
  host.run("ip link add eth0 type dummy".split(" "));
  expect(host.run("ethtool -K eth0 foo on".split(" ")).stderr).toBe(
    "netlink error: bit name not found (offset 56)\nnetlink error: Operation not supported\n",
  );
});
