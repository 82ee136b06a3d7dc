import { Host } from "../../kernel-lib/src/host/host.js";
import { Output, type ProgramTable } from "../../kernel-lib/src/host/process.js";
import { arp } from "../../kernel-lib/src/tools/arp.js";
import { brctl } from "../../kernel-lib/src/tools/brctl.js";
import { bridge } from "../../kernel-lib/src/tools/bridge/bridge.js";
import { hostname } from "../../kernel-lib/src/tools/hostname.js";
import { ip } from "../../kernel-lib/src/tools/ip/ip.js";
import { nsenter } from "../../kernel-lib/src/tools/nsenter.js";
import { ping } from "../../kernel-lib/src/tools/ping/iputils.js";
import { ss } from "../../kernel-lib/src/tools/ss.js";
import { sysctl } from "../../kernel-lib/src/tools/sysctl.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** The commands of this part of the library. */
export const NETWORK_PROGRAMS: ProgramTable = new Map([
  ["ip", ip],
  ["bridge", bridge],
  ["brctl", brctl],
  ["arp", arp],
  ["ping", ping],
  ["sysctl", sysctl],
  ["nsenter", nsenter],
  ["ss", ss],
  ["hostname", hostname],
]);

export function machine(seed = 7): Host {
  return new Host(new World(seed), "host-a", { programs: NETWORK_PROGRAMS });
}

/** One command of a recording with what it printed: lines of standard error begin with `! `, the last line `= N` is a status other than 0. */
export interface Recorded {
  readonly command: string;
  readonly text: string;
}

/** Splits a recording at its `$ command` lines. */
export function readRecording(text: string): readonly Recorded[] {
  const entries: { command: string; lines: string[] }[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("$ ")) entries.push({ command: line.slice(2), lines: [] });
    else entries.at(-1)?.lines.push(line);
  }
  return entries.map(({ command, lines }) => ({ command, text: lines.map((line) => `${line}\n`).join("") }));
}

/** Runs a command as the recorder did: in the namespace `inside`, with the same marks on what it prints. */
export function replay(host: Host, command: string, inside: string): string {
  const netns = host.files.netnsAt(`/var/run/netns/${inside}`);
  const argv = command.split(" ");
  const result = host.run({
    argv,
    ...(netns === null ? {} : { netns }),
    stdout: new Output(),
    stderr: new Output(),
  });
  const marked = result.stderr.replace(/^(?=[\s\S])/gm, "! ");
  return `${result.stdout}${marked}${result.status === 0 ? "" : `= ${result.status}\n`}`;
}
