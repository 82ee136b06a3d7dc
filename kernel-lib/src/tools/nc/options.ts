import { getopt, optionComplaint } from "../options.js";
import { ToolExit } from "../tool-exit.js";

/** What an nc command line asks for. */
export interface NcOptions {
  listen: boolean;
  keep: boolean;
  udp: boolean;
  numeric: boolean;
  verbose: boolean;
  scan: boolean;
  /** -N: shut the connection for writing at the end of standard input. */
  shutdown: boolean;
  /** -q: seconds after the end of standard input at which it quits; null for never. */
  quitAfter: number | null;
  /** -w: seconds that a connect or a silence may last; null for no limit. */
  timeout: number | null;
  sourcePort: number;
  source: string | null;
  /** Empty: any. */
  host: string;
  readonly ports: number[];
}

const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`;
const LETTERS = "46bCDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz";

function fail(text: string): ToolExit {
  return new ToolExit(1, `nc: ${text}\n`);
}

/** Reads a command line; throws {@link ToolExit} in netcat's words. */
export function parseNc(argv: readonly string[]): NcOptions {
  const found = getopt(argv.slice(1), LETTERS);
  if ("error" in found) throw new ToolExit(1, optionComplaint("nc", found) + USAGE);
  const options: NcOptions = {
    listen: false,
    keep: false,
    udp: false,
    numeric: false,
    verbose: false,
    scan: false,
    shutdown: false,
    quitAfter: null,
    timeout: null,
    sourcePort: 0,
    source: null,
    host: "",
    ports: [],
  };
  for (const [letter, value] of found.options) set(options, letter, value);
  place(options, found.operands);
  return options;
}

function set(options: NcOptions, letter: string, value: string): void {
  switch (letter) {
    case "l":
      options.listen = true;
      return;
    case "k":
      options.keep = true;
      return;
    case "u":
      options.udp = true;
      return;
    case "n":
      options.numeric = true;
      return;
    case "v":
      options.verbose = true;
      return;
    case "z":
      options.scan = true;
      return;
    case "N":
      options.shutdown = true;
      return;
    case "q":
      options.quitAfter = quitTime(value);
      return;
    case "w":
      options.timeout = number(value, "timeout", 2_147_483);
      return;
    case "p":
      options.sourcePort = port(value);
      return;
    case "s":
      options.source = value;
      return;
    // All addresses are IPv4 here.
    case "4":
      return;
    case "h":
      throw new ToolExit(0, `OpenBSD netcat (Debian patchlevel 1.219-1)\n${USAGE}`);
    default:
      throw fail(`option -${letter} is not supported here`);
  }
}

/** A negative time means never, as without -q. */
function quitTime(value: string): number | null {
  if (/^-\d+$/.test(value)) return null;
  return number(value, "quit timer", 2_147_483_647);
}

/** strtonum(3) and what netcat says about it. */
function number(value: string, what: string, most: number): number {
  if (!/^-?\d+$/.test(value)) throw fail(`${what} invalid: ${value}`);
  if (Number(value) < 0) throw fail(`${what} too small: ${value}`);
  if (Number(value) > most) throw fail(`${what} too large: ${value}`);
  return Number(value);
}

function port(value: string): number {
  const found = number(value, "port number", 65_535);
  if (found === 0) throw fail(`port number too small: ${value}`);
  return found;
}

/** Destination and ports: `HOST PORT`, `-l PORT`, `-l HOST PORT`, `-l -p PORT`; a range `20-25` is for clients. */
function place(options: NcOptions, operands: readonly string[]): void {
  if (operands.length === 0 && !options.listen) throw new ToolExit(1, USAGE);
  if (operands.length > 2) throw new ToolExit(1, USAGE);
  if (options.listen && options.scan) throw fail("cannot use -z and -l");
  if (options.keep && !options.listen) throw fail("must use -l with -k");
  const [first, second] = operands;
  if (options.listen && second === undefined) {
    if (first !== undefined && options.sourcePort === 0) options.ports.push(port(first));
    else if (options.sourcePort !== 0) {
      options.host = first ?? "";
      options.ports.push(options.sourcePort);
    } else throw fail("missing port number");
    return;
  }
  options.host = first ?? "";
  if (second === undefined) throw fail("missing port number");
  const range = /^([^-]+)-(.+)$/.exec(second);
  if (range === null) options.ports.push(port(second));
  else {
    const [low, high] = [port(range[1]!), port(range[2]!)].sort((a, b) => a - b) as [number, number];
    for (let at = low; at <= high; at++) options.ports.push(at);
  }
}
