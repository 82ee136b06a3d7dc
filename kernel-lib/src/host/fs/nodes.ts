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
export function directory(source: InodeSource, { mode = 0o755, mtime }: NodeOptions = {}): StoredDirectory {
  return new StoredDirectory(source, mode, mtime ?? source.now());
}

/** What all of a root file system's nodes have; a class, because each container has some fifty of them. */
class Stored {
  readonly number: number;
  uid = 0;
  gid = 0;

  constructor(
    protected readonly source: InodeSource,
    public mode: number,
    public mtime: number,
  ) {
    this.number = source.nextNumber();
  }
}

class StoredDirectory extends Stored implements Directory {
  readonly kind = "directory";
  /** Null: it is empty. */
  private entries: Map<string, Inode> | null = null;

  lookup(name: string): Inode | null {
    return this.entries?.get(name) ?? null;
  }

  names(): string[] {
    return this.entries === null ? [] : [...this.entries.keys()];
  }

  set(name: string, inode: Inode): void {
    this.entries ??= new Map();
    this.entries.set(name, inode);
    this.mtime = this.source.now();
  }

  delete(name: string): void {
    this.entries?.delete(name);
    this.mtime = this.source.now();
  }
}

class StoredFile extends Stored implements RegularFile {
  readonly kind = "file";
  readonly shownSize = null;

  constructor(
    source: InodeSource,
    mode: number,
    mtime: number,
    private bytes: Uint8Array,
  ) {
    super(source, mode, mtime);
  }

  read(): Uint8Array {
    return this.bytes;
  }

  write(next: Uint8Array): void {
    this.bytes = next;
    this.mtime = this.source.now();
  }
}

/** A file that keeps its bytes. */
export function file(
  source: InodeSource,
  data: string | Uint8Array = "",
  { mode = 0o644, mtime }: NodeOptions = {},
): RegularFile {
  const bytes = typeof data === "string" ? bytesOf(data) : data;
  return new StoredFile(source, mode, mtime ?? source.now(), bytes);
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
  const { number, mode, uid, gid, mtime } = others;
  return {
    kind: "directory",
    number,
    mode,
    uid,
    gid,
    mtime,
    lookup: (name) =>
      others.lookup(name) ?? (programs.has(name) || (busybox && name === "busybox") ? entryOf(name) : null),
    names: () => [...new Set([...(busybox ? ["busybox"] : []), ...programs.keys(), ...others.names()])],
    set: (name, inode) => others.set(name, inode),
    delete: (name) => {
      if (programs.delete(name)) made.delete(name);
      else others.delete(name);
    },
  };
}
