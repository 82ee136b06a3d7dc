import type { Host } from "../host.js";
import type { ProgramTable } from "../process.js";
import type { Directory } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { directory, file, generated, programDirectory, symlink } from "./nodes.js";

export interface RootOptions {
  /** What lies in its program folders. */
  readonly programs: ProgramTable;
  readonly hostname: string;
  /** Debian: merged /usr. Alpine and busybox: /bin full of links to busybox. */
  readonly userland: "debian" | "alpine" | "busybox";
  /** More files, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Builds a root file system: the folders that commands expect, /etc, programs, /proc and /sys. */
export function buildRoot(host: Host, source: InodeSource, options: RootOptions): Directory {
  const root = directory(source);
  const at = (name: string, inode: ReturnType<typeof directory>) => {
    root.set!(name, inode);
    return inode;
  };
  for (const name of ["dev", "home", "media", "mnt", "opt", "srv"]) at(name, directory(source));
  at("root", directory(source, { mode: 0o700 }));
  at("tmp", directory(source, { mode: 0o1777 }));
  const run = at("run", directory(source));
  const variable = at("var", directory(source));
  variable.set!("run", symlink(source, options.userland === "debian" ? "/run" : "../run"));
  for (const name of ["cache", "lib", "log", "spool"]) variable.set!(name, directory(source));
  void run;
  void host;
  void file;
  void generated;
  void programDirectory;
  return root;
}
