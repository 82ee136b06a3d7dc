import type * as Events from "node:events";
import type { Process } from "../../host/process.js";
import { CoreModules } from "./core.js";
import { dateOf } from "./date.js";
import { type Library, Loader } from "./loader.js";
import { EventLoop } from "./loop.js";
import { addStandardStreams, processObject } from "./process-object.js";
import { NODE_VERSION, type Runtime } from "./runtime.js";
import { cleanStack, fatalReport } from "./stack.js";
import { timerFunctions } from "./timers.js";

/** One Node process: its loop, its globals and its modules. Two of them share no value but JavaScript's own. */
export class Instance {
  readonly loop: EventLoop;
  readonly runtime: Runtime;
  readonly loader: Loader;
  readonly core: CoreModules;
  readonly process: Events.EventEmitter & Record<string, unknown>;

  constructor(task: Process, library: Library, argv: readonly string[], execArgv: readonly string[]) {
    const loop = new EventLoop(task);
    this.loop = loop;
    const random = task.host.world.random.fork(`node/${task.host.name}/${task.pid}`);
    const scope: Record<string, unknown> = {};
    const runtime: Runtime = {
      task,
      loop,
      random,
      timers: timerFunctions(loop),
      scope,
      stackOf: (error) => cleanStack(error, task.files),
      core: <T>(name: string) => core.get(name) as T,
    };
    this.runtime = runtime;
    const core = new CoreModules(runtime, library.packages, library.scopeNames);
    this.core = core;
    this.loader = new Loader(runtime, core, library);
    fillScope(runtime);
    this.process = processObject(runtime, argv, execArgv);
    scope["process"] = this.process;
    addStandardStreams(runtime, this.process);
    scope["console"] = core.get("console");
    for (const name of ["process", "console"]) define(scope["globalThis"] as object, name, scope[name]);
    loop.onError = (error, origin) => this.fail(error, origin);
  }

  /** What nobody has caught: the program's own listener has it, or the process ends with a report. */
  private fail(error: unknown, origin: "uncaughtException" | "unhandledRejection"): void {
    const { process, loop, runtime } = this;
    if (origin === "unhandledRejection" && process.emit("unhandledRejection", error, Promise.resolve()))
      return;
    process.emit("uncaughtExceptionMonitor", error, origin);
    if (process.emit("uncaughtException", error, origin)) return;
    runtime.task.stderr.write(`${fatalReport(error, origin, runtime)}\n\nNode.js ${NODE_VERSION}\n`);
    loop.exit(1);
  }
}

/** The names that are there without being asked for, on the lab's clock and with the lab's chance. */
function fillScope(runtime: Runtime): void {
  const { scope, loop, timers, random, task } = runtime;
  const startedAt = task.startedAt;
  const math = Object.defineProperties({}, Object.getOwnPropertyDescriptors(Math)) as Math;
  const chance = () => (random.uint32() * 2 ** 21 + (random.uint32() >>> 11)) / 2 ** 53;
  Object.defineProperty(math, "random", { value: chance, configurable: true, writable: true });
  const performance = {
    now: () => (loop.now - startedAt) / 1e6,
    timeOrigin: 0,
    mark: () => {},
    measure: () => {},
    toJSON: () => ({}),
  };
  const own = {};
  // Never by assignment to something that inherits from the real one: its accessors would change the host's own process.
  for (const name of STANDARD) define(own, name, (globalThis as unknown as Record<string, unknown>)[name]);
  Object.assign(scope, {
    globalThis: own,
    global: own,
    ...timers,
    queueMicrotask: (callback: () => void) => {
      const guarded = () => {
        try {
          if (!loop.ended) callback();
        } catch (error) {
          loop.tick(() => {
            throw error;
          });
        }
      };
      void Promise.resolve().then(guarded);
    },
    Date: dateOf(loop),
    Math: math,
    performance,
    Intl,
    fetch: refused("fetch"),
    WebSocket: refused("WebSocket (the package ws is there)"),
    AbortSignal,
  });
  scope["Buffer"] = runtime.core<{ Buffer: unknown }>("buffer").Buffer;
  for (const [name, value] of Object.entries(scope)) define(own, name, value);
}

function refused(name: string): () => never {
  return () => {
    throw new Error(`${name} is not supported here`);
  };
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

/** What `globalThis` has in every JavaScript, and Node's in common with browsers. */
const STANDARD = (
  "AbortController AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView DOMException Error EvalError Event EventTarget Float32Array " +
  "Float64Array Function Infinity Int16Array Int32Array Int8Array JSON Map NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer " +
  "String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet " +
  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN parseFloat parseInt structuredClone undefined unescape"
).split(" ");
