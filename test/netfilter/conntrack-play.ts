import { parseMac } from "../../kernel-lib/src/base/addresses.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import type { Veth } from "../../kernel-lib/src/link/veth.js";
import { createLink } from "../../kernel-lib/src/stack/config/link.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** One step of a recording: a packet put on a wire, some seconds, or a command on the router; and what was seen then. */
export interface RecordedStep {
  /** When it began, in milliseconds since the first. */
  readonly at: number;
  readonly from?: "a" | "b";
  /** IPv4 packet, hexadecimal. */
  readonly packet?: string;
  readonly note?: string;
  readonly wait?: number;
  readonly run?: string;
  /** Chains of the mangle table with the state that the packet had there. */
  readonly states?: readonly string[];
  /** Packets that left: by which wire, and as what. */
  readonly out?: readonly (readonly [string, string])[];
  /** `conntrack -L`, sorted. */
  readonly list: readonly string[];
}

/** What a real router did with a sequence of packets (recorded on Linux 6.18 with checksum offloading off). */
export interface Recording {
  readonly name: string;
  /** Commands of iptables, without its name. */
  readonly rules: readonly string[];
  readonly sysctls: readonly (readonly [string, number])[];
  readonly steps: readonly RecordedStep[];
}

const MAC = { a: "02:00:00:00:01:02", b: "02:00:00:00:02:02" } as const;
const ROUTER_MAC = { a: "02:00:00:00:01:01", b: "02:00:00:00:02:01" } as const;
const CHAINS = ["FORWARD", "INPUT", "OUTPUT"] as const;
const STATES = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED"] as const;
/** How long after a packet the table was listed. */
const LOOK_AFTER = 25_000_000;

/** a – router 10.9.1.1/10.9.2.1 – b: a and b are wires' ends without a stack of their own, as in the recording. */
export class RecordedRouter {
  readonly world = new World(11);
  readonly host = new Host(this.world, "router", { programs: MACHINE_PROGRAMS });
  private readonly ends: Record<"a" | "b", Veth>;
  private readonly captured: [string, string][] = [];
  private begunAt: number | null = null;
  private last: ReadonlyMap<string, number> = new Map();

  constructor({ rules, sysctls }: Pick<Recording, "rules" | "sysctls">) {
    this.ends = { a: this.wire("a", "10.9.1.1/24"), b: this.wire("b", "10.9.2.1/24") };
    this.run("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0");
    for (let n = 2; n < 20; n++) {
      this.run(`ip neigh add 10.9.1.${n} lladdr ${MAC.a} dev etha nud permanent`);
      this.run(`ip neigh add 10.9.2.${n} lladdr ${MAC.b} dev ethb nud permanent`);
    }
    for (const state of STATES)
      for (const chain of CHAINS) this.run(`iptables -t mangle -A ${chain} -m conntrack --ctstate ${state}`);
    for (const rule of rules) this.run(`iptables ${rule}`);
    for (const [name, value] of sysctls) this.run(`sysctl -qw net.netfilter.${name}=${value}`);
    this.last = this.counts();
  }

  run(line: string): string {
    const result = this.host.run(line.split(" "));
    if (result.status !== 0) throw new Error(`${line}: ${result.stderr}`);
    return result.stdout;
  }

  /** Plays a step, and tells what was seen. */
  play(step: RecordedStep): Pick<RecordedStep, "states" | "out" | "list"> {
    const { scheduler } = this.world;
    this.captured.length = 0;
    this.begunAt ??= scheduler.now;
    scheduler.runUntil(Math.max(scheduler.now, this.begunAt + step.at * 1e6));
    if (step.wait !== undefined) scheduler.runFor(step.wait * 1e9);
    else if (step.run !== undefined) this.run(step.run.replace("iptables-legacy", "iptables"));
    else {
      this.send(step.from!, step.packet!);
      scheduler.runFor(LOOK_AFTER);
    }
    const now = this.counts();
    const states = [...now].flatMap(([name, count]) =>
      new Array<string>(count - (this.last.get(name) ?? 0)).fill(name),
    );
    this.last = now;
    const list = this.host.run(["conntrack", "-L"]).stdout.split("\n").slice(0, -1).sort();
    return { states, out: [...this.captured], list };
  }

  private wire(name: "a" | "b", address: string): Veth {
    const end = tappedEnd(this.host, name, MAC[name], this.captured);
    end.link!.mac = parseMac(ROUTER_MAC[name]);
    this.run(`ip link set eth${name} up`);
    this.run(`ip addr add ${address} dev eth${name}`);
    return end;
  }

  private send(name: "a" | "b", packet: string): void {
    const macs = `${ROUTER_MAC[name]}${MAC[name]}`.replaceAll(":", "");
    const frame = this.world.packets.from(Buffer.from(`${macs}0800${packet}`, "hex"));
    this.ends[name].transmit(frame);
  }

  private counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const chain of CHAINS) {
      for (const line of this.run(`iptables -t mangle -nvxL ${chain}`).split("\n")) {
        const found = /^ *(\d+) .* ctstate (\w+)$/.exec(line);
        if (found !== null) counts.set(`${chain} ${found[2]}`, Number(found[1]));
      }
    }
    return counts;
  }
}

/** Makes two tellings of a step comparable: identifications and ports that were drawn by lot are taken out. */
export class Leveller {
  private readonly known = new Set<string>();

  constructor(recording: Recording) {
    // Which port of a range is taken is chance.
    const rules = recording.rules.map((rule) => rule.replace(/--to-ports \d+-\d+/, ""));
    const words = [...rules, ...recording.steps.map(({ note = "" }) => note)].join(" ");
    for (const number of words.match(/\d+/g) ?? []) this.known.add(number);
  }

  /** A line of `conntrack -L` without the time that is left, which is given apart; unknown ports are `*`. */
  line(text: string): { readonly left: number; readonly rest: string } {
    const [, head, left, rest] = /^(\S+ +\d+ )(\d+)(.*)$/.exec(text)!;
    return {
      left: Number(left),
      rest: `${head}${rest!.replace(/(sport|dport|id)=(\d+)/g, (all, key, port) => (this.known.has(port) ? all : `${key}=*`))}`,
    };
  }

  /** A packet: its header's checksum is held to be right, then identification and checksum are zero; unknown ports and the sum over them too. */
  packet(hex: string): string {
    const bytes = Buffer.from(hex, "hex");
    let sum = 0;
    for (let i = 0; i < 20; i += 2) sum += bytes.readUInt16BE(i);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    if (sum !== 0xffff) return `${hex} (wrong header checksum)`;
    bytes.fill(0, 4, 6);
    bytes.fill(0, 10, 12);
    const protocol = bytes[9];
    const sumAt = protocol === 6 ? 36 : protocol === 17 ? 26 : -1;
    // A segment that the router made itself was recorded before its checksum was complete.
    if (protocol === 6 && bytes[8] === 64) bytes.fill(0, sumAt, sumAt + 2);
    if (
      protocol === 1 &&
      (bytes[20] === 8 || bytes[20] === 0) &&
      !this.known.has(String(bytes.readUInt16BE(24)))
    ) {
      bytes.fill(0, 22, 26);
    }
    const first = (bytes.readUInt16BE(6) & 0x1fff) === 0;
    for (const at of [20, 22]) {
      if (sumAt < 0 || !first || bytes.length < 24 || this.known.has(String(bytes.readUInt16BE(at))))
        continue;
      bytes.writeUInt16BE(0, at);
      bytes.fill(0, sumAt, Math.min(sumAt + 2, bytes.length));
    }
    return bytes.toString("hex");
  }
}

/** A veth pair from the host's `eth` and the name to a namespace of its own. What comes to the far end as IPv4 is kept, as hexadecimal text. */
export function tappedEnd(host: Host, name: string, mac: string, captured: [string, string][]): Veth {
  const netns = host.createNetns(name);
  const outer = createLink(host.rootNetns, {
    kind: "veth",
    name: `eth${name}`,
    peer: { name: "eth0", netns },
  });
  host.holdNetns(netns);
  const end = outer.link as Veth;
  end.mac = parseMac(mac);
  end.setUp(true);
  end.addTap((_device, packet, direction) => {
    const { bytes, start } = packet;
    if (direction === "in" && bytes[start + 12] === 8 && bytes[start + 13] === 0)
      captured.push([name, Buffer.from(packet.copyBytes().subarray(14)).toString("hex")]);
  });
  return end;
}
