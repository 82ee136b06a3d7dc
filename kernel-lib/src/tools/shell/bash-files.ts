import type { FsStat, IFileSystem } from "just-bash";
import { ERRNO_TEXT, KernelError } from "../../base/errno.js";
import type { FileStat, FileView } from "../../host/files.js";
import { removeTree } from "../files/remove-tree.js";

/** Where a shell's statements write, instead of to files: paths under this one are kept aside for the session. */
export const CAPTURE_ROOT = "/dev/.session";

/** What was written under {@link CAPTURE_ROOT}, by path. */
export type Captured = Map<string, string>;

/** Commands of the shell itself: they lie nowhere, but bash looks for a file before it runs one. */
export const SHELL_COMMANDS: ReadonlySet<string> = new Set([
  ...[
    "next-statement",
    "job-start",
    "job-wait",
    "jobs",
    "kill",
    "fg",
    "bg",
    "disown",
    "ulimit",
    "umask",
    "trap",
  ],
  ...[
    "alias",
    "bash",
    "clear",
    "echo",
    "false",
    "history",
    "printf",
    "pwd",
    "sh",
    "test",
    "time",
    "true",
    "unalias",
  ],
]);

/** What a program's file begins with; its name follows. */
const PROGRAM_MARK = /^\x7fELF (\S+)/;

export interface BashFilesOptions {
  readonly captured?: Captured;
  readonly programFolder?: "/usr/bin" | "/bin";
}

/** A machine's files for just-bash. Its commands ask for absolute paths and read Node's error codes. */
export function bashFiles(
  files: FileView,
  { captured = new Map(), programFolder = "/usr/bin" }: BashFilesOptions = {},
): IFileSystem {
  const isCapture = (path: string) =>
    path.startsWith(`${CAPTURE_ROOT}/`) ||
    (path.startsWith(`${programFolder}/`) && SHELL_COMMANDS.has(path.slice(programFolder.length + 1)));
  /** A program reached by another path than bash's own (`/usr/sbin/ip`) is read as a script that runs it. */
  const readable = (path: string) => {
    const content = files.readText(path);
    const program = PROGRAM_MARK.exec(content);
    return program === null ? content : `${programFolder}/${path.split("/").at(-1)} "$@"\n`;
  };
  const text = (content: string | Uint8Array) =>
    typeof content === "string" ? content : new TextDecoder().decode(content);
  const adapter: IFileSystem = {
    async readFile(path) {
      return attempt("open", path, () => readable(path));
    },
    async readFileBuffer(path) {
      return attempt("open", path, () => files.readBytes(path).slice());
    },
    async writeFile(path, content, options) {
      if (isCapture(path)) captured.set(path, decode(content, options));
      else attempt("open", path, () => files.write(path, encode(content, options)));
    },
    async appendFile(path, content, options) {
      if (isCapture(path)) captured.set(path, (captured.get(path) ?? "") + decode(content, options));
      else attempt("open", path, () => files.append(path, encode(content, options)));
    },
    async exists(path) {
      return isCapture(path) || files.exists(path);
    },
    async stat(path) {
      if (isCapture(path)) return CAPTURE_STAT;
      return attempt("stat", path, () => shown(files.stat(path)));
    },
    async lstat(path) {
      if (isCapture(path)) return CAPTURE_STAT;
      return attempt("lstat", path, () => shown(files.lstat(path)));
    },
    async mkdir(path, options) {
      if (options?.recursive === true && files.exists(path)) return;
      attempt("mkdir", path, () => files.mkdir(path, { recursive: options?.recursive ?? false }));
    },
    async readdir(path) {
      return attempt("scandir", path, () => files.readdir(path).sort());
    },
    async rm(path, options) {
      attempt("rm", path, () =>
        removeTree(files, path, options?.recursive ?? false, options?.force ?? false),
      );
    },
    async cp(source, destination, options) {
      attempt("cp", source, () => copyTree(files, source, destination, options?.recursive ?? false));
    },
    async mv(source, destination) {
      attempt("rename", source, () => files.rename(source, destination));
    },
    resolvePath(base, path) {
      return resolve(base, path);
    },
    getAllPaths: () => [],
    async chmod(path, mode) {
      attempt("chmod", path, () => files.chmod(path, mode));
    },
    async symlink(target, path) {
      attempt("symlink", path, () => files.symlink(target, path));
    },
    async link(existing, path) {
      attempt("link", path, () => files.link(existing, path));
    },
    async readlink(path) {
      return attempt("readlink", path, () => files.readlink(path));
    },
    async realpath(path) {
      if (isCapture(path)) return path;
      return attempt("realpath", path, () => files.realpath(path));
    },
    async utimes(path, _accessed, modified) {
      attempt("utimes", path, () => files.utimes(path, modified.getTime() / 1000));
    },
  };
  const decode = (content: string | Uint8Array, options: unknown) =>
    typeof content === "string" && encodingOf(options) === "binary"
      ? text(encode(content, options))
      : text(content);
  return adapter;
}

const CAPTURE_STAT: FsStat = {
  isFile: true,
  isDirectory: false,
  isSymbolicLink: false,
  mode: 0o600,
  size: 0,
  mtime: new Date(0),
};

function encodingOf(options: unknown): string {
  const encoding =
    typeof options === "string"
      ? options
      : ((options as { encoding?: string } | undefined)?.encoding ?? "utf8");
  return encoding === "latin1" ? "binary" : encoding;
}

function encode(content: string | Uint8Array, options: unknown): string | Uint8Array {
  if (typeof content !== "string" || encodingOf(options) !== "binary") return content;
  return Uint8Array.from(content, (char) => char.charCodeAt(0) & 255);
}

function shown(stat: FileStat): FsStat {
  return {
    isFile: stat.type === "file",
    isDirectory: stat.type === "directory",
    isSymbolicLink: stat.type === "symlink",
    mode: stat.mode,
    size: stat.size,
    mtime: new Date(stat.mtime * 1000),
    ino: stat.inode,
  };
}

/** An absolute path without `.`, `..` and empty parts. */
export function resolve(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function attempt<T>(call: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const message = ERRNO_TEXT[error.errno];
    throw Object.assign(
      new Error(`${error.errno}: ${message[0]!.toLowerCase()}${message.slice(1)}, ${call} '${path}'`),
      { code: error.errno },
    );
  }
}

/** Copies a file, or a folder and what is in it. */
export function copyTree(files: FileView, source: string, destination: string, recursive: boolean): void {
  const stat = files.stat(source);
  if (stat.type !== "directory") {
    files.write(destination, files.readBytes(source));
    return;
  }
  if (!recursive) throw new KernelError("EISDIR");
  if (!files.exists(destination)) files.mkdir(destination);
  for (const name of files.readdir(source))
    copyTree(files, `${source}/${name}`, `${destination}/${name}`, true);
}
