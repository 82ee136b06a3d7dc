import type { Process } from "../process.js";
import type { Task } from "../task.js";
import type { Directory, Inode, Viewer } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { dynamicLink, fixedDirectory, generated, magicLink, netnsFile } from "./nodes.js";

/** Clock ticks a second (CLK_TCK), in which /proc/PID/stat counts. */
const TICKS = 100;

/** /proc/PID: what the kernel tells of one process. */
export function processDirectory(process: Process, source: InodeSource, net: () => Inode): Directory {
  const mtime = process.host.unixTime(process.startedAt);
  return fixedDirectory(
    source,
    {
      cmdline: () => generated(source, () => process.argv.map((word) => `${word}\0`).join("")),
      comm: () => generated(source, () => `${commandName(process)}\n`, { mode: 0o644 }),
      cwd: () => dynamicLink(source, () => process.cwd),
      environ: () =>
        generated(source, () => [...process.env].map(([name, value]) => `${name}=${value}\0`).join(""), {
          mode: 0o400,
        }),
      exe: () => dynamicLink(source, () => executable(process)),
      mounts: () => generated(source, () => MOUNTS),
      net,
      ns: () => namespaces(process, source),
      root: () => dynamicLink(source, () => "/"),
      stat: () => generated(source, (viewer) => statLine(process, viewer)),
      status: () => generated(source, (viewer) => statusText(process, viewer)),
    },
    { mtime },
  );
}

/** TASK_COMM_LEN is 16 with its end: 15 characters. */
export function commandName(process: Process): string {
  return (process as Task).comm;
}

function executable(process: Process): string {
  const name = process.argv[0] ?? "";
  return name.startsWith("/") ? name : `/usr/bin/${name.replace(/^-/, "")}`;
}

/** The links under /proc/PID/ns. Only the network namespace can be entered; the others have numbers for `ls` and comparison. */
function namespaces(process: Process, source: InodeSource): Directory {
  const { netns } = process;
  const own = netns.id - 4026531840;
  const inner = (process as Task).pids.parent !== null;
  const plain = (kind: string, first: number, offset: number) => () =>
    dynamicLink(source, () => `${kind}:[${inner ? 4026531840 + own - offset : first}]`);
  return fixedDirectory(
    source,
    {
      cgroup: () => dynamicLink(source, () => "cgroup:[4026531835]"),
      ipc: plain("ipc", 4026531839, 2),
      mnt: plain("mnt", 4026531841, 4),
      net: () =>
        magicLink(
          source,
          () => `net:[${netns.id}]`,
          () => netnsFile(source, netns),
        ),
      pid: plain("pid", 4026531836, 1),
      user: () => dynamicLink(source, () => "user:[4026531837]"),
      uts: plain("uts", 4026531838, 3),
    },
    { mode: 0o511 },
  );
}

/** S for one that waits, R for one that runs (the reader itself). */
export function stateLetter(process: Process): "R" | "S" {
  return process.waiting === null && process.pid !== 1 ? "R" : "S";
}

/** Its number in the viewer's PID namespace; 0 for one that is outside. */
function pidFor(process: Process | null, viewer: Viewer): number {
  if (process === null) return 0;
  return viewer.process === null ? process.pid : ((viewer.process as Task).pids.numberOf(process) ?? 0);
}

function statusText(process: Process, viewer: Viewer): string {
  const state = stateLetter(process) === "R" ? "R (running)" : "S (sleeping)";
  return [
    `Name:\t${commandName(process)}`,
    "Umask:\t0022",
    `State:\t${state}`,
    `Tgid:\t${pidFor(process, viewer)}`,
    "Ngid:\t0",
    `Pid:\t${pidFor(process, viewer)}`,
    `PPid:\t${pidFor(process.parent, viewer)}`,
    "TracerPid:\t0",
    "Uid:\t0\t0\t0\t0",
    "Gid:\t0\t0\t0\t0",
    "FDSize:\t256",
    "Groups:\t0 ",
    `NStgid:\t${namespacePids(process)}`,
    `NSpid:\t${namespacePids(process)}`,
    "Threads:\t1",
    "",
  ].join("\n");
}

function namespacePids(process: Process): string {
  return process.pid === process.innerPid ? String(process.pid) : `${process.pid}\t${process.innerPid}`;
}

function statLine(process: Process, viewer: Viewer): string {
  const start = Math.round(((process.startedAt - process.host.bootTime) / 1e9) * TICKS);
  const zeros = "0 0 0 0 0 0 0 0 0";
  const pid = pidFor(process, viewer);
  return `${pid} (${commandName(process)}) ${stateLetter(process)} ${pidFor(process.parent, viewer)} ${pid} ${pid} 0 -1 4194560 ${zeros} 20 0 1 0 ${start} 0 0 18446744073709551615 ${zeros}\n`;
}

const MOUNTS = [
  "/dev/vda1 / ext4 rw,relatime 0 0",
  "proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0",
  "sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0",
  "tmpfs /run tmpfs rw,nosuid,nodev,mode=755 0 0",
  "",
].join("\n");
