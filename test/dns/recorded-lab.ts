import { readFileSync } from "node:fs";
import { type DnsZone, nameServer } from "../../kernel-lib/src/apps/dns.js";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Engine } from "../../kernel-lib/src/docker/engine.js";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import type { Host } from "../../kernel-lib/src/host/host.js";
import { Output } from "../../kernel-lib/src/host/process.js";
import { buildHosts } from "../../kernel-lib/src/lab/build-hosts.js";
import { presetPlan } from "../../kernel-lib/src/lab/preset.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { REFUSED, SERVFAIL } from "../../kernel-lib/src/wire/dns.js";

/** What the name server of the recordings knew. */
const ZONE: DnsZone = {
  addresses: { "client.example": ["203.0.113.9"], "www.example": ["203.0.113.9"] },
  aliases: { "alias.example": "www.example" },
  failures: { "fail.example": SERVFAIL, "refuse.example": REFUSED, "silent.example": null },
};

/** The recordings' machines: a Docker host and a router with a name server. */
export class RecordedLab {
  readonly world = new World(7);
  readonly hosts: ReadonlyMap<string, Host>;
  readonly host: Host;
  readonly engine: Engine;

  constructor(version: DockerVersion = "20.10") {
    this.hosts = buildHosts(this.world, presetPlan("single")).hosts;
    this.hosts.get("router")!.spawn({ argv: ["dns"], program: nameServer(ZONE) });
    this.host = this.hosts.get("docker01")!;
    this.engine = new Engine(this.host, { version });
    this.world.scheduler.runFor(seconds(1));
  }

  /** Runs a line of words on the Docker host; both streams in the order of writing, then the status in brackets. */
  run(line: string): string {
    let text = "";
    const output = new Output((chunk) => {
      text += chunk;
    });
    const argv = line.match(/(?:[^\s']|'[^']*')+/g)!.map((word) => word.replace(/'([^']*)'/g, "$1"));
    const { status } = this.host.run({ argv, stdout: output, stderr: output });
    return `${text}[${status}]\n`;
  }

  /** The output of a command that must succeed. */
  out(line: string): string {
    const text = this.run(line);
    if (!text.endsWith("[0]\n")) throw new Error(`${line}: ${text}`);
    return text.slice(0, -"[0]\n".length);
  }

  inside(container: string, line: string): string {
    return this.run(`docker exec ${container} ${line}`);
  }
}

/** The three containers of the recordings, with alpine beside them for busybox's own commands. */
export function recordedContainers(version: DockerVersion = "20.10"): RecordedLab {
  const lab = new RecordedLab(version);
  for (const line of [
    "docker network create net1",
    "docker network create net2",
    "docker run -d --name c1 --network net1 --network-alias shared --network-alias only1 test-image",
    "docker run -d --name peer --network net1 --network-alias shared --hostname peerhost test-image",
    "docker run -d --name third --network net1 --network-alias shared test-image",
  ])
    lab.out(line);
  lab.world.scheduler.runFor(seconds(1));
  return lab;
}

/** A recorded transcript: commands after `$ `, with what they print and their status. */
export function transcript(name: string): readonly (readonly [command: string, output: string])[] {
  const text = readFileSync(new URL(`recorded/${name}`, import.meta.url), "utf8");
  return text.split(/^(?=\$ )/m).map((part): [string, string] => {
    const end = part.indexOf("\n");
    return [part.slice(2, end), part.slice(end + 1)];
  });
}

/** Puts stand-ins for what differs between any two runs: ids of queries, times. */
export function steady(text: string): string {
  return text
    .replace(/id: \d+/g, "id: N")
    .replace(/Query time: \d+ msec/g, "Query time: N msec")
    .replace(/;; WHEN: .*/g, ";; WHEN: T")
    .replace(/time=[\d.]+ ms/g, "time=N ms")
    .replace(/time \d+ms/g, "time Nms")
    .replace(/= [\d./]+ ms/g, "= N ms")
    .replace(/after \d+ milliseconds/g, "after N milliseconds");
}
