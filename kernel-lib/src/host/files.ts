import { KernelError } from "../base/errno.js";
import type { Netns } from "../stack/netns.js";
import { bytesOf, type Directory, type Inode, type RegularFile, type Viewer } from "./fs/inode.js";
import type { InodeSource } from "./fs/inode-source.js";
import { directory, file, netnsFile, symlink } from "./fs/nodes.js";
import type { Process } from "./process.js";

/** What `stat` tells. Times are Unix seconds of the lab's clock. */
export interface FileStat {
  readonly type: "file" | "directory" | "symlink";
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
  readonly links: number;
  /** False for what the kernel makes up when it is read (/proc, /sys): it takes no room on a disk. */
  readonly stored: boolean;
}

/** Who counts as a user of a network namespace: mounts and processes keep it alive. */
export interface NetnsHolder {
  holdNetns(netns: Netns): void;
  releaseNetns(netns: Netns): void;
}

/** A root file system: its tree, which several processes share. */
export interface RootFileSystem {
  readonly root: Directory;
  readonly source: InodeSource;
  readonly holder: NetnsHolder;
}

/** How many symbolic links one path may go through (MAXSYMLINKS). */
const MAX_LINKS = 40;

interface Place {
  readonly directory: Directory;
  readonly name: string;
  readonly inode: Inode | null;
  readonly path: string;
}

/**
 * A process's view of its file system: a shared tree, with /proc, /sys and magic links as this process sees them. Paths are taken
 * relative to its working directory. Errors are KernelError (ENOENT, EEXIST, ENOTDIR …).
 */
export class FileView {
  private readonly viewer: Viewer;

  constructor(
    readonly system: RootFileSystem,
    private readonly process: Process | null = null,
    /** Where a /sys mounted for another namespace than the process's own looks; null: the process's own. */
    private readonly sysNetns: Netns | null = null,
  ) {
    this.viewer = { process, sysNetns: sysNetns ?? process?.netns ?? null };
  }

  /** The same tree for another process. */
  as(process: Process): FileView {
    return new FileView(this.system, process, this.sysNetns);
  }

  /** The same tree with /sys mounted anew in `netns`, as `ip netns exec` does before it starts its command. */
  remountSys(netns: Netns): FileView {
    return new FileView(this.system, this.process, netns);
  }

  /** An absolute path without `.` and `..` text; links are not followed. */
  absolute(path: string): string {
    const full = path.startsWith("/") ? path : `${this.process?.cwd ?? "/"}/${path}`;
    const parts: string[] = [];
    for (const part of full.split("/")) {
      if (part === "" || part === ".") continue;
      if (part === "..") parts.pop();
      else parts.push(part);
    }
    return `/${parts.join("/")}`;
  }

  stat(path: string): FileStat {
    return this.describe(this.follow(path).inode);
  }

  lstat(path: string): FileStat {
    return this.describe(this.existing(this.place(path, false)));
  }

  exists(path: string): boolean {
    try {
      this.follow(path);
      return true;
    } catch (error) {
      if (error instanceof KernelError) return false;
      throw error;
    }
  }

  readBytes(path: string): Uint8Array {
    const { inode } = this.follow(path);
    if (inode.kind === "directory") throw new KernelError("EISDIR");
    if (inode.kind !== "file") throw new KernelError("EINVAL");
    return inode.read(this.viewer);
  }

  /** At most so many bytes of the front; a file without an end gives as many as are wanted. */
  readFront(path: string, limit: number): Uint8Array {
    const { inode } = this.follow(path);
    const bytes = this.readBytes(path);
    if (inode.kind !== "file" || inode.endless !== true || bytes.length >= limit)
      return bytes.subarray(0, limit);
    const front = new Uint8Array(limit);
    for (let at = 0; at < limit; at += bytes.length)
      front.set(bytes.subarray(0, Math.min(bytes.length, limit - at)), at);
    return front;
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.readBytes(path));
  }

  /** Writes a whole file, made with mode 0644 when it is new. */
  write(path: string, data: string | Uint8Array): void {
    this.store(this.openForWriting(path), data);
  }

  append(path: string, data: string | Uint8Array): void {
    const target = this.openForWriting(path);
    const old = target.shownSize === null ? target.read(this.viewer) : new Uint8Array();
    const more = typeof data === "string" ? bytesOf(data) : data;
    const all = new Uint8Array(old.length + more.length);
    all.set(old);
    all.set(more, old.length);
    this.store(target, all);
  }

  mkdir(path: string, { recursive = false, mode = 0o755 } = {}): void {
    if (recursive) {
      const parts = this.absolute(path).split("/").slice(1);
      for (let i = 1; i <= parts.length; i++) {
        const prefix = `/${parts.slice(0, i).join("/")}`;
        if (!this.exists(prefix)) this.mkdir(prefix, { mode });
        else if (this.stat(prefix).type !== "directory")
          throw new KernelError(i === parts.length ? "EEXIST" : "ENOTDIR");
      }
      return;
    }
    const place = this.vacant(path);
    writable(place.directory).set(place.name, directory(this.system.source, { mode }));
  }

  /** Names in the directory's own order; `ls` sorts. */
  readdir(path: string): string[] {
    const { inode } = this.follow(path);
    if (inode.kind !== "directory") throw new KernelError("ENOTDIR");
    return inode.names(this.viewer);
  }

  symlink(target: string, path: string): void {
    const place = this.vacant(path);
    writable(place.directory).set(place.name, symlink(this.system.source, target));
  }

  /** A second name for a file (`ln` without -s). */
  link(existing: string, path: string): void {
    const source = this.existing(this.place(existing, false));
    if (source.kind === "directory") throw new KernelError("EPERM");
    const place = this.vacant(path);
    writable(place.directory).set(place.name, source);
  }

  readlink(path: string): string {
    const inode = this.existing(this.place(path, false));
    if (inode.kind !== "symlink") throw new KernelError("EINVAL");
    return inode.target(this.viewer);
  }

  unlink(path: string): void {
    const place = this.place(path, false);
    const inode = this.existing(place);
    if (inode.kind === "directory") throw new KernelError("EISDIR");
    if (inode.kind === "netns") throw new KernelError("EBUSY");
    writable(place.directory).delete(place.name);
  }

  rmdir(path: string): void {
    const place = this.place(path, false);
    const inode = this.existing(place);
    if (inode.kind !== "directory") throw new KernelError("ENOTDIR");
    if (inode.names(this.viewer).length > 0) throw new KernelError("ENOTEMPTY");
    writable(place.directory).delete(place.name);
  }

  rename(from: string, to: string): void {
    const source = this.place(from, false);
    const inode = this.existing(source);
    const target = this.place(to, false);
    if (target.inode?.kind === "directory" && inode.kind !== "directory") throw new KernelError("EISDIR");
    if (`${target.path}/`.startsWith(`${source.path}/`) && target.path !== source.path)
      throw new KernelError("EINVAL");
    const holds = writable(source.directory);
    writable(target.directory).set(target.name, inode);
    if (target.path !== source.path) holds.delete(source.name);
  }

  chmod(path: string, mode: number): void {
    this.follow(path).inode.mode = mode & 0o7777;
  }

  /** Sets the time of last change (Unix seconds). */
  utimes(path: string, mtime: number): void {
    this.follow(path).inode.mtime = mtime;
  }

  /** The path with every link followed. A magic link ends at itself. */
  realpath(path: string): string {
    return this.follow(path).path;
  }

  /** The network namespace that a path leads to (`/var/run/netns/x`, `/proc/PID/ns/net`, a link to one); null for any other file. */
  netnsAt(path: string): Netns | null {
    const { inode } = this.follow(path);
    return inode.kind === "netns" ? inode.netns : null;
  }

  /** Bind-mounts a namespace on an existing file (mount --bind /proc/self/ns/net PATH): it keeps the namespace alive. */
  mountNetns(path: string, netns: Netns): void {
    const place = this.place(path, true);
    const covered = this.existing(place);
    writable(place.directory).set(place.name, netnsFile(this.system.source, netns, covered));
    this.system.holder.holdNetns(netns);
  }

  /** Takes the mount away (umount2 with MNT_DETACH); the file that it covered is there again. Throws EINVAL when it is no mount. */
  unmountNetns(path: string): void {
    const place = this.place(path, true);
    const mounted = this.existing(place);
    if (mounted.kind !== "netns" || mounted.covers === null) throw new KernelError("EINVAL");
    writable(place.directory).set(place.name, mounted.covers);
    this.system.holder.releaseNetns(mounted.netns);
  }

  private describe(inode: Inode): FileStat {
    return {
      type: inode.kind === "netns" ? "file" : inode.kind,
      mode: inode.mode,
      uid: inode.uid,
      gid: inode.gid,
      size: this.sizeOf(inode),
      mtime: inode.mtime,
      inode: inode.number,
      links: inode.kind === "directory" ? 2 + this.subdirectories(inode) : 1,
      stored:
        inode.kind === "file" ? inode.shownSize === null : inode.kind === "directory" && inode.set !== null,
    };
  }

  /** Each holds a link to its parent (`..`). */
  private subdirectories(inode: Directory): number {
    return inode.names(this.viewer).filter((name) => inode.lookup(name, this.viewer)?.kind === "directory")
      .length;
  }

  private sizeOf(inode: Inode): number {
    switch (inode.kind) {
      case "directory":
        return inode.set === null ? 0 : 4096;
      case "file":
        return inode.shownSize ?? inode.read(this.viewer).length;
      case "symlink":
        return inode.shownSize ?? bytesOf(inode.target(this.viewer)).length;
      case "netns":
        return 0;
    }
  }

  private openForWriting(path: string): RegularFile {
    const place = this.place(path, true);
    if (place.name === "" || place.inode?.kind === "directory") throw new KernelError("EISDIR");
    if (place.inode === null) {
      const made = file(this.system.source);
      writable(place.directory).set(place.name, made);
      return made;
    }
    if (place.inode.kind !== "file") throw new KernelError("EINVAL");
    return place.inode;
  }

  private store(target: RegularFile, data: string | Uint8Array): void {
    if (target.write === null) throw new KernelError("EACCES");
    // Opening with O_TRUNC writes nothing yet, and a file of the kernel takes a value from a write only.
    if (data.length === 0 && target.shownSize !== null) return;
    target.write(typeof data === "string" ? bytesOf(data) : data, this.viewer);
  }

  private vacant(path: string): Place {
    const place = this.place(path, false);
    if (place.inode !== null) throw new KernelError("EEXIST");
    return place;
  }

  private existing(place: Place): Inode {
    if (place.inode === null) throw new KernelError("ENOENT");
    return place.inode;
  }

  private follow(path: string): { inode: Inode; path: string } {
    const place = this.place(path, true);
    return { inode: this.existing(place), path: place.path };
  }

  /** Walks a path. The last component may be absent (`inode` null); its directory may not. */
  private place(path: string, followLast: boolean): Place {
    if (path === "") throw new KernelError("ENOENT");
    return this.walk(path.startsWith("/") ? path : `${this.process?.cwd ?? "/"}/${path}`, followLast);
  }

  private walk(path: string, followLast: boolean): Place {
    const todo = path.split("/").reverse();
    const trailing = path.endsWith("/");
    const above: Directory[] = [];
    const names: string[] = [];
    let here: Inode = this.system.root;
    let links = 0;
    while (todo.length > 0) {
      const name = todo.pop()!;
      if (name === "" || name === ".") continue;
      if (here.kind !== "directory") throw new KernelError("ENOTDIR");
      if (name === "..") {
        here = above.pop() ?? this.system.root;
        names.pop();
        continue;
      }
      const last = todo.every((rest) => rest === "" || rest === ".");
      const next: Inode | null = here.lookup(name, this.viewer);
      if (next === null) {
        if (!last) throw new KernelError("ENOENT");
        return { directory: here, name, inode: null, path: `/${[...names, name].join("/")}` };
      }
      if (next.kind === "symlink" && (!last || followLast || trailing)) {
        if (++links > MAX_LINKS) throw new KernelError("ELOOP");
        if (next.follow !== null) {
          const end = next.follow(this.viewer);
          if (end === null) throw new KernelError("ENOENT");
          above.push(here);
          names.push(name);
          here = end;
          continue;
        }
        const target = next.target(this.viewer);
        if (target.startsWith("/")) {
          here = this.system.root;
          above.length = 0;
          names.length = 0;
        }
        todo.push(...target.split("/").reverse());
        continue;
      }
      above.push(here);
      names.push(name);
      here = next;
    }
    return {
      directory: above.at(-1) ?? this.system.root,
      name: names.at(-1) ?? "",
      inode: here,
      path: `/${names.join("/")}`,
    };
  }
}

function writable(holder: Directory): Directory & {
  set: (name: string, inode: Inode) => void;
  delete: (name: string) => void;
} {
  if (holder.set === null || holder.delete === null) throw new KernelError("EPERM");
  return holder as ReturnType<typeof writable>;
}
