import { seconds } from "../../kernel-lib/src/base/units.js";
import { Engine } from "../../kernel-lib/src/docker/engine.js";
import { KNOWN_IMAGES } from "../../kernel-lib/src/docker/images/catalogue.js";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import type { ProgramTable } from "../../kernel-lib/src/host/process.js";
import { busyboxPing } from "../../kernel-lib/src/tools/ping/busybox.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

const STAND_INS: ProgramTable = new Map([
  ["ping", busyboxPing],
  [
    "tail",
    function* (process) {
      for (;;) yield { kind: "outsider", queues: [process.exited] };
    },
  ],
]);

export interface DockerLabOptions {
  /** What is done on the machine before the engine starts. */
  readonly before?: (host: Host) => void;
  /** Contents of its daemon.json. */
  readonly daemon?: Readonly<Record<string, unknown>>;
}

/** One machine with the tools of a real one and an engine; forwarding is on before, as on the recorded machine. */
export class DockerLab {
  readonly world = new World(7);
  readonly host: Host;
  readonly engine: Engine;

  constructor(version: DockerVersion = "20.10", options: DockerLabOptions = {}) {
    const { before = () => {}, daemon } = options;
    this.host = new Host(this.world, "host-a", { programs: MACHINE_PROGRAMS });
    this.run("ip link set lo up");
    this.run("sysctl -w net.ipv4.ip_forward=1");
    before(this.host);
    const images = KNOWN_IMAGES.map((image) => ({
      ...image,
      programs: new Map([...image.programs, ...STAND_INS]),
    }));
    this.engine = new Engine(this.host, { version, images, ...(daemon === undefined ? {} : { daemon }) });
    this.world.scheduler.runFor(seconds(1));
  }

  /** Standard output of a command that must succeed; a second passes afterwards. */
  run(line: string): string {
    const { status, stdout, stderr } = this.host.run(line.split(" "));
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    this.world.scheduler.runFor(seconds(1));
    return stdout;
  }
}
