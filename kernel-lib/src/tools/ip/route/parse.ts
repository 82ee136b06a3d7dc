import { formatCidr, networkOf } from "../../../base/addresses.js";
import type { RouteScope, RouteType } from "../../../route/route.js";
import type { RouteSpec } from "../../../stack/config/route.js";
import { ToolExit } from "../../tool-exit.js";
import type { IpRun } from "../run.js";
import {
  findDevice,
  garbage,
  invalidArgument,
  matches,
  readAddress,
  readPrefix,
  readUnsigned,
  unsupported,
  Words,
} from "../words.js";
import { readProtocol, readTable } from "./names.js";
import { ROUTE_USAGE } from "./usage.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TYPES: readonly RouteType[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "unreachable",
  "blackhole",
  "prohibit",
  "throw",
];

/** A route type by its name or beginning (rtnl_rtntype_a2n takes some abbreviations, `brd` among them). */
export function readRouteType(word: string): RouteType | undefined {
  if (word === "brd") return "broadcast";
  return TYPES.find((type) => type === word);
}

const SCOPES: Readonly<Record<string, RouteScope>> = {
  global: "global",
  universe: "global",
  site: "site",
  link: "link",
  host: "host",
  nowhere: "nowhere",
};

export function readRouteScope(word: string): RouteScope | undefined {
  if (Object.hasOwn(SCOPES, word)) return SCOPES[word];
  const numbers: Readonly<Record<string, RouteScope>> = {
    0: "global",
    200: "site",
    253: "link",
    254: "host",
    255: "nowhere",
  };
  return Object.hasOwn(numbers, word) ? numbers[word] : undefined;
}

type Setter = (spec: Mutable<Partial<RouteSpec>>, words: Words, run: IpRun) => void;

const OPTIONS: readonly (readonly [string, boolean, Setter])[] = [
  [
    "src",
    true,
    (spec, words) => {
      spec.preferredSource = readAddress(words.next());
    },
  ],
  ["via", true, readGateway],
  [
    "tos",
    true,
    (spec, words) => {
      spec.tos = readOr(words, (word) => readUnsigned(word, 255), '"tos" value is invalid\n');
    },
  ],
  ["metric", true, readMetric],
  ["priority", false, readMetric],
  ["preference", true, readMetric],
  [
    "scope",
    true,
    (spec, words) => {
      spec.scope = readOr(words, readRouteScope, 'invalid "scope" value\n');
    },
  ],
  [
    "mtu",
    true,
    (spec, words) => {
      spec.mtu = readOr(words, readUnsigned, '"mtu" value is invalid\n');
    },
  ],
  [
    "protocol",
    false,
    (spec, words) => {
      spec.protocol = readOr(words, readProtocol, '"protocol" value is invalid\n');
    },
  ],
  [
    "table",
    false,
    (spec, words) => {
      spec.table = readOr(words, readTable, '"table" value is invalid\n');
    },
  ],
  ["dev", true, readDevice],
  ["oif", true, readDevice],
  [
    "onlink",
    true,
    (spec) => {
      spec.onlink = true;
    },
  ],
];

const REFUSED = [
  ...[
    "nhid",
    "hoplimit",
    "advmss",
    "reordering",
    "rtt",
    "rto_min",
    "window",
    "cwnd",
    "initcwnd",
    "initrwnd",
    "features",
    "quickack",
    "congctl",
  ],
  ...[
    "rttvar",
    "ssthresh",
    "realms",
    "nexthop",
    "vrf",
    "pref",
    "encap",
    "expires",
    "ttl-propagate",
    "fastopen_no_cookie",
    "as",
    "pervasive",
  ],
];

function readOr<T>(words: Words, read: (word: string) => T | null | undefined, complaint: string): T {
  const word = words.next();
  const value = read(word);
  if (value === null || value === undefined) throw invalidArgument(word, complaint);
  return value;
}

function readMetric(spec: Mutable<Partial<RouteSpec>>, words: Words): void {
  spec.metric = readOr(words, readUnsigned, '"metric" value is invalid\n');
}

function readGateway(spec: Mutable<Partial<RouteSpec>>, words: Words): void {
  if (words.peek === "inet") words.next();
  if (words.peek === "inet6") throw unsupported('"via inet6"');
  spec.gateway = readAddress(words.next());
}

function readDevice(spec: Mutable<Partial<RouteSpec>>, words: Words, run: IpRun): void {
  spec.device = findDevice(run.netns, words.next());
}

/** Reads the words after `ip route add` and its like (iproute_modify). */
export function readRouteSpec(run: IpRun, list: readonly string[]): RouteSpec {
  const words = new Words(list);
  const spec: Mutable<Partial<RouteSpec>> = {};
  while (!words.done) {
    const word = words.next();
    const option = OPTIONS.find(([name, exact]) =>
      exact ? word === name : word === name || matches(word, name),
    );
    if (option !== undefined) option[2](spec, words, run);
    else if (REFUSED.includes(word)) throw unsupported(`route option "${word}"`);
    else readDestination(spec, word, words);
  }
  if (spec.destination === undefined && list.length === 0) throw new ToolExit(255, ROUTE_USAGE);
  return { ...spec, destination: spec.destination ?? { address: 0, prefix: 0 } };
}

function readDestination(spec: Mutable<Partial<RouteSpec>>, first: string, words: Words): void {
  let word = first === "to" ? words.next() : first;
  const type = readRouteType(word);
  if (type !== undefined && spec.type === undefined && spec.destination === undefined) {
    spec.type = type;
    word = words.next();
  }
  if (matches(word, "help")) throw new ToolExit(255, ROUTE_USAGE);
  if (spec.destination !== undefined) throw garbage("to", word);
  const at = readPrefix(word);
  if (formatCidr(networkOf(at)) !== formatCidr(at)) throw hostBitsSet();
  spec.destination = at;
}

/** The kernel refuses a network with bits set beyond its prefix (fib_table_insert). */
function hostBitsSet(): ToolExit {
  return new ToolExit(2, "Error: Invalid prefix for given prefix length.\n");
}
