import type * as Stream from "node:stream";
import { KernelError } from "../../../base/errno.js";
import type { FileStat } from "../../../host/files.js";
import { argumentType, fileError, nodeError } from "../errors.js";
import type { Runtime } from "../runtime.js";

type Data = string | Uint8Array;
type Options =
  | string
  | {
      readonly encoding?: string | null;
      readonly flag?: string;
      readonly recursive?: boolean;
      readonly force?: boolean;
      readonly withFileTypes?: boolean;
      readonly throwIfNoEntry?: boolean;
      readonly mode?: number;
    }
  | null
  | undefined;
type Call = (...args: never[]) => unknown;

/** `node:fs` over the process's own file system: whole files; no descriptors, watchers and permissions of others. */
export function fsModule(runtime: Runtime): unknown {
  const { loop } = runtime;
  const sync = syncCalls(runtime);
  const callbacks: Record<string, unknown> = {};
  const promises: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(sync)) {
    const run = call as (...args: unknown[]) => unknown;
    const later = (args: unknown[], done: (error: unknown, value?: unknown) => void) => {
      const release = loop.hold("work");
      loop.after(FILE_TIME, () => {
        release();
        let value: unknown;
        try {
          value = run(...args);
        } catch (error) {
          done(error);
          return;
        }
        done(null, value);
      });
    };
    promises[name] = (...args: unknown[]) =>
      new Promise((resolve, reject) =>
        later(args, (error, value) => (error === null ? resolve(value) : reject(error))),
      );
    callbacks[name] = (...args: unknown[]) => {
      const done = args.pop();
      if (typeof done !== "function") throw argumentType("cb", "function", done);
      later(args, done as () => void);
    };
  }
  const existsSync = (path: unknown) =>
    typeof path === "string" || path instanceof URL ? runtime.task.files.exists(pathOf(path)) : false;
  delete promises["exists"];
  return {
    ...callbacks,
    ...Object.fromEntries(Object.entries(sync).map(([name, call]) => [`${name}Sync`, call])),
    existsSync,
    exists: (path: string, done: (there: boolean) => void) => loop.tick(() => done(existsSync(path))),
    promises: { ...promises, constants: CONSTANTS },
    constants: CONSTANTS,
    ...CONSTANTS,
    createReadStream: (path: string, options: Options) => readStream(runtime, sync, path, options),
    createWriteStream: (path: string, options: Options) => writeStream(runtime, sync, path, options),
    watch: refused("watch"),
    watchFile: refused("watchFile"),
    open: refused("open"),
    openSync: refused("openSync"),
  };
}

const CONSTANTS = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4 };
/** A file call in libuv's thread pool, from the call to its callback. */
const FILE_TIME = 60_000;

function refused(name: string): () => never {
  return () => {
    throw nodeError("ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", `fs.${name} is not supported here`);
  };
}

function pathOf(path: unknown): string {
  if (typeof path === "string") return path;
  if (path instanceof URL) return decodeURIComponent(path.pathname);
  if (path instanceof Uint8Array) return new TextDecoder().decode(path);
  throw argumentType("path", "string", path);
}

const encodingOf = (options: Options) =>
  typeof options === "string" ? options : (options?.encoding ?? null);

/** The calls by name, as they work at once. */
function syncCalls(runtime: Runtime): Record<string, Call> {
  const { files } = runtime.task;
  const { Buffer } = runtime.core<{ Buffer: BufferConstructor }>("buffer");
  const attempt = <T>(syscall: string, path: string, action: () => T, dest?: string): T => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      // Opening a folder to read is no error of open but of read, which names no path.
      if (error.errno === "EISDIR" && syscall === "open") throw fileError("EISDIR", "read");
      throw fileError(error.errno, syscall, path, dest);
    }
  };
  const bytesOf = (data: Data, options: Options) =>
    typeof data === "string" ? Buffer.from(data, (encodingOf(options) ?? "utf8") as BufferEncoding) : data;
  const append = (path: unknown, data: Data, options: Options) =>
    attempt("open", pathOf(path), () => files.append(pathOf(path), bytesOf(data, options)));
  const stat = (call: "stat" | "lstat") => (path: unknown, options: Options) => {
    const name = pathOf(path);
    if (typeof options === "object" && options?.throwIfNoEntry === false && !files.exists(name))
      return undefined;
    return attempt(call, name, () => new Stats(runtime, files[call](name)));
  };
  const mkdir = (path: unknown, options: Options | number) => {
    const name = pathOf(path);
    const recursive = typeof options === "object" && options?.recursive === true;
    if (recursive && files.exists(name) && files.stat(name).type === "directory") return undefined;
    attempt("mkdir", name, () => files.mkdir(name, { recursive }));
    return recursive ? name : undefined;
  };
  const remove = (path: unknown, options: Options): void => {
    const name = pathOf(path);
    const { recursive = false, force = false } =
      typeof options === "object" && options !== null ? options : {};
    if (!files.exists(name) && force) return;
    const kind = attempt(recursive ? "rm" : "lstat", name, () => files.lstat(name).type);
    if (kind !== "directory") attempt("unlink", name, () => files.unlink(name));
    else if (!recursive)
      throw nodeError("ERR_FS_EISDIR", `Path is a directory: rm returned EISDIR (is a directory) ${name}`);
    else {
      for (const child of files.readdir(name)) remove(`${name}/${child}`, options);
      attempt("rmdir", name, () => files.rmdir(name));
    }
  };
  return {
    readFile: (path: unknown, options: Options) => {
      const bytes = Buffer.from(attempt("open", pathOf(path), () => files.readBytes(pathOf(path))));
      const encoding = encodingOf(options);
      return encoding === null || encoding === "buffer" ? bytes : bytes.toString(encoding as BufferEncoding);
    },
    writeFile: (path: unknown, data: Data, options: Options) =>
      typeof options === "object" && options?.flag?.startsWith("a") === true
        ? append(path, data, options)
        : attempt("open", pathOf(path), () => files.write(pathOf(path), bytesOf(data, options))),
    appendFile: append,
    stat: stat("stat"),
    lstat: stat("lstat"),
    access: (path: unknown) => attempt("access", pathOf(path), () => void files.stat(pathOf(path))),
    mkdir,
    mkdtemp: (prefix: string) => {
      const name = `${prefix}${runtime.random.hex(6)}`;
      attempt("mkdtemp", name, () => files.mkdir(name));
      return name;
    },
    readdir: (path: unknown, options: Options) => {
      const name = pathOf(path);
      const names = attempt("scandir", name, () => files.readdir(name)).sort();
      if (typeof options !== "object" || options?.withFileTypes !== true) return names;
      return names.map((child) => new Entry(child, name, files.lstat(`${name}/${child}`)));
    },
    unlink: (path: unknown) => attempt("unlink", pathOf(path), () => files.unlink(pathOf(path))),
    rmdir: (path: unknown) => attempt("rmdir", pathOf(path), () => files.rmdir(pathOf(path))),
    rm: remove,
    rename: (from: unknown, to: unknown) =>
      attempt("rename", pathOf(from), () => files.rename(pathOf(from), pathOf(to)), pathOf(to)),
    copyFile: (from: unknown, to: unknown) =>
      attempt(
        "copyfile",
        pathOf(from),
        () => files.write(pathOf(to), files.readBytes(pathOf(from)).slice()),
        pathOf(to),
      ),
    symlink: (target: string, path: unknown) =>
      attempt("symlink", target, () => files.symlink(target, pathOf(path)), pathOf(path)),
    readlink: (path: unknown) => attempt("readlink", pathOf(path), () => files.readlink(pathOf(path))),
    realpath: (path: unknown) => attempt("realpath", pathOf(path), () => files.realpath(pathOf(path))),
    chmod: (path: unknown, mode: number) =>
      attempt("chmod", pathOf(path), () => files.chmod(pathOf(path), Number(mode))),
  } as Record<string, Call>;
}

/** `fs.Dirent`. */
class Entry {
  constructor(
    readonly name: string,
    readonly parentPath: string,
    private readonly found: FileStat,
  ) {}
  isFile(): boolean {
    return this.found.type === "file";
  }
  isDirectory(): boolean {
    return this.found.type === "directory";
  }
  isSymbolicLink(): boolean {
    return this.found.type === "symlink";
  }
}

/** `fs.Stats`. */
class Stats {
  readonly dev = 66;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly mtime: Date;
  private readonly type: FileStat["type"];

  constructor(runtime: Runtime, found: FileStat) {
    const LabDate = runtime.scope["Date"] as DateConstructor;
    this.type = found.type;
    this.mode = found.mode | { file: 0o100000, directory: 0o040000, symlink: 0o120000 }[found.type];
    this.nlink = found.links;
    this.uid = found.uid;
    this.gid = found.gid;
    this.ino = found.inode;
    this.size = found.size;
    this.mtimeMs = found.mtime * 1000;
    this.mtime = new LabDate(this.mtimeMs);
    Object.defineProperty(this, "type", { enumerable: false });
  }
  isFile(): boolean {
    return this.type === "file";
  }
  isDirectory(): boolean {
    return this.type === "directory";
  }
  isSymbolicLink(): boolean {
    return this.type === "symlink";
  }
}

function readStream(runtime: Runtime, calls: Record<string, Call>, path: string, options: Options): unknown {
  const { Readable } = runtime.core<typeof Stream>("stream");
  let bytes: Buffer | null = null;
  let at = 0;
  const stream = new Readable({
    ...(encodingOf(options) === null ? {} : { encoding: encodingOf(options) as BufferEncoding }),
    highWaterMark: 65536,
    read(size) {
      runtime.loop.after(FILE_TIME, () => {
        try {
          bytes ??= (calls["readFile"] as (path: string) => Buffer)(path);
        } catch (error) {
          stream.destroy(error as Error);
          return;
        }
        const part = bytes.subarray(at, at + size);
        at += part.length;
        stream.push(part.length === 0 ? null : part);
      });
    },
  });
  return Object.assign(stream, { path });
}

function writeStream(runtime: Runtime, calls: Record<string, Call>, path: string, options: Options): unknown {
  const { Writable } = runtime.core<typeof Stream>("stream");
  const flag = (typeof options === "object" ? options?.flag : undefined) ?? "w";
  let begun = flag.startsWith("a");
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        (calls[begun ? "appendFile" : "writeFile"] as (path: string, data: Buffer) => void)(path, chunk);
        begun = true;
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    final(done) {
      if (!begun) (calls["writeFile"] as (path: string, data: string) => void)(path, "");
      done();
    },
  });
  return Object.assign(stream, { path });
}
