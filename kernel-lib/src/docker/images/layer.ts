import type { FileView } from "../../host/files.js";
import { removeTree } from "../../tools/files/remove-tree.js";

/** What one step of a build has done to one path. */
export type FileChange =
  | { readonly kind: "directory"; readonly mode: number; readonly mtime: number }
  | { readonly kind: "file"; readonly mode: number; readonly mtime: number; readonly bytes: Uint8Array }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "removed" };

/** Changes by absolute path, a folder before what is in it. */
export type Layer = ReadonlyMap<string, FileChange>;

/** Bind mounts and the kernel's own file systems: not of the image. */
const OUTSIDE: ReadonlySet<string> = new Set([
  "/proc",
  "/sys",
  "/dev",
  "/etc/hosts",
  "/etc/hostname",
  "/etc/resolv.conf",
]);

/** What a program's file begins with: programs are kept in the image's own table. */
const PROGRAM_MARK = [0x7f, 0x45, 0x4c, 0x46];

/** Everything that a root file system stores. */
export function treeOf(files: FileView): Layer {
  const tree = new Map<string, FileChange>();
  const visit = (folder: string): void => {
    for (const name of files.readdir(folder === "" ? "/" : folder)) {
      const path = `${folder}/${name}`;
      if (OUTSIDE.has(path)) continue;
      const entry = entryAt(files, path);
      if (entry === null) continue;
      tree.set(path, entry);
      if (entry.kind === "directory") visit(path);
    }
  };
  visit("");
  return tree;
}

function entryAt(files: FileView, path: string): FileChange | null {
  const { type, mode, mtime, stored } = files.lstat(path);
  if (type === "symlink") return { kind: "symlink", target: files.readlink(path) };
  if (!stored) return null;
  if (type === "directory") return { kind: "directory", mode, mtime };
  const bytes = files.readBytes(path);
  return PROGRAM_MARK.every((byte, i) => bytes[i] === byte) ? null : { kind: "file", mode, mtime, bytes };
}

/** What leads from one tree to another. */
export function changesBetween(before: Layer, after: Layer): Layer {
  const changes = new Map<string, FileChange>();
  for (const [path, entry] of after) if (!same(before.get(path), entry)) changes.set(path, entry);
  for (const path of before.keys()) {
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!after.has(path) && changes.get(parent)?.kind !== "removed") changes.set(path, { kind: "removed" });
  }
  return changes;
}

/** A folder's time changes with what is in it, which is a change of its own. */
function same(a: FileChange | undefined, b: FileChange): boolean {
  if (a === undefined || a.kind !== b.kind) return false;
  if (a.kind === "directory" && b.kind === "directory") return a.mode === b.mode;
  if (a.kind === "symlink" && b.kind === "symlink") return a.target === b.target;
  if (a.kind !== "file" || b.kind !== "file") return true;
  return a.mode === b.mode && a.mtime === b.mtime && sameBytes(a.bytes, b.bytes);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, i) => byte === b[i]));
}

/** Does a layer's changes in a file system. */
export function applyLayer(files: FileView, layer: Layer): void {
  for (const [path, change] of layer) {
    const there = isThere(files, path);
    if (change.kind === "removed") {
      if (there) removeTree(files, path, true, true);
      continue;
    }
    if (there && files.lstat(path).type !== change.kind) removeTree(files, path, true, true);
    if (change.kind === "symlink") {
      if (isThere(files, path)) files.unlink(path);
      files.symlink(change.target, path);
      continue;
    }
    if (change.kind === "file") files.write(path, change.bytes);
    else if (!isThere(files, path)) files.mkdir(path);
    files.chmod(path, change.mode);
    files.utimes(path, change.mtime);
  }
}

function isThere(files: FileView, path: string): boolean {
  const at = path.lastIndexOf("/");
  return (
    files.exists(path.slice(0, at) || "/") &&
    files.readdir(path.slice(0, at) || "/").includes(path.slice(at + 1))
  );
}

/** Bytes of the files in a layer, as `docker history` counts them. */
export function layerSize(layer: Layer): number {
  let size = 0;
  for (const change of layer.values()) if (change.kind === "file") size += change.bytes.length;
  return size;
}
