import { type Ipv4, prefixMask } from "../base/addresses.js";
import { type Route, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN } from "./route.js";

/** Routes of one table with one prefix length, by network. */
type PrefixBucket = Map<Ipv4, Route[]>;

/** One routing table: a hash a prefix length, asked from the longest (a trie would hold the same; tables here are small). */
class Table {
  readonly buckets: (PrefixBucket | undefined)[] = new Array<PrefixBucket | undefined>(33).fill(undefined);
  /** Prefix lengths in use, longest first. */
  lengths: number[] = [];

  routesAt(network: Ipv4, prefix: number): readonly Route[] {
    return this.buckets[prefix]?.get(network) ?? [];
  }

  /** Puts the routes of one destination in place of the old ones; none takes the destination away. */
  setRoutes(network: Ipv4, prefix: number, routes: Route[]): void {
    let bucket = this.buckets[prefix];
    if (bucket === undefined) {
      bucket = new Map();
      this.buckets[prefix] = bucket;
    }
    if (routes.length > 0) bucket.set(network, routes);
    else bucket.delete(network);
    if (bucket.size === 0) this.buckets[prefix] = undefined;
    this.lengths = [];
    for (let length = 32; length >= 0; length--)
      if (this.buckets[length] !== undefined) this.lengths.push(length);
  }

  all(): Route[] {
    const routes: Route[] = [];
    for (const length of this.lengths)
      for (const list of this.buckets[length]!.values()) routes.push(...list);
    return routes;
  }
}

const MEMO_SIZE = 256;

/**
 * The routing tables of a namespace (fib_frontend.c, fib_trie.c). Looked up in the order local, main, default: the three rules of every
 * Linux; rules that an operator adds are not supported.
 */
export class Fib {
  /** Grows with every change: cached paths of an older generation are looked up again. */
  generation = 1;
  private readonly tablesByNumber = new Map<number, Table>();
  private readonly memoKeys = new Float64Array(MEMO_SIZE).fill(-1);
  private readonly memoRoutes: (Route | null)[] = new Array<Route | null>(MEMO_SIZE).fill(null);

  /** Routes of a table in the order of `ip route show`: by destination, longer prefix first, then TOS and metric. */
  list(table: number): readonly Route[] {
    const routes = this.tablesByNumber.get(table)?.all() ?? [];
    return routes.sort(
      (a, b) => a.destination.address - b.destination.address || b.destination.prefix - a.destination.prefix,
    );
  }

  /** Numbers of the tables that hold a route, ascending. */
  get tables(): readonly number[] {
    return [...this.tablesByNumber.keys()]
      .filter((number) => this.list(number).length > 0)
      .sort((a, b) => a - b);
  }

  /** Routes to one destination, best first. */
  routesTo(table: number, network: Ipv4, prefix: number): readonly Route[] {
    return this.tablesByNumber.get(table)?.routesAt(network, prefix) ?? [];
  }

  /** Puts `routes` in place of the table's routes to one destination; sorted by TOS (higher first) and metric, order kept among equals. */
  setRoutes(table: number, network: Ipv4, prefix: number, routes: readonly Route[]): void {
    let target = this.tablesByNumber.get(table);
    if (target === undefined) {
      target = new Table();
      this.tablesByNumber.set(table, target);
    }
    const sorted = [...routes].sort((a, b) => b.tos - a.tos || a.metric - b.metric);
    target.setRoutes(network, prefix, sorted);
    this.changed();
  }

  /** Takes away every route that `goes` names, in all tables. Returns them. */
  removeWhere(goes: (route: Route) => boolean): Route[] {
    const gone: Route[] = [];
    for (const [number, table] of this.tablesByNumber) {
      for (const route of table.all().filter(goes)) {
        const { address, prefix } = route.destination;
        const rest = table.routesAt(address, prefix).filter((other) => other !== route);
        this.setRoutes(number, address, prefix, rest);
        gone.push(route);
      }
    }
    return gone;
  }

  /** Cached answers are void from now on (a device, an address or a learned path MTU has changed). */
  changed(): void {
    this.generation++;
    this.memoKeys.fill(-1);
  }

  /** The best route for a destination, or null. With `outputIndex`, only routes by that device count (a bound socket). */
  lookup(destination: Ipv4, outputIndex = 0): Route | null {
    if (outputIndex !== 0) return this.search(destination, outputIndex);
    const slot = (Math.imul(destination, 0x9e3779b1) >>> 24) & (MEMO_SIZE - 1);
    if (this.memoKeys[slot] === destination) return this.memoRoutes[slot]!;
    const route = this.search(destination, 0);
    this.memoKeys[slot] = destination;
    this.memoRoutes[slot] = route;
    return route;
  }

  private search(destination: Ipv4, outputIndex: number): Route | null {
    return (
      this.searchTable(TABLE_LOCAL, destination, outputIndex) ??
      this.searchTable(TABLE_MAIN, destination, outputIndex) ??
      this.searchTable(TABLE_DEFAULT, destination, outputIndex)
    );
  }

  /** The best route of one table; a `throw` route ends the search there. */
  searchTable(number: number, destination: Ipv4, outputIndex = 0): Route | null {
    const table = this.tablesByNumber.get(number);
    if (table === undefined) return null;
    for (const prefix of table.lengths) {
      const routes = table.buckets[prefix]!.get((destination & prefixMask(prefix)) >>> 0);
      if (routes === undefined) continue;
      for (const route of routes) {
        if (route.type === "throw") return null;
        if (route.tos !== 0) continue;
        if (outputIndex === 0 || route.device?.ifindex === outputIndex || route.type === "local")
          return route;
      }
    }
    return null;
  }
}
