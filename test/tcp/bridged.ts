import { testImageApi } from "../../kernel-lib/src/apps/busybox-httpd.js";
import type { CommandResult } from "../../kernel-lib/src/host/command-result.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { Output, type Program, type ProgramTable } from "../../kernel-lib/src/host/process.js";
import type { Netns } from "../../kernel-lib/src/stack/netns.js";
import { curl } from "../../kernel-lib/src/tools/curl/curl.js";
import { ip } from "../../kernel-lib/src/tools/ip/ip.js";
import { ss } from "../../kernel-lib/src/tools/ss.js";
import { sysctl } from "../../kernel-lib/src/tools/sysctl.js";
import { tcpdump } from "../../kernel-lib/src/tools/tcpdump/tcpdump.js";
import { World } from "../../kernel-lib/src/trace/world.js";

const PROGRAMS: ProgramTable = new Map([
  ["curl", curl],
  ["ip", ip],
  ["ss", ss],
  ["sysctl", sysctl],
  ["tcpdump", tcpdump],
]);

/** A machine with two namespaces on docker0, wired as Docker does it: c1 is 172.17.0.2, c2 is 172.17.0.3 with the API on port 5000. */
export class BridgedMachine {
  readonly world: World;
  readonly host: Host;

  constructor(seed = 7) {
    this.world = new World(seed);
    this.host = new Host(this.world, "docker01", { programs: PROGRAMS });
    this.run("ip link add docker0 type bridge");
    this.run("ip address add 172.17.0.1/16 brd + dev docker0");
    this.run("ip link set docker0 up");
    for (const [name, number] of [
      ["c1", 2],
      ["c2", 3],
    ] as const) {
      this.run(`ip netns add ${name}`);
      this.run(`ip link add v-${name} type veth peer name eth0 netns ${name}`);
      this.run(`ip link set v-${name} master docker0 up`);
      this.run(`ip -n ${name} link set lo up`);
      this.run(`ip -n ${name} link set eth0 address 02:42:ac:11:00:0${number}`);
      this.run(`ip -n ${name} address add 172.17.0.${number}/16 brd + dev eth0`);
      this.run(`ip -n ${name} link set eth0 up`);
      this.run(`ip -n ${name} route add default via 172.17.0.1`);
    }
    this.start("c2", "serve", testImageApi);
    this.world.scheduler.runFor(1e9);
  }

  netns(name: string): Netns {
    return this.host.files.netnsAt(`/var/run/netns/${name}`)!;
  }

  /** Runs a line of words, in a namespace when one is named. */
  run(line: string, inside?: string): CommandResult {
    const argv = line.split(" ");
    const result = this.host.run(inside === undefined ? { argv } : { argv, netns: this.netns(inside) });
    if (inside === undefined && result.status !== 0) throw new Error(`${line}: ${result.stderr}`);
    return result;
  }

  /** Starts a program in the background; gives what it writes. */
  start(inside: string, line: string, program?: Program): Output {
    const stdout = new Output();
    const argv = line.split(" ");
    const uts = { hostname: "4f70e6ba45ea" };
    this.host.spawn({
      argv,
      netns: this.netns(inside),
      stdout,
      uts,
      ...(program === undefined ? {} : { program }),
    });
    return stdout;
  }
}
