import { formatWith, type Show } from "../../../base/inspect/format.js";
import { type InspectOptions, inspect } from "../../../base/inspect/inspect.js";
import { formatTable } from "../../../base/inspect/table.js";
import type { Runtime } from "../runtime.js";

/** `console`: text on the process's streams at once. */
export function consoleModule(runtime: Runtime): unknown {
  const { task, loop, stackOf } = runtime;
  let indent = "";
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  const print = (stream: "stdout" | "stderr", text: string) => {
    if (loop.ended) return;
    task[stream].write(`${indent === "" ? text : text.replace(/^/gm, indent)}\n`);
  };
  const show: Show = (value, options) => inspect(value, options, stackOf);
  const formatLine = (args: readonly unknown[]) => formatWith(show, args);
  const out = (...args: unknown[]) => print("stdout", formatLine(args));
  const err = (...args: unknown[]) => print("stderr", formatLine(args));
  const group = (...args: unknown[]) => {
    if (args.length > 0) out(...args);
    indent += "  ";
  };
  const elapsed = (label: string) => {
    const span = (loop.now - timers.get(label)!) / 1e6;
    return span >= 1000 ? `${(span / 1000).toFixed(3)}s` : `${Number(span.toFixed(3))}ms`;
  };
  const known = {
    log: out,
    info: out,
    debug: out,
    error: err,
    warn: err,
    trace: (...args: unknown[]) => {
      const error = new Error(formatLine(args));
      error.name = "Trace";
      err(stackOf(error));
    },
    dir: (value: unknown, options: InspectOptions = {}) =>
      print("stdout", show(value, { customInspect: false, ...options })),
    dirxml: out,
    assert: (condition: unknown, ...args: unknown[]) => {
      if (condition) return;
      if (typeof args[0] === "string") err(`Assertion failed: ${args[0]}`, ...args.slice(1));
      else err("Assertion failed", ...args);
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      out(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => counts.delete(label),
    time: (label = "default") => timers.set(label, loop.now),
    timeLog: (label = "default", ...args: unknown[]) => out(`${label}: ${elapsed(label)}`, ...args),
    timeEnd: (label = "default") => {
      if (!timers.has(label)) return;
      out(`${label}: ${elapsed(label)}`);
      timers.delete(label);
    },
    table: (value: unknown, columns?: readonly string[]) =>
      print("stdout", formatTable(value, columns, show) ?? formatLine([value])),
    clear: () => {},
  };
  return known;
}
