import type { Host } from "../host.js";
import type { ProgramTable } from "../process.js";
import { etcFiles } from "./etc.js";
import type { Directory, Inode } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import {
  directory,
  file,
  generated,
  generatedDirectory,
  programDirectory,
  programFile,
  symlink,
} from "./nodes.js";
import { procFs } from "./proc.js";
import { sysFs } from "./sys.js";

export interface RootOptions {
  /** What lies in its program folders. */
  readonly programs: ProgramTable;
  readonly hostname: string;
  /** Debian: merged /usr. Alpine and busybox: /bin full of links to busybox. */
  readonly userland: "debian" | "alpine" | "busybox";
  /** More files, by absolute path; folders on the way are made. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Builds a root file system: the folders that commands expect, /etc, programs, /proc and /sys. */
export function buildRoot(host: Host, source: InodeSource, options: RootOptions): Directory {
  const root = directory(source);
  const folder = (name: string, mode = 0o755) => add(root, name, directory(source, { mode }));
  for (const name of ["home", "media", "mnt", "opt", "srv"]) folder(name);
  folder("root", 0o700);
  folder("tmp", 0o1777);
  folder("run");
  add(root, "proc", procFs(host, source));
  add(root, "sys", sysFs(host, source));
  addDevices(folder("dev"), source);
  addVariable(folder("var"), host, source, options);
  const etc = folder("etc");
  for (const [name, text] of Object.entries(etcFiles(options))) add(etc, name, file(source, text));
  addPrograms(root, source, options);
  for (const [path, text] of Object.entries(options.files ?? {})) addFile(root, source, path, text);
  return root;
}

function add<T extends Inode>(to: Directory, name: string, inode: T): T {
  to.set!(name, inode);
  return inode;
}

function addDevices(dev: Directory, source: InodeSource): void {
  add(
    dev,
    "null",
    generated(source, () => "", { mode: 0o666, write: () => {} }),
  );
  add(dev, "zero", {
    ...generated(source, () => "\0".repeat(4096), { mode: 0o666, write: () => {} }),
    endless: true,
  });
  add(dev, "shm", directory(source, { mode: 0o1777 }));
  add(dev, "stdin", symlink(source, "/proc/self/fd/0"));
  add(dev, "stdout", symlink(source, "/proc/self/fd/1"));
  add(dev, "stderr", symlink(source, "/proc/self/fd/2"));
}

function addVariable(variable: Directory, host: Host, source: InodeSource, { userland }: RootOptions): void {
  add(variable, "run", symlink(source, userland === "debian" ? "/run" : "../run"));
  for (const name of ["cache", "lib", "spool"]) add(variable, name, directory(source));
  const log = add(variable, "log", directory(source));
  if (userland !== "debian") return;
  // rsyslogd writes what the kernel says here; the file is that log itself.
  add(
    log,
    "kern.log",
    generated(source, () => kernLogText(host), { mode: 0o640, shownSize: 0 }),
  );
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The kernel's lines as rsyslogd writes them: `Nov 21 03:12:07 docker01 kernel: [  134.512345] text`. */
export function kernLogText(host: Host): string {
  return host.kernelLog.lines
    .map(({ at, text }) => {
      const time = new Date(host.unixTime(at) * 1000);
      const clock = time.toISOString().slice(11, 19);
      const day = String(time.getUTCDate()).padStart(2);
      return `${MONTHS[time.getUTCMonth()]} ${day} ${clock} ${host.uts.hostname} kernel: [${((at - host.bootTime) / 1e9).toFixed(6).padStart(12)}] ${text}\n`;
    })
    .join("");
}

function addPrograms(root: Directory, source: InodeSource, { programs, userland }: RootOptions): void {
  const usr = add(root, "usr", directory(source));
  add(usr, "share", directory(source));
  add(usr, "lib", directory(source));
  const local = add(usr, "local", directory(source));
  add(local, "bin", directory(source));
  add(local, "sbin", directory(source));
  if (userland === "debian") {
    add(usr, "bin", programDirectory(source, programs, false));
    add(usr, "sbin", systemPrograms(source, programs));
    for (const name of ["bin", "sbin", "lib"]) add(root, name, symlink(source, `usr/${name}`));
    return;
  }
  add(root, "bin", programDirectory(source, programs, true));
  add(root, "sbin", directory(source));
  add(root, "lib", directory(source));
  add(usr, "bin", directory(source));
  add(usr, "sbin", directory(source));
}

/** What Debian keeps in /usr/sbin. Here /usr/bin has these too. */
const SYSTEM_PROGRAMS: ReadonlySet<string> = new Set(
  "arp brctl bridge conntrack dockerd ifconfig ip iptables iptables-restore iptables-save ipvsadm modprobe route sysctl".split(
    " ",
  ),
);

function systemPrograms(source: InodeSource, programs: ProgramTable): Directory {
  const mtime = source.now();
  return generatedDirectory(
    source,
    () => [...programs.keys()].filter((name) => SYSTEM_PROGRAMS.has(name)),
    (name) => (SYSTEM_PROGRAMS.has(name) && programs.has(name) ? programFile(source, name, mtime) : null),
    { mode: 0o755, mtime },
  );
}

function addFile(root: Directory, source: InodeSource, path: string, text: string): void {
  const parts = path.split("/").filter((part) => part !== "");
  const name = parts.pop()!;
  let here = root;
  for (const part of parts) {
    const next = here.lookup(part, { process: null, sysNetns: null });
    here = next?.kind === "directory" ? next : add(here, part, directory(source));
  }
  add(here, name, file(source, text));
}
