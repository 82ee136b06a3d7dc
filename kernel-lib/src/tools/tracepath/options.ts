import { tryParseIpv4 } from "../../base/addresses.js";
import { getopt, optionComplaint } from "../options.js";
import { ToolExit } from "../tool-exit.js";
import { TRACEPATH_USAGE } from "./usage.js";

/** What tracepath was asked for. */
export interface TracepathOptions {
  readonly numeric: boolean;
  /** -b: names with their addresses. */
  readonly both: boolean;
  /** Length of the first packet, IPv4 header and all; 0 for the longest that there is. */
  readonly length: number;
  readonly hops: number;
  /** Destination port of the first packet; each further one goes to the next port. */
  readonly port: number;
  readonly destination: string;
}

const BASE_PORT = 44444;
const MOST_HOPS = 30;

const fail = (text: string): ToolExit => new ToolExit(1, `tracepath: ${text}\n`);

/** strtol_or_err of iputils. */
function readInteger(text: string, most: number): number {
  if (!/^[+-]?\d+$/.test(text)) throw fail(`invalid argument: '${text}'`);
  const value = Number(text);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw fail(`invalid argument: '${text}': Numerical result out of range`);
  if (value < 0 || value > most)
    throw fail(`invalid argument: '${text}': out of range: 0 <= value <= ${most}`);
  return value;
}

/** Reads a command line; throws {@link ToolExit} in tracepath's words. */
export function readTracepathOptions(argv: readonly string[]): TracepathOptions {
  const found = getopt(argv.slice(1), "46nbhl:m:p:V");
  if ("error" in found) {
    // It has no long options: of `--help` the second dash is an unknown letter.
    const complaint = found.option.startsWith("-")
      ? "tracepath: invalid option -- '-'\n"
      : optionComplaint("tracepath", found);
    throw new ToolExit(255, complaint + TRACEPATH_USAGE);
  }
  const options = { numeric: false, both: false, length: 0, hops: MOST_HOPS, port: BASE_PORT };
  let family: string | null = null;
  for (const [letter, value] of found.options) {
    if (letter === "4" || letter === "6") {
      if (family !== null && family !== letter)
        throw new ToolExit(2, "tracepath: Only one -4 or -6 option may be specified\n");
      family = letter;
    } else if (letter === "n") options.numeric = true;
    else if (letter === "b") options.both = true;
    else if (letter === "l") options.length = readInteger(value, 2147483647);
    else if (letter === "m") options.hops = readInteger(value, 255);
    else if (letter === "p") options.port = readInteger(value, 65535);
    else if (letter === "V") throw version();
    else throw new ToolExit(255, TRACEPATH_USAGE);
  }
  const [operand, ...more] = found.operands;
  if (operand === undefined || more.length > 0) throw new ToolExit(255, TRACEPATH_USAGE);
  const [destination = "", port] = splitPort(operand);
  if (port !== undefined) options.port = readInteger(port, 65535);
  if (family === "6") throw ipv6(destination);
  return { ...options, destination };
}

/** `HOST/PORT`, the way in which older releases were given the port. */
function splitPort(operand: string): readonly [string, string?] {
  const at = operand.indexOf("/");
  return at < 0 ? [operand] : [operand.slice(0, at), operand.slice(at + 1)];
}

function ipv6(destination: string): ToolExit {
  if (tryParseIpv4(destination) !== null)
    return fail(`${destination}: Address family for hostname not supported`);
  return fail("option -6 is not supported here");
}

function version(): ToolExit {
  return new ToolExit(
    0,
    "",
    "tracepath from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n",
  );
}
