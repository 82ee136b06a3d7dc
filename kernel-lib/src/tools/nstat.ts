import { KernelError } from "../base/errno.js";
import type { Process, Program } from "../host/process.js";
import { getopt, optionComplaint } from "./options.js";
import { ToolExit, tool } from "./tool-exit.js";

const USAGE = `Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]
   -h, --help          this message
   -a, --ignore        ignore history
   -d, --scan=SECS     sample every statistics every SECS
   -j, --json          format output in JSON
   -n, --nooutput      do history only
   -p, --pretty        pretty print
   -r, --reset         reset history
   -s, --noupdate      don't update history
   -t, --interval=SECS report average over the last SECS
   -V, --version       output version information
   -z, --zeros         show entries with zero activity
`;

const LONG = {
  help: "h",
  ignore: "a",
  scan: "d",
  json: "j",
  nooutput: "n",
  pretty: "p",
  reset: "r",
  noupdate: "s",
  interval: "t",
  version: "V",
  zeros: "z",
};

/** Constants of the kernel that are no counters; nstat leaves them out (useless_numbers). */
const USELESS: ReadonlySet<string> = new Set([
  ...[
    "IpForwarding",
    "IpDefaultTTL",
    "TcpRtoAlgorithm",
    "TcpRtoMin",
    "TcpRtoMax",
    "TcpMaxConn",
    "TcpCurrEstab",
  ],
]);

/** Where root's last values lie, as the real tool keeps them. */
const HISTORY = "/tmp/.nstat.u0";

type Counters = ReadonlyMap<string, number>;

/** A file of line pairs, names above values (load_ugly_table). */
function readTable(process: Process, path: string): [string, number][] {
  const rows = process.files.readText(path).trimEnd().split("\n");
  return rows.flatMap((names, at) => {
    if (at % 2 === 1) return [];
    const [group = "", ...columns] = names.split(" ");
    const values = rows[at + 1]!.split(" ").slice(1);
    return columns.map((name, i): [string, number] => [
      `${group.replace(":", "")}${name}`,
      Number(values[i]),
    ]);
  });
}

function readKernel(process: Process): Counters {
  const all = [...readTable(process, "/proc/net/snmp"), ...readTable(process, "/proc/net/netstat")];
  return new Map(all.filter(([name]) => !USELESS.has(name)));
}

/** The last values; none without a file, or where the kernel counts less now than then (another namespace): then the file is stale. */
function readHistory(process: Process, now: Counters): Counters {
  let text: string;
  try {
    text = process.files.readText(HISTORY);
  } catch (error) {
    if (error instanceof KernelError) return new Map();
    throw error;
  }
  const [first = "", ...rows] = text.trimEnd().split("\n");
  if (!first.startsWith("#")) throw new ToolExit(254, "nstat.c:146: error parsing history file\n");
  const then = new Map(rows.map((row) => [row.split(/\s+/)[0]!, Number(row.split(/\s+/)[1])] as const));
  if ([...then].every(([name, value]) => value <= (now.get(name) ?? 0))) return then;
  process.stderr.write("nstat: history is stale, ignoring it.\n");
  return new Map();
}

/** A pattern of the shell; letters of both cases are the same (FNM_CASEFOLD). */
function matcher(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${source.replaceAll("[!", "[^")}$`, "i");
  });
  return (name) => expressions.length === 0 || expressions.some((expression) => expression.test(name));
}

const line = ([name, value]: readonly [string, number]): string =>
  `${name.padEnd(31)} ${`${value}`.padEnd(18)} 0.0\n`;

function json(rows: readonly (readonly [string, number])[], pretty: boolean): string {
  return `${JSON.stringify({ kernel: Object.fromEntries(rows) }, null, pretty ? 4 : 0)}\n`;
}

function readWords(process: Process): { has: (letter: string) => boolean; patterns: readonly string[] } {
  const read = getopt(process.argv.slice(1), "hVaszrnjpd:t:", LONG);
  if ("error" in read) throw new ToolExit(255, optionComplaint("nstat", read) + USAGE);
  const letters = new Set(read.options.map(([letter]) => letter));
  const has = (letter: string) => letters.has(letter);
  if (has("h")) throw new ToolExit(255, USAGE);
  if (has("V")) throw new ToolExit(0, "", "nstat utility, iproute2-6.1.0\n");
  for (const letter of ["d", "t"])
    if (has(letter)) throw new ToolExit(1, `nstat: "-${letter}" is not supported here\n`);
  return { has, patterns: read.operands };
}

/**
 * `nstat` of iproute2 6.1: what the kernel has counted since the last call, whose values lie in a file in /tmp; `-a` since the beginning. The counters of
 * IPv6 are missing, as IPv6 is here; the daemon (`-d`, `-t`) is refused.
 */
export const nstat: Program = tool((process) => {
  const { has, patterns } = readWords(process);
  const now = readKernel(process);
  const wholeFile = has("r") || has("a");
  const then = has("r") ? new Map<string, number>() : readHistory(process, now);
  const matches = matcher(patterns);
  const rows = [...now]
    .map(([name, value]) => [name, wholeFile ? value : value - (then.get(name) ?? 0)] as const)
    .filter(([name, value]) => matches(name) && (value !== 0 || has("z")));
  if (!has("n"))
    process.stdout.write(has("j") ? json(rows, has("p")) : `#kernel\n${rows.map(line).join("")}`);
  if (has("s")) return 0;
  const kept = [...now].map(
    ([name, value]) => [name, matches(name) ? value : (then.get(name) ?? value)] as const,
  );
  process.files.write(HISTORY, `#kernel\n${kept.map(line).join("")}`);
  return 0;
});
