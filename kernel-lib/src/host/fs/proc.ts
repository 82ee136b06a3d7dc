import type { Host } from "../host.js";
import type { Process } from "../process.js";
import type { Task } from "../task.js";
import type { Directory, Inode, Viewer } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { KERNEL_BUILD } from "./kernel-build.js";
import { dynamicLink, generated, generatedDirectory, kernelLink } from "./nodes.js";
import { procNet } from "./proc-net.js";
import { processDirectory } from "./proc-pid.js";
import { procSys } from "./proc-sys.js";

/** /proc: processes as the viewer's PID namespace numbers them, and what the kernel tells of itself. */
export function procFs(host: Host, source: InodeSource): Directory {
  const sys = procSys(host, source);
  const fixed: Readonly<Record<string, (viewer: Viewer) => Inode | null>> = {
    cmdline: () =>
      generated(source, () => `BOOT_IMAGE=/boot/vmlinuz-${host.kernelRelease} root=/dev/vda1 ro quiet\n`),
    filesystems: () =>
      generated(
        source,
        () => "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tnsfs\n\text4\nnodev\toverlay\n",
      ),
    loadavg: () =>
      generated(
        source,
        () => `0.00 0.00 0.00 1/${host.processes.size} ${[...host.processes].at(-1)?.[0] ?? 1}\n`,
      ),
    modules: () => generated(source, () => MODULES),
    mounts: () => kernelLink(source, "self/mounts"),
    net: () => kernelLink(source, "self/net"),
    self: () => dynamicLink(source, (viewer) => String(viewer.process?.innerPid ?? 1)),
    sys: () => sys,
    uptime: () => generated(source, () => uptime(host)),
    version: () => generated(source, () => kernelVersion(host)),
  };
  const fixedNames = Object.keys(fixed);
  return generatedDirectory(
    source,
    (viewer) => [...pidsSeenBy(host, viewer).keys()].map(String).concat(fixedNames),
    (name, viewer) => {
      if (Object.hasOwn(fixed, name)) return fixed[name]!(viewer);
      const process = /^[1-9]\d*$/.test(name) ? pidsSeenBy(host, viewer).get(Number(name)) : undefined;
      return process === undefined
        ? null
        : processDirectory(process, source, () => procNet(process.netns, source));
    },
    { mtime: host.unixTime(host.bootTime) },
  );
}

/** The processes of the viewer's PID namespace, by its numbers. */
export function pidsSeenBy(host: Host, viewer: Viewer): ReadonlyMap<number, Process> {
  return (viewer.process as Task | null)?.pids.members ?? host.processes.pids.members;
}

function uptime(host: Host): string {
  const up = (host.world.scheduler.now - host.bootTime) / 1e9;
  return `${up.toFixed(2)} ${(up * 0.97).toFixed(2)}\n`;
}

/** One line as `uname -a` takes apart. */
export function kernelVersion(host: Host): string {
  return `Linux version ${host.kernelRelease} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) ${KERNEL_BUILD}\n`;
}

const MODULES = [
  "veth 40960 0",
  "bridge 315392 1 br_netfilter,",
  "br_netfilter 36864 0",
  "stp 16384 1 bridge,",
  "llc 16384 2 bridge,stp,",
]
  .map((line) => {
    const [name, size, users, by] = line.split(" ");
    return `${name} ${size} ${users} ${by ?? "-"} Live 0x0000000000000000\n`;
  })
  .join("");
