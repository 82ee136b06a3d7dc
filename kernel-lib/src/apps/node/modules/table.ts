import type { Runtime } from "../runtime.js";
import { types } from "../util/types.js";
import { assertModule } from "./assert.js";
import { consoleModule } from "./console.js";
import { cryptoModule } from "./crypto.js";
import { dnsModule } from "./dns.js";
import { fsModule } from "./fs.js";
import { httpModule } from "./http.js";
import { netModule } from "./net.js";
import { osModule } from "./os.js";
import { pathModule } from "./path.js";
import {
  asyncHooksModule,
  bufferModule,
  diagnosticsChannelModule,
  eventsModule,
  moduleModule,
  perfHooksModule,
  querystringModule,
  refusingModule,
  streamModule,
  ttyModule,
  urlModule,
} from "./small.js";
import { timersModule, timersPromises } from "./timers.js";
import { utilModule } from "./util.js";

/** Makes a module; `base` is what a package of that name exports, where there is one. */
export type CoreModule = (runtime: Runtime, base: never) => unknown;

/** The part of a module that has a name of its own: `node:fs/promises`. */
const part =
  (module: string, name: string): CoreModule =>
  (runtime) =>
    runtime.core<Record<string, unknown>>(module)[name];

/** Node's modules by name. */
export const CORE_MODULES: Readonly<Record<string, CoreModule>> = {
  assert: assertModule,
  "assert/strict": (runtime) => runtime.core("assert"),
  async_hooks: asyncHooksModule,
  buffer: bufferModule,
  console: consoleModule,
  crypto: cryptoModule,
  diagnostics_channel: diagnosticsChannelModule,
  dns: dnsModule,
  "dns/promises": part("dns", "promises"),
  events: eventsModule,
  fs: fsModule,
  "fs/promises": part("fs", "promises"),
  http: httpModule,
  https: refusingModule("https", ["request", "get", "createServer"], { Agent: class {}, globalAgent: {} }),
  module: moduleModule,
  net: netModule,
  os: osModule,
  path: pathModule,
  "path/posix": (runtime) => runtime.core("path"),
  perf_hooks: perfHooksModule,
  process: (runtime) => runtime.scope["process"],
  querystring: querystringModule,
  stream: streamModule,
  "stream/promises": part("stream", "promises"),
  timers: timersModule,
  "timers/promises": timersPromises,
  tls: refusingModule("tls", ["connect", "createServer", "createSecureContext"], { TLSSocket: class {} }),
  tty: ttyModule,
  url: urlModule,
  util: utilModule,
  "util/types": () => types,
  zlib: refusingModule(
    "zlib",
    [
      "createGzip",
      "createGunzip",
      "createDeflate",
      "createInflate",
      "createDeflateRaw",
      "createInflateRaw",
      "gzip",
      "gunzip",
      "gzipSync",
      "gunzipSync",
      "deflateSync",
      "inflateSync",
      "brotliCompressSync",
    ],
    { constants: { Z_SYNC_FLUSH: 2, Z_DEFAULT_WINDOWBITS: 15 }, Z_DEFAULT_WINDOWBITS: 15 },
  ),
};

/** Modules that Node has and the lab's has not: asked for, they throw an error that says so. */
export const REFUSED_MODULES: readonly string[] =
  "child_process cluster dgram http2 inspector readline repl sqlite test trace_events v8 vm wasi worker_threads".split(
    " ",
  );
