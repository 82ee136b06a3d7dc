import { getopt, optionComplaint } from "../options.js";
import { ToolExit } from "../tool-exit.js";
import { PING_USAGE } from "./usage.js";

/** What iputils' ping was asked for. Times in seconds. */
export interface PingOptions {
  readonly count: number | null;
  readonly interval: number;
  readonly timeout: number;
  readonly deadline: number | null;
  readonly size: number;
  readonly ttl: number | null;
  readonly tos: number;
  readonly mtuDiscovery: "do" | "want" | "dont";
  readonly bind: string | null;
  readonly quiet: boolean;
  readonly numeric: boolean;
  readonly stamps: boolean;
  readonly outstanding: boolean;
  readonly broadcast: boolean;
  readonly destination: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function readInteger(text: string, least: number, most: number | string): number {
  if (!/^-?\d+$/.test(text)) throw new ToolExit(1, `ping: invalid argument: '${text}'\n`);
  const value = Number(text);
  if (value < least || value > Number(most)) {
    throw new ToolExit(1, `ping: invalid argument: '${text}': out of range: ${least} <= value <= ${most}\n`);
  }
  return value;
}

function readSeconds(text: string, option: string): number {
  if (option === "linger time" && /^-(?=\.?\d)/.test(text))
    throw new ToolExit(2, `ping: bad ${option}: ${text}\n`);
  if (!/^\d*\.?\d*$/.test(text) || text === "" || text === ".")
    throw new ToolExit(1, `ping: bad ${option}: ${text}\n`);
  return Number(text);
}

const LETTERS: Readonly<Record<string, (options: Mutable<PingOptions>, value: string) => void>> = {
  "4": () => undefined,
  c: (options, value) => {
    options.count = readInteger(value, 1, "9223372036854775807");
  },
  i: (options, value) => {
    options.interval = readSeconds(value, "timing interval");
  },
  W: (options, value) => {
    options.timeout = readSeconds(value, "linger time");
  },
  w: (options, value) => {
    options.deadline = readInteger(value, 0, 2147483647);
  },
  s: (options, value) => {
    options.size = readInteger(value, 0, 2147483647);
  },
  t: (options, value) => {
    options.ttl = readInteger(value, 0, 255);
  },
  Q: (options, value) => {
    options.tos = Number(value);
  },
  I: (options, value) => {
    options.bind = value;
  },
  q: (options) => {
    options.quiet = true;
  },
  n: (options) => {
    options.numeric = true;
  },
  D: (options) => {
    options.stamps = true;
  },
  O: (options) => {
    options.outstanding = true;
  },
  b: (options) => {
    options.broadcast = true;
  },
  M: (options, value) => {
    if (value !== "do" && value !== "want" && value !== "dont")
      throw new ToolExit(2, `ping: invalid -M argument: ${value}\n`);
    options.mtuDiscovery = value;
  },
};

/** iputils' own list of options. */
const KNOWN = "h?4bRT:6F:N:aABc:dDe:fHi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:";

/** Reads the command line of iputils' ping 20221126. */
export function readPingOptions(argv: readonly string[]): PingOptions {
  const found = getopt(argv.slice(1), KNOWN);
  if ("error" in found) throw new ToolExit(2, optionComplaint("ping", found) + PING_USAGE);
  const options: Mutable<PingOptions> = {
    count: null,
    interval: 1,
    timeout: 10,
    deadline: null,
    size: 56,
    ttl: null,
    tos: 0,
    mtuDiscovery: "want",
    bind: null,
    quiet: false,
    numeric: false,
    stamps: false,
    outstanding: false,
    broadcast: false,
    destination: "",
  };
  for (const [letter, value] of found.options) {
    if (letter === "h" || letter === "?") throw new ToolExit(2, PING_USAGE);
    if (letter === "V")
      throw new ToolExit(
        0,
        "",
        "ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n",
      );
    const read = LETTERS[letter];
    if (read === undefined) throw new ToolExit(1, `ping: option -${letter} is not supported here\n`);
    read(options, value);
  }
  const [destination, ...more] = found.operands;
  if (destination === undefined) throw new ToolExit(1, "ping: usage error: Destination address required\n");
  if (more.length > 0) throw new ToolExit(1, "ping: a route of several hosts is not supported here\n");
  return { ...options, destination };
}
