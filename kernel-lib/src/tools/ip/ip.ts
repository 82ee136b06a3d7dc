import type { Process, Program, Steps } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { ipAddress } from "./address/address.js";
import { runBatch } from "./batch.js";
import { ipLink } from "./link/link.js";
import { ipMaddress } from "./maddress.js";
import { ipNeighbour } from "./neighbour/neighbour.js";
import { ipNetns, netnsByName } from "./netns.js";
import { ipRoute } from "./route/route.js";
import { ipRule } from "./rule.js";
import type { IpObject, IpOptions, IpRun } from "./run.js";
import { IP_USAGE } from "./usage.js";
import { incomplete, invalidArgument, matches, unsupported } from "./words.js";

/** The objects in iproute2's order, which decides what an abbreviation means (`ip a`, `ip r`). Null: known, but not modelled. */
const OBJECTS: readonly (readonly [string, IpObject | null])[] = [
  ["address", ipAddress],
  ["addrlabel", null],
  ["maddress", ipMaddress],
  ["route", ipRoute],
  ["rule", ipRule],
  ["neighbor", ipNeighbour],
  ["neighbour", ipNeighbour],
  ["ntable", null],
  ["ntbl", null],
  ["link", ipLink],
  ["l2tp", null],
  ["fou", null],
  ["ila", null],
  ["macsec", null],
  ["tunnel", null],
  ["tunl", null],
  ["tuntap", null],
  ["tap", null],
  ["token", null],
  ["tcpmetrics", null],
  ["tcp_metrics", null],
  ["monitor", null],
  ["xfrm", null],
  ["mroute", null],
  ["mrule", null],
  ["netns", ipNetns],
  ["netconf", null],
  ["vrf", null],
  ["sr", null],
  ["nexthop", null],
  ["mptcp", null],
  ["ioam", null],
  ["help", () => usage()],
  ["stats", null],
];

function usage(): never {
  throw new ToolExit(255, IP_USAGE);
}

/** `ip` of iproute2 6.1.0: address, link, route, neigh, netns, maddress and rule. Other objects and IPv6 tables are refused. */
export const ip: Program = steppedTool(function* (process: Process): Steps<number> {
  const { options, netns, words, all, batch } = readOptions(process);
  const act = (given: readonly string[]) => perform(process, netns, options, all, given);
  return yield* batch === null ? act(words) : runBatch(process, batch, options.force, act);
});

function* perform(
  process: Process,
  netns: Netns,
  options: IpOptions,
  all: boolean,
  words: readonly string[],
): Steps<number> {
  const [name, ...rest] = words;
  if (name === undefined) usage();
  const entry = OBJECTS.find(([object]) => matches(name, object));
  if (entry === undefined) throw new ToolExit(1, `Object "${name}" is unknown, try "ip help".\n`);
  const [object, action] = entry;
  if (action === null) throw unsupported(`object "${object}"`);
  if (all) throw unsupported('option "-all"');
  if (options.json) refuseJson(options, entry[0], rest);
  const result = action(runOf(process, netns, options), rest);
  return typeof result === "number" ? result : yield* result;
}

/** Which listings there are as JSON: those of devices, routes and neighbours, without -d, -br, and once -s. */
function refuseJson(options: IpOptions, object: string, [verb = "show"]: readonly string[]): void {
  const listed = ["link", "address", "route", "neighbor", "neighbour"].includes(object);
  const shows = matches(verb, "show") || matches(verb, "list") || verb === "lst";
  if (!listed || (!shows && ["get", "save"].some((known) => matches(verb, known))))
    throw unsupported(`option "-json" for "${object} ${verb}"`);
  if (options.details || options.brief || options.statistics > 1)
    throw unsupported('option "-json" with -details, -brief or -statistics twice');
}

function runOf(process: Process, netns: Netns, options: IpOptions): IpRun {
  return {
    process,
    netns,
    options,
    now: process.host.world.scheduler.now,
    write: (text) => process.stdout.write(text),
  };
}

/** The options, and the file of `-batch`; null: there is no such option. */
type ReadOptions = Mutable<IpOptions> & { batch: string | null };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What each option does, in the order in which iproute2 compares abbreviations. */
const OPTIONS: readonly (readonly [string, (options: ReadOptions, value: () => string) => void])[] = [
  ["-loops", (_, value) => void value()],
  ["-family", (options, value) => setFamily(options, value())],
  ["-human-readable", () => refuse("-human-readable")],
  ["-iec", () => refuse("-iec")],
  ["-statistics", (options) => void options.statistics++],
  [
    "-details",
    (options) => {
      options.details = true;
    },
  ],
  ["-resolve", () => refuse("-resolve")],
  [
    "-oneline",
    (options) => {
      options.oneline = true;
    },
  ],
  ["-timestamp", () => refuse("-timestamp")],
  ["-tshort", () => refuse("-tshort")],
  ["-Version", version],
  [
    "-force",
    (options) => {
      options.force = true;
    },
  ],
  [
    "-batch",
    (options, value) => {
      options.batch = value();
    },
  ],
  [
    "-brief",
    (options) => {
      options.brief = true;
    },
  ],
  [
    "-json",
    (options) => {
      options.json = true;
    },
  ],
  ["-pretty", () => refuse("-pretty")],
  ["-rcvbuf", (_, value) => void value()],
  ["-help", usage],
  [
    "-Numeric",
    (options) => {
      options.numeric = true;
    },
  ],
  ["-echo", () => refuse("-echo")],
];

function refuse(option: string): never {
  throw unsupported(`option "${option}"`);
}

function version(): never {
  throw new ToolExit(0, "", "ip utility, iproute2-6.1.0, libbpf 1.1.2\n");
}

const FAMILIES: readonly (readonly [string, IpOptions["family"]])[] = [
  ["inet", "inet"],
  ["inet6", "inet6"],
  ["link", "link"],
  ["4", "inet"],
  ["6", "inet6"],
  ["0", "link"],
];

function setFamily(options: Mutable<IpOptions>, word: string): void {
  const family = FAMILIES.find(([name]) => name === word);
  if (family === undefined) throw invalidArgument(word, "invalid protocol family");
  options.family = family[1];
}

interface CommandLine {
  readonly options: IpOptions;
  readonly netns: Netns;
  readonly words: readonly string[];
  readonly all: boolean;
  readonly batch: string | null;
}

function readOptions(process: Process): CommandLine {
  const options: ReadOptions = {
    batch: null,
    family: null,
    statistics: 0,
    details: false,
    oneline: false,
    brief: false,
    force: false,
    numeric: false,
    json: false,
  };
  let netns = process.netns;
  let all = false;
  let at = 1;
  const value = (): string => {
    const word = process.argv[++at];
    if (word === undefined) throw incomplete();
    return word;
  };
  for (; process.argv[at]?.startsWith("-") === true; at++) {
    const word = process.argv[at]!;
    if (word === "--") {
      at++;
      break;
    }
    const option = word.startsWith("--") ? word.slice(1) : word;
    if (option === "-4" || option === "-6" || option === "-0") setFamily(options, option.slice(1));
    else if (isColour(option)) continue;
    else if (option !== "-n" && option !== "-a" && readTabled(options, option, value)) continue;
    else if (matches(option, "-netns")) netns = netnsByName(process, value());
    else if (matches(option, "-all")) all = true;
    else throw new ToolExit(255, `Option "${word}" is unknown, try "ip -help".\n`);
  }
  return { options, netns, words: process.argv.slice(at), all, batch: options.batch };
}

function readTabled(options: ReadOptions, word: string, value: () => string): boolean {
  const entry = OPTIONS.find(([name]) => matches(word, name));
  if (entry === undefined) return false;
  entry[1](options, value);
  return true;
}

/** `-c`, `-color`, `-c=auto`: output goes to no terminal, so only `always` would colour it, and that is refused. */
function isColour(option: string): boolean {
  const [name = "", when, ...rest] = option.split("=");
  if (!matches(name, "-color") || rest.length > 0) return false;
  if (when === "always") refuse(option);
  return when === undefined || when === "auto" || when === "never";
}
