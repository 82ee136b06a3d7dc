import type { Runtime } from "../runtime.js";
import { consoleModule } from "./console.js";
import { netModule } from "./net.js";
import { timersModule } from "./timers.js";
import { utilModule } from "./util.js";

/** Makes a module; `base` is what a package of that name exports, where there is one. */
export type CoreModule = (runtime: Runtime, base: never) => unknown;

/** Node's modules by name. */
export const CORE_MODULES: Readonly<Record<string, CoreModule>> = {
  console: consoleModule,
  net: netModule,
  process: (runtime) => runtime.scope["process"],
  timers: timersModule,
  util: utilModule,
};

/** Modules that Node has and the lab's has not: asked for, they throw an error that says so. */
export const REFUSED_MODULES: readonly string[] = [
  "child_process",
  "cluster",
  "dgram",
  "http2",
  "inspector",
  "repl",
  "sqlite",
  "test",
  "trace_events",
  "v8",
  "vm",
  "wasi",
  "worker_threads",
];
