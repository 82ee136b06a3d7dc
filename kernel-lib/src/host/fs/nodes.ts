import type { Netns } from "../../stack/netns.js";
import type { ProgramTable } from "../process.js";
import {
  bytesOf,
  type Directory,
  type Inode,
  type NetnsFile,
  type RegularFile,
  type Symlink,
  type Viewer,
} from "./inode.js";
import type { InodeSource } from "./inode-source.js";

export interface NodeOptions {
  readonly mode?: number;
  readonly mtime?: number;
}

function base(source: InodeSource, mode: number, mtime?: number) {
  return { number: source.nextNumber(), mode, uid: 0, gid: 0, mtime: mtime ?? source.now() };
}

/** A directory that keeps its entries (tmpfs, ext4). */
export function directory(source: InodeSource, { mode = 0o755, mtime }: NodeOptions = {}): Directory {
  const entries = new Map<string, Inode>();
  const self: Directory = {
    ...base(source, mode, mtime),
    kind: "directory",
    lookup: (name) => entries.get(name) ?? null,
    names: () => [...entries.keys()],
    set: (name, inode) => {
      entries.set(name, inode);
      self.mtime = source.now();
    },
    delete: (name) => {
      entries.delete(name);
      self.mtime = source.now();
    },
  };
  return self;
}

/** A file that keeps its bytes. */
export function file(
  source: InodeSource,
  data: string | Uint8Array = "",
  { mode = 0o644, mtime }: NodeOptions = {},
): RegularFile {
  let bytes = typeof data === "string" ? bytesOf(data) : data;
  const self: RegularFile = {
    ...base(source, mode, mtime),
    kind: "file",
    read: () => bytes,
    write: (next) => {
      bytes = next;
      self.mtime = source.now();
    },
    shownSize: null,
  };
  return self;
}

export function symlink(source: InodeSource, target: string, { mtime }: NodeOptions = {}): Symlink {
  return {
    ...base(source, 0o777, mtime),
    kind: "symlink",
    target: () => target,
    follow: null,
    shownSize: null,
  };
}

/** A link of /sys: as long as `ls` is asked, it has no size. */
export function kernelLink(source: InodeSource, target: string, options: NodeOptions = {}): Symlink {
  return { ...symlink(source, target, options), shownSize: 0 };
}

/** A link whose text depends on who looks (/proc/self). */
export function dynamicLink(source: InodeSource, target: (viewer: Viewer) => string): Symlink {
  return { ...base(source, 0o777), kind: "symlink", target, follow: null, shownSize: 0 };
}

/** A magic link: shows `text`, leads to what `follow` gives. */
export function magicLink(
  source: InodeSource,
  text: (viewer: Viewer) => string,
  follow: (viewer: Viewer) => Inode | null,
): Symlink {
  return { ...base(source, 0o777), kind: "symlink", target: text, follow, shownSize: 0 };
}

export interface GeneratedOptions extends NodeOptions {
  readonly shownSize?: number;
  readonly write?: (text: string, viewer: Viewer) => void;
}

/** A file whose text is made when it is read, as under /proc and /sys. */
export function generated(
  source: InodeSource,
  text: (viewer: Viewer) => string,
  options: GeneratedOptions = {},
): RegularFile {
  const { write, shownSize = 0 } = options;
  return {
    ...base(source, options.mode ?? (write ? 0o644 : 0o444), options.mtime),
    kind: "file",
    read: (viewer) => bytesOf(text(viewer)),
    write: write ? (data, viewer) => write(new TextDecoder().decode(data), viewer) : null,
    shownSize,
  };
}

/** A directory whose entries are made when they are looked up. */
export function generatedDirectory(
  source: InodeSource,
  names: (viewer: Viewer) => string[],
  lookup: (name: string, viewer: Viewer) => Inode | null,
  { mode = 0o555, mtime }: NodeOptions = {},
): Directory {
  return { ...base(source, mode, mtime), kind: "directory", lookup, names, set: null, delete: null };
}

/** A directory of fixed entries, each made when it is looked up. */
export function fixedDirectory(
  source: InodeSource,
  entries: Readonly<Record<string, (viewer: Viewer) => Inode | null>>,
  options?: NodeOptions,
): Directory {
  return generatedDirectory(
    source,
    () => Object.keys(entries),
    (name, viewer) => (Object.hasOwn(entries, name) ? entries[name]!(viewer) : null),
    options,
  );
}

export function netnsFile(source: InodeSource, netns: Netns, covers: Inode | null = null): NetnsFile {
  return { ...base(source, 0o444), kind: "netns", number: netns.id, netns, covers };
}

/** The file of a program: an ELF mark and its name. */
export function programFile(source: InodeSource, name: string, mtime: number): RegularFile {
  return file(source, `\x7fELF ${name}\n`, { mode: 0o755, mtime });
}

/**
 * /usr/bin (or a busybox image's /bin): its entries are the programs of the table, so that `which` and `ls` see what can be run, and
 * what is installed later appears. Other files may lie beside them.
 */
export function programDirectory(source: InodeSource, programs: ProgramTable, busybox: boolean): Directory {
  const others = directory(source);
  const made = new Map<string, Inode>();
  const born = source.now();
  const entryOf = (name: string): Inode => {
    let inode = made.get(name);
    if (inode === undefined) {
      inode =
        busybox && name !== "busybox"
          ? symlink(source, "/bin/busybox", { mtime: born })
          : programFile(source, name, born);
      made.set(name, inode);
    }
    return inode;
  };
  return {
    ...others,
    lookup: (name, viewer) =>
      others.lookup(name, viewer) ??
      (programs.has(name) || (busybox && name === "busybox") ? entryOf(name) : null),
    names: (viewer) => [
      ...new Set([...(busybox ? ["busybox"] : []), ...programs.keys(), ...others.names(viewer)]),
    ],
    delete: (name) => {
      if (programs.delete(name)) made.delete(name);
      else others.delete!(name);
    },
  };
}
