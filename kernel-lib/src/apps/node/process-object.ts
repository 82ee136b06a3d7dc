import type * as Events from "node:events";
import type * as Stream from "node:stream";
import { KernelError } from "../../base/errno.js";
import type { Signal } from "../../host/process.js";
import { argumentType, fileError, nodeError } from "./errors.js";
import { EXIT } from "./loop.js";
import { NODE_VERSION, type Runtime } from "./runtime.js";

const SIGNALS: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];

/** Memory that a small Node program has in use, by the shares of `process.memoryUsage()`. */
const MEMORY = {
  rss: 48_234_496,
  heapTotal: 6_537_216,
  heapUsed: 4_712_408,
  external: 1_675_420,
  arrayBuffers: 10_515,
};

/** `process`. `argv` has node's path and the script's before the arguments. */
export function processObject(
  runtime: Runtime,
  argv: readonly string[],
  execArgv: readonly string[],
): Events.EventEmitter & Record<string, unknown> {
  const { task, loop } = runtime;
  const { EventEmitter } = runtime.core<typeof Events>("events");
  const startedAt = loop.now;
  const object = new EventEmitter() as Events.EventEmitter & Record<string, unknown>;
  object.setMaxListeners(0);
  let exiting = false;
  const nanoseconds = () => BigInt(Math.round(loop.now + 1e9));
  const hrtime = (before?: [number, number]) => {
    const now = loop.now + 1e9;
    const [s, ns] = [Math.floor(now / 1e9), Math.round(now % 1e9)];
    if (before === undefined) return [s, ns];
    const difference = (s - before[0]) * 1e9 + ns - before[1];
    return [Math.floor(difference / 1e9), difference % 1e9];
  };
  loop.atExit = (status) => {
    object["exitCode"] ??= status;
    if (!exiting) {
      exiting = true;
      object.emit("exit", Number(object["exitCode"]));
    }
    return Number(object["exitCode"]);
  };
  loop.beforeExit = () => object.emit("beforeExit", Number(object["exitCode"] ?? 0));
  Object.assign(object, {
    argv: [...argv],
    argv0: "node",
    execArgv: [...execArgv],
    execPath: "/usr/local/bin/node",
    env: Object.fromEntries(task.env),
    exitCode: undefined,
    pid: task.innerPid,
    ppid: task.parent?.innerPid ?? 0,
    platform: "linux",
    arch: "x64",
    title: "node",
    version: NODE_VERSION,
    versions: { node: NODE_VERSION.slice(1), v8: "13.6.233.10-node.28", uv: "1.51.0", modules: "137" },
    release: { name: "node", lts: "Krypton" },
    config: { target_defaults: {}, variables: {} },
    features: { typescript: "strip", inspector: false, ipv6: true, tls: false, require_module: true },
    exit: (code?: number | string) => {
      if (code !== undefined && code !== null) object["exitCode"] = Number(code);
      loop.exit(Number(object["exitCode"] ?? 0));
      throw EXIT;
    },
    reallyExit: (code = 0) => {
      exiting = true;
      object["exitCode"] = code;
      loop.exit(code);
      throw EXIT;
    },
    abort: () => {
      exiting = true;
      loop.exit(134);
      throw EXIT;
    },
    cwd: () => task.cwd,
    chdir: (path: string) => {
      try {
        if (task.files.stat(path).type !== "directory") throw new KernelError("ENOTDIR");
        task.cwd = task.files.realpath(path);
      } catch (error) {
        if (error instanceof KernelError) throw fileError(error.errno, "chdir", task.cwd, path);
        throw error;
      }
    },
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
      if (typeof callback !== "function") throw argumentType("callback", "function", callback);
      loop.tick(args.length === 0 ? callback : () => callback(...args));
    },
    hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
    uptime: () => (loop.now - startedAt) / 1e9,
    memoryUsage: Object.assign(() => ({ ...MEMORY }), { rss: () => MEMORY.rss }),
    cpuUsage: () => ({ user: 38_000, system: 9_000 }),
    resourceUsage: () => ({ maxRSS: MEMORY.rss / 1024 }),
    umask: () => 0o22,
    getuid: () => 0,
    geteuid: () => 0,
    getgid: () => 0,
    getegid: () => 0,
    getgroups: () => [0],
    emitWarning: (warning: string | Error, type: string | { type?: string } = "Warning") => {
      const name =
        warning instanceof Error ? warning.name : typeof type === "string" ? type : (type.type ?? "Warning");
      const text = warning instanceof Error ? warning.message : warning;
      loop.tick(() => {
        if (
          object.emit(
            "warning",
            warning instanceof Error ? warning : Object.assign(new Error(text), { name }),
          )
        )
          return;
        task.stderr.write(
          `(node:${task.innerPid}) ${name}: ${text}\n(Use \`node --trace-warnings ...\` to show where the warning was created)\n`,
        );
      });
    },
    kill: (pid: number, signal: Signal | number = "SIGTERM") => {
      const { pids } = task as unknown as {
        pids: { find(pid: number): { kill(signal: Signal): void } | null };
      };
      const found = pids.find(pid);
      if (found === null)
        throw Object.assign(new Error("kill ESRCH"), { errno: -3, code: "ESRCH", syscall: "kill" });
      if (signal !== 0) found.kill(signal as Signal);
      return true;
    },
    getBuiltinModule: (name: string) => {
      try {
        return runtime.core(name.replace(/^node:/, ""));
      } catch {
        return undefined;
      }
    },
    binding: (name: string) => {
      throw nodeError("ERR_INVALID_MODULE", `No such binding: ${name}`);
    },
  });
  hearSignals(runtime, object);
  return object;
}

/** A listener for a signal takes the place of what the signal does by itself. */
function hearSignals({ task, loop }: Runtime, object: Events.EventEmitter): void {
  const heard = new Set<string>();
  object.on("newListener", (event: string) => {
    const signal = SIGNALS.find((name) => name === event);
    if (signal === undefined || heard.has(signal)) return;
    heard.add(signal);
    task.onSignal(signal, () => {
      loop.after(0, () => {
        if (object.listenerCount(signal) > 0)
          object.emit(signal, signal, { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15, SIGKILL: 9 }[signal]);
        else if (task.innerPid !== 1) loop.exit(128 + 15);
      });
    });
  });
}

/** Adds the standard streams: they need `process` to be there already. */
export function addStandardStreams(runtime: Runtime, object: Record<string, unknown>): void {
  const { task } = runtime;
  const { Writable, Readable } = runtime.core<typeof Stream>("stream");
  const output = (name: "stdout" | "stderr", fd: number) => {
    const stream = new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        task[name].write(typeof chunk === "string" ? chunk : chunk.toString());
        done();
      },
    });
    return Object.assign(stream, {
      fd,
      isTTY: task.tty || undefined,
      _isStdio: true,
      destroySoon: () => {},
      _destroy: (_: unknown, done: (error: null) => void) => done(null),
      ...(task.tty ? { columns: 80, rows: 24, getColorDepth: () => 1, hasColors: () => false } : {}),
    });
  };
  lazily(object, "stdout", () => output("stdout", 1));
  lazily(object, "stderr", () => output("stderr", 2));
  lazily(object, "stdin", () => {
    const input = Readable.from(
      task.stdin === ""
        ? []
        : [runtime.core<{ Buffer: BufferConstructor }>("buffer").Buffer.from(task.stdin)],
      { objectMode: false },
    );
    return Object.assign(input, {
      fd: 0,
      isTTY: undefined,
      setRawMode: undefined,
      ref: () => input,
      unref: () => input,
    });
  });
}

function lazily(object: Record<string, unknown>, name: string, make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(object, name, { enumerable: true, configurable: true, get: () => (made ??= make()) });
}
