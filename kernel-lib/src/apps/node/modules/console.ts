import type { Runtime } from "../runtime.js";
import { formatLine } from "../util/format.js";
import { type InspectOptions, inspect } from "../util/inspect.js";

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
  const out = (...args: unknown[]) => print("stdout", formatLine(args, stackOf));
  const err = (...args: unknown[]) => print("stderr", formatLine(args, stackOf));
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
      const error = new Error(formatLine(args, stackOf));
      error.name = "Trace";
      err(stackOf(error));
    },
    dir: (value: unknown, options: InspectOptions = {}) =>
      print("stdout", inspect(value, { customInspect: false, ...options }, stackOf)),
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
      print(
        "stdout",
        tableText(value, columns, (cell) => inspect(cell, { depth: 0 }, stackOf)) ??
          formatLine([value], stackOf),
      ),
    clear: () => {},
  };
  return known;
}

/** The box that `console.table` draws; null for what is no table. */
function tableText(
  value: unknown,
  columns: readonly string[] | undefined,
  show: (value: unknown) => string,
): string | null {
  if (typeof value !== "object" || value === null) return null;
  const rows = value instanceof Map ? [...value] : Object.entries(value);
  const names = columns ?? [
    ...new Set(rows.flatMap(([, row]) => (typeof row === "object" && row !== null ? Object.keys(row) : []))),
  ];
  const plain = rows.some(([, row]) => typeof row !== "object" || row === null);
  const head = ["(index)", ...names, ...(plain ? ["Values"] : [])];
  const body = rows.map(([key, row]) => {
    const record = typeof row === "object" && row !== null ? (row as Record<string, unknown>) : null;
    const cells = names.map((name) =>
      record !== null && Object.hasOwn(record, name) ? show(record[name]) : "",
    );
    return [String(key), ...cells, ...(plain ? [record === null ? show(row) : ""] : [])];
  });
  const widths = head.map((name, i) => Math.max(name.length, ...body.map((row) => row[i]!.length)) + 2);
  const line = (cells: readonly string[]) =>
    `│${cells.map((cell, i) => ` ${cell.padEnd(widths[i]! - 1)}`).join("│")}│`;
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width)).join(middle)}${right}`;
  return [rule("┌", "┬", "┐"), line(head), rule("├", "┼", "┤"), ...body.map(line), rule("└", "┴", "┘")].join(
    "\n",
  );
}
