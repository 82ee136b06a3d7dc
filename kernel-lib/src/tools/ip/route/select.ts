import { type Cidr, contains, type InterfaceAddress, networkOf } from "../../../base/addresses.js";
import type { Device } from "../../../link/device.js";
import { type Route, type RouteScope, type RouteType, TABLE_MAIN } from "../../../route/route.js";
import { ToolExit } from "../../tool-exit.js";
import type { IpRun } from "../run.js";
import {
  cannotFind,
  invalidArgument,
  matches,
  readAddress,
  readPrefix,
  unsupported,
  Words,
} from "../words.js";
import { readProtocol, readTable } from "./names.js";
import { readRouteScope, readRouteType } from "./parse.js";
import type { RoutePrintOptions } from "./print.js";
import { ROUTE_USAGE } from "./usage.js";

/** Which routes `ip route show` lists, and what it need not print because of that. */
export interface RouteSelection {
  /** Null: all tables. */
  table: number | null;
  device: Device | null;
  /** Routes within this network (`root`). */
  root: Cidr | null;
  /** Routes that hold this network (`match`). */
  match: Cidr | null;
  protocol: string | null;
  scope: RouteScope | null;
  type: RouteType | null;
  source: number | null;
  gateway: number | null;
  readonly print: { -readonly [K in keyof RoutePrintOptions]: RoutePrintOptions[K] };
}

type Selector = (selection: RouteSelection, words: Words, run: IpRun) => void;

const EXACT: Readonly<Record<string, Selector>> = {
  src: (selection, words) => {
    selection.source = readPrefix(words.next()).address;
    selection.print.hideSource = true;
  },
  dev: selectDevice,
  oif: selectDevice,
  via: (selection, words) => {
    selection.gateway = readAddress(words.next());
    selection.print.hideGateway = true;
  },
  type: (selection, words) => {
    selection.type = readRouteType(words.next()) ?? null;
  },
  root: (selection, words) => {
    selection.root = networkOf(readPrefix(words.next()));
  },
  match: (selection, words) => {
    selection.match = networkOf(readPrefix(words.next()));
  },
  exact: (selection, words) => selectExactly(selection, readPrefix(words.next())),
  to: selectTo,
};

const ABBREVIATED: readonly (readonly [string, Selector])[] = [
  ["table", selectTable],
  ["protocol", selectProtocol],
  ["scope", selectScope],
];

const REFUSED = [
  "vrf",
  "cached",
  "cloned",
  "realms",
  "realm",
  "from",
  "tos",
  "dsfield",
  "iif",
  "mark",
  "nhid",
  "id",
];

/** Reads the words after `ip route show` or `flush`. */
export function readRouteSelection(run: IpRun, list: readonly string[]): RouteSelection {
  const words = new Words(list);
  const none = {
    device: null,
    root: null,
    match: null,
    protocol: null,
    scope: null,
    type: null,
    source: null,
    gateway: null,
  };
  const selection: RouteSelection = { table: TABLE_MAIN, ...none, print: {} };
  while (!words.done) {
    const word = words.next();
    const selector = EXACT[word] ?? ABBREVIATED.find(([name]) => matches(word, name))?.[1];
    if (selector !== undefined) selector(selection, words, run);
    else if (matches(word, "help")) throw new ToolExit(255, ROUTE_USAGE);
    else if (REFUSED.includes(word)) throw unsupported(`selector "${word}"`);
    else selectExactly(selection, readPrefix(word));
  }
  return selection;
}

/** `to PREFIX`, `to root PREFIX` … */
function selectTo(selection: RouteSelection, words: Words, run: IpRun): void {
  const selector = ["root", "match", "exact"].includes(words.peek) ? EXACT[words.next()] : EXACT.exact;
  selector?.(selection, words, run);
}

function selectExactly(selection: RouteSelection, at: InterfaceAddress): void {
  selection.root = networkOf(at);
  selection.match = networkOf(at);
}

function selectDevice(selection: RouteSelection, words: Words, run: IpRun): void {
  const name = words.next();
  const device = run.netns.device(name);
  if (device === undefined) throw cannotFind(name);
  selection.device = device;
  selection.print.hideDevice = true;
}

function selectTable(selection: RouteSelection, words: Words): void {
  const word = words.next();
  const table = readTable(word);
  if (word === "all" || table === 0) {
    selection.table = null;
    selection.print.showTable = true;
  } else if (word === "cache" || table === undefined) {
    if (word === "cache") throw unsupported('"table cache"');
    throw invalidArgument(word, "table id value is invalid\n");
  } else selection.table = table;
}

function selectProtocol(selection: RouteSelection, words: Words): void {
  const word = words.next();
  if (word === "all") return;
  const protocol = readProtocol(word);
  if (protocol === undefined) throw invalidArgument(word, 'invalid "protocol"\n');
  selection.protocol = protocol;
  selection.print.hideProtocol = true;
}

function selectScope(selection: RouteSelection, words: Words): void {
  const word = words.next();
  if (word === "all") return;
  const scope = readRouteScope(word);
  if (scope === undefined) throw invalidArgument(word, 'invalid "scope"\n');
  selection.scope = scope;
  selection.print.hideScope = true;
}

/** The routes of the selected tables, main first as the kernel dumps them. */
export function selectRoutes(run: IpRun, selection: RouteSelection): readonly Route[] {
  const { fib } = run.netns;
  const tables = selection.table === null ? [...fib.tables].sort(dumpOrder) : [selection.table];
  return tables.flatMap((table) => fib.list(table)).filter((route) => selects(selection, route));
}

/** Tables hang in hash chains by number modulo 256 (fib_table_hash): other tables first, then main, then local. */
function dumpOrder(a: number, b: number): number {
  return (a & 255) - (b & 255) || b - a;
}

function selects(selection: RouteSelection, route: Route): boolean {
  const { root, match } = selection;
  if (root !== null && (route.destination.prefix < root.prefix || !contains(root, route.destination.address)))
    return false;
  if (
    match !== null &&
    (route.destination.prefix > match.prefix || !contains(route.destination, match.address))
  )
    return false;
  return (
    (selection.device === null || route.device === selection.device) &&
    (selection.protocol === null || route.protocol === selection.protocol) &&
    (selection.scope === null || route.scope === selection.scope) &&
    (selection.type === null || route.type === selection.type) &&
    (selection.source === null || route.preferredSource === selection.source) &&
    (selection.gateway === null || route.gateway === selection.gateway)
  );
}
