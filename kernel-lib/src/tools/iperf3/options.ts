import { readLongOptions } from "../net/long-options.js";
import { ToolExit } from "../tool-exit.js";
import { IPERF_USAGE } from "./usage.js";

/** What iperf3 was asked for. */
export interface IperfOptions {
  server: boolean;
  /** The server's name; null for a server. */
  host: string | null;
  port: number;
  bind: string | null;
  oneOff: boolean;
  daemon: boolean;
  udp: boolean;
  reverse: boolean;
  /** Bits a second; 0 for as many as will go. */
  rate: number;
  /** Seconds; 0 when bytes or blocks end the test. */
  time: number;
  bytes: number;
  blocks: number;
  /** Bytes of a block or datagram; 0 for the default. */
  length: number;
  /** Seconds between reports; 0 for none. */
  interval: number;
  streams: number;
  maximumSegment: number;
  noDelay: boolean;
  /** Unit of rates: `a` for the one that fits. */
  format: string;
}

const LETTERS: Readonly<Record<string, string>> = {
  s: "server",
  c: "client",
  p: "port",
  f: "format",
  i: "interval",
  D: "daemon",
  "1": "one-off",
  B: "bind",
  u: "udp",
  b: "bitrate",
  t: "time",
  n: "bytes",
  k: "blockcount",
  l: "length",
  P: "parallel",
  R: "reverse",
  M: "set-mss",
  N: "no-delay",
  "4": "version4",
  h: "help",
  v: "version",
  V: "verbose",
  J: "json",
  d: "debug",
  I: "pidfile",
  A: "affinity",
  w: "window",
  C: "congestion",
  "6": "version6",
  S: "tos",
  L: "flowlabel",
  Z: "zerocopy",
  O: "omit",
  T: "title",
  F: "file",
  X: "xbind",
};

const VALUED = [
  ..."client port format interval bind bitrate bandwidth time timestamps title time-skew-threshold bytes blockcount length parallel set-mss".split(
    " ",
  ),
  ..."pidfile affinity window congestion tos flowlabel omit file xbind logfile cport dscp extra-data".split(
    " ",
  ),
  ..."connect-timeout rcv-timeout snd-timeout fq-rate bind-dev pacing-timer username".split(" "),
];

const PLAIN = [
  ..."server daemon one-off udp reverse no-delay version4 help version verbose json debug version6 zerocopy".split(
    " ",
  ),
  ..."bidir get-server-output udp-counters-64bit repeating-payload dont-fragment forceflush".split(" "),
];

const LONG: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...VALUED.map((name) => [name, true]),
  ...PLAIN.map((name) => [name, false]),
]);

/** Options that only a client, or only a server, may have. */
const CLIENT_ONLY = new Set(
  "udp bitrate bandwidth time timestamps title time-skew-threshold bytes blockcount length parallel reverse set-mss no-delay".split(
    " ",
  ),
);
const SERVER_ONLY = new Set(["daemon", "one-off"]);

function parameterError(text: string): ToolExit {
  return new ToolExit(1, `iperf3: parameter error - ${text}\n\n`, IPERF_USAGE);
}

/** A number with K, M, G or T behind it (unit_atof): powers of 1024 for bytes, of 1000 for rates. */
function readUnits(text: string, step: number): number {
  const [, digits, unit = ""] = /^([\d.]+)([kmgt]?)/i.exec(text) ?? [];
  if (digits === undefined) return 0;
  return Number(digits) * step ** " kmgt".indexOf(unit === "" ? " " : unit.toLowerCase());
}

/** atoi(3): what is no number is 0. */
function readInteger(text: string): number {
  return Number(/^[+-]?\d+/.exec(text)?.[0] ?? 0);
}

type Setter = (options: IperfOptions, value: string) => void;

const SETTERS: Readonly<Record<string, Setter>> = {
  server: (options) => {
    if (options.host !== null) throw parameterError("cannot be both server and client");
    options.server = true;
  },
  client: (options, value) => {
    if (options.server) throw parameterError("cannot be both server and client");
    options.host = value;
  },
  port: (options, value) => {
    options.port = readInteger(value);
    if (options.port < 1 || options.port > 65535)
      throw parameterError("port number must be between 1 and 65535 inclusive");
  },
  format: (options, value) => {
    if (!/^[kmgt]$/i.test(value[0] ?? ""))
      throw parameterError("bad format specifier (valid formats are in the set [kmgtKMGT])");
    options.format = value[0]!;
  },
  interval: (options, value) => {
    const interval = Number.parseFloat(value) || 0;
    if (interval !== 0 && (interval < 0.1 || interval > 60))
      throw parameterError("invalid report interval (min = 0.1, max = 60 seconds)");
    options.interval = interval;
  },
  daemon: (options) => {
    options.daemon = true;
  },
  "one-off": (options) => {
    options.oneOff = true;
  },
  bind: (options, value) => {
    options.bind = value;
  },
  udp: (options) => {
    options.udp = true;
  },
  bitrate: (options, value) => {
    if (value.includes("/")) throw unsupported("bitrate with a burst");
    options.rate = readUnits(value, 1000);
  },
  bandwidth: (options, value) => {
    options.rate = readUnits(value, 1000);
  },
  time: (options, value) => {
    options.time = readInteger(value);
    if (options.time > 86400) throw parameterError("test duration too long (maximum = 86400 seconds)");
  },
  bytes: (options, value) => {
    options.bytes = Math.floor(readUnits(value, 1024));
  },
  blockcount: (options, value) => {
    options.blocks = Math.floor(readUnits(value, 1024));
  },
  length: (options, value) => {
    options.length = Math.floor(readUnits(value, 1024));
  },
  parallel: (options, value) => {
    options.streams = readInteger(value);
    if (options.streams > 128) throw parameterError("number of parallel streams too large (maximum = 128)");
  },
  reverse: (options) => {
    options.reverse = true;
  },
  "set-mss": (options, value) => {
    options.maximumSegment = readInteger(value);
    if (options.maximumSegment > 9216) throw parameterError("TCP MSS too large (maximum = 9216 bytes)");
  },
  "no-delay": (options) => {
    options.noDelay = true;
  },
  version4: () => {},
  help: () => {
    throw new ToolExit(0, "", IPERF_USAGE);
  },
};

function unsupported(option: string): ToolExit {
  return new ToolExit(1, `iperf3: option ${option} is not supported here\n`);
}

/** Default rate of a UDP test, 1 Mbit/s. */
const UDP_RATE = 1_000_000;
const DURATION = 10;

/** Reads a command line; throws {@link ToolExit} in iperf3's words. `release`: the kernel's, for -v. */
export function readIperfOptions(argv: readonly string[], system: string): IperfOptions {
  const found = readLongOptions(argv.slice(1), { long: LONG, letters: LETTERS }, "iperf3");
  if ("refusal" in found) throw new ToolExit(1, found.refusal + IPERF_USAGE);
  const options: IperfOptions = {
    server: false,
    host: null,
    port: 5201,
    bind: null,
    oneOff: false,
    daemon: false,
    udp: false,
    reverse: false,
    rate: -1,
    time: -1,
    bytes: 0,
    blocks: 0,
    length: 0,
    interval: 1,
    streams: 1,
    maximumSegment: 0,
    noDelay: false,
    format: "a",
  };
  const given = new Set(found.options.map(([name]) => name));
  for (const [name, value] of found.options) {
    if (name === "version") throw version(system);
    const set = SETTERS[name];
    if (set === undefined) throw unsupported(`--${name}`);
    set(options, value);
  }
  check(options, given);
  return options;
}

function check(options: IperfOptions, given: ReadonlySet<string>): void {
  if (!options.server && options.host === null)
    throw parameterError("must either be a client (-c) or server (-s)");
  const misplaced = [...given].some((name) => (options.server ? CLIENT_ONLY : SERVER_ONLY).has(name));
  if (misplaced)
    throw parameterError(`some option you are trying to set is ${options.server ? "client" : "server"} only`);
  const ends = [options.time > 0, options.bytes > 0, options.blocks > 0].filter(Boolean).length;
  if (ends > 1) throw parameterError("only one test end condition (-t, -n, -k) may be specified");
  if (options.time < 0) options.time = ends === 0 ? DURATION : 0;
  if (options.rate < 0) options.rate = options.udp ? UDP_RATE : 0;
  checkLength(options);
}

function checkLength({ udp, length, rate, time, bytes, blocks }: IperfOptions): void {
  if (udp && length !== 0 && (length < 16 || length > 65507))
    throw parameterError("block size invalid (minimum = 16 bytes, maximum = 65507 bytes)");
  if (length > 1048576) throw parameterError("block size too large (maximum = 1048576 bytes)");
  if (udp && rate === 0) throw unsupported("-b 0 for UDP");
  if (time === 0 && bytes === 0 && blocks === 0) throw unsupported("-t 0");
}

function version(system: string): ToolExit {
  return new ToolExit(
    0,
    "",
    `iperf 3.12 (cJSON 1.7.15)\n${system}\nOptional features available: CPU affinity setting, IPv6 flow label, SCTP, TCP congestion algorithm setting, ` +
      "sendfile / zerocopy, socket pacing, authentication, bind to device, support IPv4 don't fragment\n",
  );
}
