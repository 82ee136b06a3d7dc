import type * as Events from "node:events";
import type * as Stream from "node:stream";
import { nodeError } from "../errors.js";
import type { Runtime } from "../runtime.js";

const refusal = (what: string) => () => {
  throw nodeError("ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", `${what} is not supported here`);
};

/** A module of which only the names are there: each says by name that it is not supported. */
export const refusingModule =
  (name: string, functions: readonly string[], rest: object = {}) =>
  (): unknown => ({
    ...Object.fromEntries(functions.map((one) => [one, refusal(`${name}.${one}`)])),
    ...rest,
  });

/** `node:url`. */
export function urlModule({ task }: Runtime): unknown {
  return {
    URL,
    URLSearchParams,
    fileURLToPath: (url: string | URL) => {
      const { protocol, pathname } = new URL(url);
      if (protocol !== "file:")
        throw nodeError("ERR_INVALID_URL_SCHEME", "The URL must be of scheme file", TypeError);
      return decodeURIComponent(pathname);
    },
    pathToFileURL: (path: string) =>
      new URL(`file://${encodeURI(task.files.absolute(path)).replace(/[?#]/g, encodeURIComponent)}`),
    format: (url: URL | Record<string, string>) =>
      url instanceof URL
        ? url.href
        : `${url["protocol"] ?? "http:"}//${url["host"] ?? url["hostname"] ?? ""}${url["pathname"] ?? ""}${url["search"] ?? ""}`,
    parse: refusal("url.parse (use new URL)"),
    resolve: (from: string, to: string) => new URL(to, from).href,
    domainToASCII: (domain: string) => new URL(`ws://${domain}`).hostname,
  };
}

/** `node:querystring`. */
export function querystringModule(): unknown {
  const parse = (text: string, between = "&", equals = "=") => {
    const result: Record<string, string | string[]> = Object.create(null) as Record<
      string,
      string | string[]
    >;
    for (const pair of text.split(between)) {
      if (pair === "") continue;
      const at = pair.indexOf(equals);
      const read = (part: string) => decodeURIComponent(part.replace(/\+/g, " "));
      const [key, value] =
        at < 0 ? [read(pair), ""] : [read(pair.slice(0, at)), read(pair.slice(at + equals.length))];
      const known = result[key];
      result[key] = known === undefined ? value : [...[known].flat(), value];
    }
    return result;
  };
  const stringify = (fields: Record<string, unknown>, between = "&", equals = "=") =>
    Object.entries(fields)
      .flatMap(([key, value]) =>
        [value]
          .flat()
          .map((one) => `${encodeURIComponent(key)}${equals}${encodeURIComponent(String(one ?? ""))}`),
      )
      .join(between);
  return {
    parse,
    decode: parse,
    stringify,
    encode: stringify,
    escape: encodeURIComponent,
    unescape: decodeURIComponent,
  };
}

/** `node:diagnostics_channel`: nobody listens, so that publishers find no one. */
export function diagnosticsChannelModule(): unknown {
  const channel = (name: string) => ({
    name,
    hasSubscribers: false,
    publish: () => {},
    subscribe: refusal("diagnostics_channel.subscribe"),
    unsubscribe: () => false,
  });
  return {
    channel,
    hasSubscribers: () => false,
    subscribe: refusal("diagnostics_channel.subscribe"),
    unsubscribe: () => false,
  };
}

/** `node:async_hooks`: classes that keep nothing over a wait. */
export function asyncHooksModule(): unknown {
  class AsyncResource {
    runInAsyncScope(run: (...args: unknown[]) => unknown, self?: unknown, ...args: unknown[]): unknown {
      return run.apply(self, args);
    }
    emitDestroy(): this {
      return this;
    }
    static bind<T>(run: T): T {
      return run;
    }
  }
  return {
    AsyncResource,
    AsyncLocalStorage: class {
      constructor() {
        refusal("AsyncLocalStorage")();
      }
    },
    executionAsyncId: () => 1,
    createHook: refusal("async_hooks.createHook"),
  };
}

/** `node:tty`. */
export function ttyModule({ task }: Runtime): unknown {
  return { isatty: (fd: number) => fd <= 2 && task.tty, ReadStream: class {}, WriteStream: class {} };
}

/** `node:stream`, with `promises`, as a function that is the old Stream class. */
export function streamModule(_: Runtime, base: typeof Stream): unknown {
  return base;
}

/** `node:events` with what npm's copy has not. */
export function eventsModule(_: Runtime, base: typeof Events): unknown {
  const Emitter = base as unknown as Record<string | symbol, unknown>;
  const once = Emitter["once"];
  return Object.assign(base, {
    EventEmitter: base,
    default: base,
    errorMonitor: Symbol.for("events.errorMonitor"),
    captureRejectionSymbol: Symbol.for("nodejs.rejection"),
    captureRejections: false,
    once,
    getEventListeners: (emitter: Events.EventEmitter, name: string) => emitter.listeners(name),
    getMaxListeners: (emitter: Events.EventEmitter) => emitter.getMaxListeners?.() ?? 10,
    setMaxListeners: (count: number, ...emitters: Events.EventEmitter[]) => {
      for (const emitter of emitters) emitter.setMaxListeners?.(count);
    },
    on: eventIterator,
  });
}

/** `events.on`: the events as they come. */
async function* eventIterator(emitter: Events.EventEmitter, name: string): AsyncGenerator<unknown[]> {
  const waiting: unknown[][] = [];
  let wake: (() => void) | null = null;
  let failure: { readonly error: unknown } | null = null;
  const hear = (...args: unknown[]) => {
    waiting.push(args);
    wake?.();
  };
  const fail = (error: unknown) => {
    failure = { error };
    wake?.();
  };
  emitter.on(name, hear);
  if (name !== "error") emitter.on("error", fail);
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (failure !== null) throw (failure as { error: unknown }).error;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    emitter.off(name, hear);
    emitter.off("error", fail);
  }
}

/** `node:buffer` with what npm's copy has not. */
export function bufferModule(_: Runtime, base: { Buffer: BufferConstructor }): unknown {
  const { Buffer } = base;
  const from = Buffer.from.bind(Buffer) as unknown as (value: unknown, ...rest: unknown[]) => Buffer;
  const toUrl = (text: string) => text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const own = Buffer as unknown as { from: unknown; isEncoding: (name: string) => boolean };
  const isEncoding = own.isEncoding.bind(Buffer);
  own.from = (value: unknown, encoding?: unknown, length?: unknown) =>
    encoding === "base64url" && typeof value === "string"
      ? from(value.replace(/-/g, "+").replace(/_/g, "/"), "base64")
      : from(value, encoding, length);
  own.isEncoding = (name) => name === "base64url" || isEncoding(name);
  const { toString: plain } = Buffer.prototype;
  Buffer.prototype.toString = function (encoding?: string, start?: number, end?: number) {
    return encoding === "base64url"
      ? toUrl(plain.call(this, "base64", start, end))
      : plain.call(this, encoding as BufferEncoding, start, end);
  };
  const decodes = (bytes: Uint8Array) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  return Object.assign(base, {
    isUtf8: decodes,
    isAscii: (bytes: Uint8Array) => bytes.every((byte) => byte < 128),
    constants: { MAX_LENGTH: 2 ** 53 - 1, MAX_STRING_LENGTH: 2 ** 29 - 24 },
    atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
    btoa: (text: string) => Buffer.from(text, "latin1").toString("base64"),
  });
}

/** `node:perf_hooks`. */
export function perfHooksModule({ scope }: Runtime): unknown {
  return {
    performance: scope["performance"],
    PerformanceObserver: class {
      observe(): void {
        refusal("PerformanceObserver")();
      }
    },
  };
}

/** `node:module`, as far as `createRequire` is not asked for. */
export function moduleModule(): unknown {
  return { builtinModules: [], createRequire: refusal("module.createRequire"), isBuiltin: () => false };
}
