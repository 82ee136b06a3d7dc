import type { Netns } from "../../stack/netns.js";
import type { Process } from "../process.js";

/** Who looks: files under /proc and /sys differ by process and by network namespace. */
export interface Viewer {
  readonly process: Process | null;
  /** The network namespace of which /sys was mounted. */
  readonly sysNetns: Netns | null;
}

/** What every file has. Times are Unix seconds of the lab's clock. */
export interface InodeAttributes {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
}

export type Inode = Directory | RegularFile | Symlink | NetnsFile;

interface InodeBase extends InodeAttributes {
  readonly number: number;
}

/** A directory: names to inodes, stored or made on demand. */
export interface Directory extends InodeBase {
  readonly kind: "directory";
  lookup(name: string, viewer: Viewer): Inode | null;
  names(viewer: Viewer): string[];
  /** Adds or replaces an entry; null where the file system allows no change. */
  readonly set: ((name: string, inode: Inode) => void) | null;
  readonly delete: ((name: string) => void) | null;
}

/** A regular file. `write` is null for one that cannot be written; it may throw KernelError for a value it refuses. */
export interface RegularFile extends InodeBase {
  readonly kind: "file";
  read(viewer: Viewer): Uint8Array;
  readonly write: ((data: Uint8Array, viewer: Viewer) => void) | null;
  /** Overrides the size that stat shows: 0 for files of /proc, 4096 for those of /sys. */
  readonly shownSize: number | null;
  /** A device without an end (`/dev/zero`): what `read` gives comes again and again. */
  readonly endless?: true;
}

/** A symbolic link. A magic link of /proc leads to `follow`, not to what its text says. */
export interface Symlink extends InodeBase {
  readonly kind: "symlink";
  target(viewer: Viewer): string;
  /** Overrides the size that lstat shows: 0 for links of /proc and /sys. */
  readonly shownSize: number | null;
  readonly follow: ((viewer: Viewer) => Inode | null) | null;
}

/** A namespace file (nsfs): what a bind mount under /run/netns and /proc/PID/ns/net lead to. */
export interface NetnsFile extends InodeBase {
  readonly kind: "netns";
  readonly netns: Netns;
  /** What the mount covers, to be uncovered by umount; null when it is no mount. */
  readonly covers: Inode | null;
}

const encoder = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}
