import { seconds } from "../../kernel-lib/src/base/units.js";
import { Engine } from "../../kernel-lib/src/docker/engine.js";
import { KNOWN_IMAGES } from "../../kernel-lib/src/docker/images/catalogue.js";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import type { CommandResult } from "../../kernel-lib/src/host/command-result.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import type { ProgramTable } from "../../kernel-lib/src/host/process.js";
import { brctl } from "../../kernel-lib/src/tools/brctl.js";
import { ip } from "../../kernel-lib/src/tools/ip/ip.js";
import { iptables } from "../../kernel-lib/src/tools/iptables/iptables.js";
import { modprobe } from "../../kernel-lib/src/tools/modprobe.js";
import { nsenter } from "../../kernel-lib/src/tools/nsenter.js";
import { sysctl } from "../../kernel-lib/src/tools/sysctl.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** Programs that only last, for tests that need no more of them. */
const STAND_INS: ProgramTable = new Map([
  [
    "tail",
    function* (process) {
      for (;;) yield { kind: "outsider", queues: [process.exited] };
    },
  ],
]);

/** One machine with an engine, for tests of Docker alone. */
export class EngineLab {
  readonly world: World;
  readonly host: Host;
  readonly engine: Engine;

  constructor(version: DockerVersion = "20.10", seed = 7) {
    this.world = new World(seed);
    this.host = new Host(this.world, "host-a", {
      programs: new Map([
        ["ip", ip],
        ["iptables", iptables],
        ["modprobe", modprobe],
        ["sysctl", sysctl],
        ["nsenter", nsenter],
        ["brctl", brctl],
      ]),
    });
    this.host.run(["ip", "link", "set", "lo", "up"]);
    const images = KNOWN_IMAGES.map((image) => ({
      ...image,
      programs: new Map([...STAND_INS, ...image.programs]),
    }));
    this.engine = new Engine(this.host, { version, images });
    this.world.scheduler.runFor(seconds(1));
  }

  /** Runs a line of words; `'…'` and `"…"` hold blanks. A second passes afterwards. */
  run(line: string): CommandResult {
    const result = this.host.run(words(line));
    this.world.scheduler.runFor(seconds(1));
    return result;
  }

  /** Standard output of a command that must succeed. */
  out(line: string): string {
    const { status, stdout, stderr } = this.run(line);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }
}

function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, a, b) => a ?? b),
  );
}

/** Puts stand-ins for what differs between any two runs: ids, MACs, veth names, pids, times. */
export function steady(text: string): string {
  return text
    .replace(/\b[0-9a-f]{64}\b/g, "<id>")
    .replace(/\b[0-9a-f]{12}\b/g, "<short id>")
    .replace(/veth[0-9a-f]{7}/g, "<veth>")
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => (time.startsWith("0001") ? time : "<time>"))
    .replace(/("Pid": ?)\d+/g, "$1<pid>");
}
