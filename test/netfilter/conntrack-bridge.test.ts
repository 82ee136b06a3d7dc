import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import type { Veth } from "../../kernel-lib/src/link/veth.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { Leveller, type RecordedStep, type Recording, tappedEnd } from "./conntrack-play.js";

interface BridgeStep extends RecordedStep {
  /** MAC address that the frame is for. */
  readonly to: string;
}

interface BridgeRecording extends Recording {
  readonly commands: readonly string[];
  readonly steps: readonly BridgeStep[];
}

const MAC = { a: "02:00:00:00:01:02", b: "02:00:00:00:02:02" } as const;

/** a – br0 (10.9.3.1) – b, with br_netfilter: what a and b send is bridged through the rules. */
class RecordedBridge {
  readonly world = new World(5);
  private readonly host = new Host(this.world, "bridge", { programs: MACHINE_PROGRAMS });
  private readonly ends: Record<"a" | "b", Veth>;
  private readonly captured: [string, string][] = [];

  constructor({ rules, commands }: BridgeRecording) {
    this.run("modprobe br_netfilter");
    this.run("ip link add br0 type bridge");
    this.run("ip link set br0 address 02:00:00:00:00:01 up");
    this.run("ip addr add 10.9.3.1/24 dev br0");
    this.ends = { a: this.port("a"), b: this.port("b") };
    this.run("ip link set br0 address 02:00:00:00:00:01");
    this.run("sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.ipv4.ip_forward=1");
    this.run(`ip neigh add 10.9.3.2 lladdr ${MAC.a} dev br0 nud permanent`);
    this.run(`ip neigh add 10.9.3.3 lladdr ${MAC.b} dev br0 nud permanent`);
    this.run("iptables -A FORWARD -m conntrack --ctstate NEW");
    for (const rule of rules) this.run(`iptables ${rule}`);
    for (const command of commands) this.run(command);
  }

  play(step: BridgeStep): Pick<RecordedStep, "out" | "list"> {
    this.captured.length = 0;
    const macs = `${step.to}${MAC[step.from!]}`.replaceAll(":", "");
    const frame = this.world.packets.from(Buffer.from(`${macs}0800${step.packet}`, "hex"));
    this.ends[step.from!].transmit(frame);
    this.world.scheduler.runFor(30_000_000);
    const list = this.host.run(["conntrack", "-L"]).stdout.split("\n").slice(0, -1);
    return { out: [...this.captured], list };
  }

  private run(line: string): void {
    const result = this.host.run(line.split(" "));
    if (result.status !== 0) throw new Error(`${line}: ${result.stderr}`);
  }

  private port(name: "a" | "b"): Veth {
    const end = tappedEnd(this.host, name, MAC[name], this.captured);
    this.run(`ip link set eth${name} master br0 up`);
    return end;
  }
}

/** Recorded on Linux 6.18; that machine's own IGMP reports are left out. */
const recordings: readonly BridgeRecording[] = JSON.parse(
  readFileSync(new URL("./recorded/conntrack-bridge.json", import.meta.url), "utf8"),
);

test.each(recordings.map((one) => [one.name, one] as const))("a real bridge: %s", (_name, recording) => {
  const bridge = new RecordedBridge(recording);
  // All ports here are known beforehand.
  const leveller = new Leveller({ ...recording, rules: [...recording.rules, "1000 53 5353"] });
  const tell = ({ out, list }: Pick<RecordedStep, "out" | "list">) => ({
    out: out!.map(([wire, packet]) => `${wire} ${leveller.packet(packet)}`),
    list: list.map((line) => leveller.line(line).rest).sort(),
  });
  for (const step of recording.steps) expect(tell(bridge.play(step))).toEqual(tell(step));
});
