import { format } from "../../base/inspect/format.js";
import { type InspectOptions, inspect } from "../../base/inspect/inspect.js";
import { formatTable } from "../../base/inspect/table.js";

export type Print = (stream: "stdout" | "stderr", text: string) => void;

type Method = (...given: unknown[]) => void;

/** The `console` of a cell: what it prints is what Node prints for the same call. Divergence: `time` and `timeEnd` print nothing, since a cell's outputs are the same each time. */
export function cellConsole(print: Print): Record<string, Method> {
  let indent = "";
  const counts = new Map<string, number>();
  const write = (stream: "stdout" | "stderr", text: string) =>
    print(stream, `${indent}${indent === "" ? text : text.replaceAll("\n", `\n${indent}`)}\n`);
  const out: Method = (...given) => write("stdout", format(...given));
  const err: Method = (...given) => write("stderr", format(...given));
  const nothing: Method = () => undefined;
  const group: Method = (...given) => {
    if (given.length > 0) out(...given);
    indent += "  ";
  };
  return {
    ...{
      log: out,
      info: out,
      debug: out,
      dirxml: out,
      warn: err,
      error: err,
      time: nothing,
      timeEnd: nothing,
    },
    ...{ timeLog: nothing, group, groupCollapsed: group },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    dir: (value, options) => write("stdout", inspect(value, (options ?? {}) as InspectOptions)),
    table: (data, columns) => {
      const table = formatTable(data, columns as readonly string[] | undefined);
      if (table === null) out(data);
      else write("stdout", table);
    },
    trace: (...given) => write("stderr", `Trace: ${format(...given)}`.trimEnd()),
    assert: (holds, ...given) => {
      if (!holds)
        write("stderr", given.length > 0 ? `Assertion failed: ${format(...given)}` : "Assertion failed");
    },
    count: (label = "default") => {
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      write("stdout", `${label}: ${count}`);
    },
    countReset: (label = "default") => void counts.delete(String(label)),
  };
}
