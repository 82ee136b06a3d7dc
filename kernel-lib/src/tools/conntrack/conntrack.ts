import type { Process, Program } from "../../host/process.js";
import type { Connection } from "../../netfilter/conntrack/connection.js";
import { connectionLine, type LineOptions } from "../../netfilter/conntrack/print.js";
import type { ConntrackStatistics } from "../../netfilter/conntrack/statistics.js";
import { steppedTool, ToolExit, tool } from "../tool-exit.js";
import { type CommandLine, readCommandLine } from "./command-line.js";
import { type Filter, filterOf, unsigned } from "./filter.js";
import { followEvents } from "./follow-events.js";
import { readOutput } from "./output.js";
import { NAME, USAGE, usageError } from "./usage.js";

/**
 * `conntrack` 1.4.7 on the connections of the process's namespace. Refused: -I and -A, xml and labels as output. There are never expectations, dying or
 * unconfirmed entries to show.
 */
export const conntrack: Program = (process) =>
  isEvents(process.argv) ? steppedTool(watch)(process) : tool(run)(process);

/** -E runs until it is interrupted; its other options are read by the real reader. */
function isEvents(argv: readonly string[]): boolean {
  try {
    return readCommandLine(argv.slice(1)).command === "E";
  } catch (error) {
    if (error instanceof ToolExit) return false;
    throw error;
  }
}

function watch(process: Process) {
  const line = readCommandLine(process.argv.slice(1));
  return followEvents(process, line, filterOf(line.options));
}

function run(process: Process): number {
  const line = readCommandLine(process.argv.slice(1));
  switch (line.command) {
    case "L":
      return list(process, line);
    case "G":
      return get(process, line);
    case "D":
      return remove(process, line);
    case "U":
      return update(process, line);
    case "F":
      return flush(process, line);
    case "C":
      process.stdout.write(`${line.table === "conntrack" ? tracker(process).list().length : 0}\n`);
      return 0;
    case "S":
      process.stdout.write(statisticsText(tracker(process).statistics));
      return 0;
    case "V":
      process.stdout.write(`${NAME}\n`);
      return 0;
    case "I":
    case "A":
      throw usageError(`-${line.command} is not supported here`);
    default:
      process.stdout.write(USAGE);
      return 0;
  }
}

function tracker(process: Process) {
  return process.netns.netfilter.conntrack;
}

function say(process: Process, text: string): void {
  process.stderr.write(`${NAME}: ${text}\n`);
}

function print(process: Process, connections: readonly Connection[], options: LineOptions): void {
  const { now } = process.host.world.scheduler;
  for (const connection of connections) process.stdout.write(`${connectionLine(connection, now, options)}\n`);
}

function list(process: Process, line: CommandLine): number {
  const filter = filterOf(line.options);
  const output = readOutput(line.options);
  if (line.table === "expect") {
    say(process, "0 expectations have been shown.");
    return 0;
  }
  const found = line.table === "conntrack" ? tracker(process).list().filter(filter) : [];
  print(process, found, output);
  if (line.options.some(({ key }) => key === "z")) for (const connection of found) zero(connection);
  say(process, `${found.length} flow entries have been shown.`);
  return 0;
}

function zero({ traffic }: Connection): void {
  for (const counter of traffic ?? []) {
    counter.packets = 0;
    counter.bytes = 0;
  }
}

/** One entry, by a whole tuple. */
function get(process: Process, line: CommandLine): number {
  const given = (key: string) => line.options.find((option) => option.key === key)?.value ?? null;
  const protocol = given("p");
  if (protocol === null) throw usageError("You need to supply the `--protonum' option for this command");
  if (given("s") === null || given("d") === null) throw usageError("you have to specify `--src' and `--dst'");
  const found = tracker(process).list().filter(filterOf(line.options));
  if (found.length !== 1) throw new ToolExit(1, `${NAME}: Operation failed: such conntrack doesn't exist\n`);
  print(process, found, readOutput(line.options));
  say(process, "1 flow entries have been shown.");
  return 0;
}

function remove(process: Process, line: CommandLine): number {
  const found = tracker(process).list().filter(filterOf(line.options));
  print(process, found, readOutput(line.options));
  for (const connection of found) tracker(process).remove(connection, process.pid);
  say(process, `${found.length} flow entries have been deleted.`);
  return found.length === 0 ? 1 : 0;
}

/** Sets what -m and -t say on the entries that the other options name. */
function update(process: Process, line: CommandLine): number {
  const { now } = process.host.world.scheduler;
  const filter: Filter = filterOf(line.options.filter(({ key }) => key !== "m"));
  const found = tracker(process).list().filter(filter);
  for (const connection of found) {
    for (const { key, value } of line.options) {
      if (key === "t") connection.expiresAt = now + unsigned(value!) * 1e9;
      if (key !== "m") continue;
      const [mark = 0, mask = 0xffffffff] = value!.split("/").map(unsigned);
      connection.mark = ((connection.mark & ~mask) ^ mark) >>> 0;
    }
    tracker(process).changed(connection, process.pid);
  }
  print(process, found, readOutput(line.options));
  say(process, `${found.length} flow entries have been updated.`);
  return found.length === 0 ? 1 : 0;
}

function flush(process: Process, line: CommandLine): number {
  if (line.table === "expect") {
    say(process, "expectation table has been emptied.");
    return 0;
  }
  for (const connection of tracker(process).list()) tracker(process).remove(connection, process.pid);
  say(process, "connection tracking table has been emptied.");
  return 0;
}

/** One line a processor: all packets are counted on the first. */
function statisticsText(statistics: ConntrackStatistics): string {
  const names = Object.keys(statistics) as (keyof ConntrackStatistics)[];
  const line = (cpu: number) =>
    `cpu=${cpu}   \t${names.map((name) => `${name}=${cpu === 0 ? statistics[name] : 0} `).join("")}\n`;
  return line(0) + line(1);
}
