import type { FileView } from "../../host/files.js";
import { bytesOf } from "../../host/fs/inode.js";
import { ignoring } from "./ignore.js";

/** A file or a folder that the client has sent. */
export type ContextEntry =
  | { readonly kind: "file"; readonly mode: number; readonly mtime: number; readonly bytes: Uint8Array }
  | { readonly kind: "directory"; readonly mode: number; readonly mtime: number }
  | { readonly kind: "symlink"; readonly target: string };

/** What a build may copy: paths without a slash in front, a folder before what is in it. */
export interface BuildContext {
  readonly entries: ReadonlyMap<string, ContextEntry>;
  /** Bytes of the tar archive that was sent. */
  readonly size: number;
  /** Bytes of the files in it. */
  readonly contentSize: number;
  /** Bytes of .dockerignore; 2 where there is none, of an empty answer. */
  readonly ignoreSize: number;
}

/** The context of `docker build -`: the Dockerfile alone. */
export function dockerfileOnly(text: string): BuildContext {
  return { entries: new Map(), size: archiveSize([bytesOf(text).length]), contentSize: 2, ignoreSize: 2 };
}

/** Gathers a folder without what its .dockerignore leaves out. The Dockerfile and .dockerignore are always sent, for the builder itself. */
export function gather(files: FileView, folder: string, dockerfile: string): BuildContext {
  const ignoreFile = `${folder}/.dockerignore`;
  const ignoreText = files.exists(ignoreFile) ? files.readText(ignoreFile) : "";
  const ignored = ignoring(ignoreText);
  const entries = new Map<string, ContextEntry>();
  const sizes: number[] = [];
  const visit = (path: string): void => {
    for (const name of files.readdir(path === "" ? folder : `${folder}/${path}`).sort()) {
      const inner = path === "" ? name : `${path}/${name}`;
      const entry = entryAt(files, `${folder}/${inner}`);
      if (entry === null) continue;
      const left = ignored(inner);
      if (!left) entries.set(inner, entry);
      if (!left || inner === dockerfile || inner === ".dockerignore")
        sizes.push(entry.kind === "file" ? entry.bytes.length : 0);
      // A line with "!" may bring back what lies in a folder that is left out.
      if (entry.kind === "directory") visit(inner);
    }
  };
  visit("");
  const contents = [...entries.values()].map((entry) => (entry.kind === "file" ? entry.bytes.length : 0));
  return {
    entries: withFolders(entries),
    size: archiveSize(sizes),
    contentSize: contents.reduce((sum, size) => sum + size, 0),
    ignoreSize: Math.max(2, bytesOf(ignoreText).length),
  };
}

/** A folder that is left out is there all the same for what is not. */
function withFolders(entries: ReadonlyMap<string, ContextEntry>): Map<string, ContextEntry> {
  const all = new Map<string, ContextEntry>();
  for (const [path, entry] of entries) {
    const parts = path.split("/");
    for (let i = 1; i < parts.length; i++) {
      const parent = parts.slice(0, i).join("/");
      if (!all.has(parent)) all.set(parent, { kind: "directory", mode: 0o755, mtime: 0 });
    }
    all.set(path, entry);
  }
  return all;
}

function entryAt(files: FileView, path: string): ContextEntry | null {
  const { type, mode, mtime, stored } = files.lstat(path);
  if (type === "symlink") return { kind: "symlink", target: files.readlink(path) };
  if (!stored) return null;
  return type === "directory"
    ? { kind: "directory", mode, mtime }
    : { kind: "file", mode, mtime, bytes: files.readBytes(path) };
}

/** A tar archive: a block of 512 bytes for each entry, its content in whole blocks, two blocks at the end. */
function archiveSize(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + 512 + Math.ceil(size / 512) * 512, 1024);
}
