import { KernelError } from "../../base/errno.js";
import type { FileView } from "../../host/files.js";

/** Removes a file, or a folder and what is in it. */
export function removeTree(files: FileView, path: string, recursive: boolean, force: boolean): void {
  let type: ReturnType<FileView["lstat"]>["type"];
  try {
    type = files.lstat(path).type;
  } catch (error) {
    if (force && error instanceof KernelError && error.errno === "ENOENT") return;
    throw error;
  }
  if (type !== "directory") {
    files.unlink(path);
    return;
  }
  if (!recursive) throw new KernelError("EISDIR");
  for (const name of files.readdir(path)) removeTree(files, `${path}/${name}`, true, force);
  files.rmdir(path);
}
