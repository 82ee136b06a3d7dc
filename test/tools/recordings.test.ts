import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { Host } from "../../kernel-lib/src/host/host.js";
import { normalise } from "../support/normalise.js";
import { machine, readRecording, replay } from "../support/recording.js";

interface Script {
  readonly file: string;
  readonly inside: string;
  /** Commands that ran before the recording. */
  readonly before: readonly string[];
  /** Commands that ran outside of it, after the one named. */
  readonly between: Readonly<Record<string, readonly string[]>>;
  /** Commands whose output differs, and why. */
  readonly differs: Readonly<Record<string, string>>;
}

const STP = "spanning tree and bridge priorities are not modelled";

const SCRIPTS: readonly Script[] = [
  {
    file: "ip-link-and-address",
    inside: "q1",
    before: ["ip netns add q1"],
    between: {},
    differs: {
      "ip link add bc type bridge forward_delay 0 stp_state 1": STP,
      "ip -d link show bc": STP,
    },
  },
  {
    file: "ip-route-and-neigh",
    inside: "q2",
    before: ["ip netns add q2", "ip netns add q2b"],
    between: { "ip link set v0 up": ["ip -n q2b link set v1 up", "ip -n q2b addr add 10.0.0.2/24 dev v1"] },
    differs: {
      "ip route": "the recording's first listing came before the carrier was noticed",
      "ip route show table all": "there are no IPv6 routes",
      "ip -6 route": "there are no IPv6 routes",
      "ip route get 224.0.0.1": "rt_offload_failed is a flag that the kernel leaves uninitialised",
      "ip neigh add proxy 10.0.0.99 dev v0": "proxy entries are not modelled",
      "ip neigh": "its block holds pings that are not replayed; test/stack compares the order",
      "ip -s neigh": "pings came in between",
      "ip -s -s neigh show 10.0.0.2": "the recording pinged it in between",
      "ip -o -s link show v0": "the recording sent IPv6 packets",
    },
  },
  {
    file: "bridge-brctl-sysctl-netns",
    inside: "q3",
    before: ["ip netns add q1", "ip netns add q2", "ip netns add q2b", "ip netns add q3", "ip netns add q3b"],
    between: {
      "ip link set v2 up": [
        "ip -n q3b link set v1 up",
        "ip -n q3b addr add 10.0.0.2/24 dev v1",
        "ip -n q3b link set lo up",
      ],
    },
    differs: {
      "bridge fdb": "v1 had sent an IPv6 packet, so its MAC was learned",
      "bridge fdb show br br0": "v1 had sent an IPv6 packet, so its MAC was learned",
      "bridge fdb show brport v0": "v1 had sent an IPv6 packet, so its MAC was learned",
      "bridge fdb show": "v1 had sent an IPv6 packet, so its MAC was learned",
      "bridge -s fdb show br br0": "v1 had sent an IPv6 packet, so its MAC was learned; ages differ",
      "brctl showmacs br0": "v1 had sent an IPv6 packet, so its MAC was learned",
      "bridge vlan": "VLANs are not modelled",
      "bridge vlan show dev v0": "VLANs are not modelled",
      "ip -d link show v0": "promiscuity of a port without learning",
      "brctl showstp br0": STP,
      "brctl setfd br0 4": STP,
      "brctl stp br0 on": STP,
      "brctl show br0 br1": STP,
      "brctl setbridgeprio br0 1000": STP,
      "brctl show": STP,
      "arp -n": "the ping of the recording is not replayed",
      "hostname -z": "no usage text",
      "hostname -i": "the recorder's machine had no line for its name in /etc/hosts",
      hostname: "another name",
      "ip netns pids q3": "another process number",
      "ip netns": "the id is given when a link is listed",
      "ip netns set q3b 12": "not supported",
      "ip netns list-id": "the id is given when a link is listed",
      "ip netns attach x 999999": "not supported",
    },
  },
];

function prepare(script: Script): Host {
  const host = machine();
  for (const command of script.before) host.run(command.split(" "));
  return host;
}

function isCompared({ differs }: Script, command: string): boolean {
  return !Object.hasOwn(differs, command);
}

describe.each(SCRIPTS)("recording $file", (script) => {
  const host = prepare(script);
  const text = readFileSync(new URL(`../oracle/tools/${script.file}.txt`, import.meta.url), "utf8");
  const results = readRecording(text).map(({ command, text: recorded }, i) => {
    const printed = replay(host, command, script.inside);
    for (const outside of script.between[command] ?? []) host.run(outside.split(" "));
    if (script.between[command] !== undefined) host.world.scheduler.runFor(seconds(3));
    return { name: `${i + 1}: ${command}`, command, printed, recorded };
  });
  it.each(results.filter(({ command }) => isCompared(script, command)))("$name", ({ printed, recorded }) => {
    expect(normalise(printed)).toBe(normalise(recorded));
  });
});
