import { type GossipEvent, type GossipTable, type GossipTables, type RowChange, rowKey } from "./tables.js";

/** A row, and whose it is. */
interface Entry {
  readonly change: RowChange;
  readonly nodeId: string;
}

type Listener = (event: GossipEvent<GossipTable>) => void;

/** Whether two rows of an endpoint say the same; lists in them are short. */
function isSame(a: object, b: object): boolean {
  if (a === b) return true;
  const other = b as Record<string, unknown>;
  return Object.entries(a).every(
    ([name, value]) =>
      value === other[name] ||
      (typeof value === "object" && JSON.stringify(value) === JSON.stringify(other[name])),
  );
}

/** The rows that a node knows, by network, table and endpoint, and those who listen for changes. `self` is the node that knows them. */
export class Rows {
  private readonly networks = new Map<string, Map<string, Entry>>();
  private readonly listeners: Record<GossipTable, Set<Listener>> = {
    overlay_peer_table: new Set(),
    endpoint_table: new Set(),
  };

  clear(): void {
    this.networks.clear();
  }

  get<T extends GossipTable>(table: T, networkId: string, endpointId: string): GossipTables[T] | null {
    const entry = this.networks.get(networkId)?.get(rowKey(table, endpointId));
    return entry === undefined ? null : (entry.change.record as GossipTables[T]);
  }

  list<T extends GossipTable>(table: T, networkId: string): readonly GossipTables[T][] {
    return [...this.in(networkId).values()]
      .filter(({ change }) => change.table === table)
      .map(({ change }) => change.record as GossipTables[T]);
  }

  /** The rows of a node, as changes that put them, by table and endpoint. */
  rowsOf(networkId: string, nodeId: string): ReadonlyMap<string, RowChange> {
    const own = [...this.in(networkId)].filter(([, entry]) => entry.nodeId === nodeId);
    return new Map(own.map(([key, { change }]) => [key, change]));
  }

  watch<T extends GossipTable>(table: T, listener: (event: GossipEvent<T>) => void): () => void {
    this.listeners[table].add(listener as Listener);
    return () => this.listeners[table].delete(listener as Listener);
  }

  /** Puts a row in or takes it out, and tells the listeners. A row of another node is not this node's to take away. */
  apply(change: RowChange, nodeId: string, self: string): void {
    const rows = this.in(change.record.networkId);
    const { key } = change;
    const known = rows.get(key);
    if (change.removed) {
      if (known === undefined || known.nodeId !== nodeId) return;
      rows.delete(key);
    } else {
      if (known?.nodeId === nodeId && isSame(known.change.record, change.record)) return;
      rows.set(key, { change, nodeId });
    }
    this.tell(change, nodeId, self);
  }

  /** Forgets a network. */
  dropNetwork(networkId: string, self: string): void {
    this.drop(networkId, self, () => true);
    this.networks.delete(networkId);
  }

  dropNode(nodeId: string, self: string): void {
    for (const networkId of [...this.networks.keys()]) this.dropNodeIn(nodeId, networkId, self);
  }

  dropNodeIn(nodeId: string, networkId: string, self: string): void {
    this.drop(networkId, self, (entry) => entry.nodeId === nodeId);
  }

  /** Of a node's rows only those stay. */
  keep(networkId: string, nodeId: string, keys: ReadonlySet<string>, self: string): void {
    this.drop(networkId, self, (entry, key) => entry.nodeId === nodeId && !keys.has(key));
  }

  private in(networkId: string): Map<string, Entry> {
    let rows = this.networks.get(networkId);
    if (rows === undefined) {
      rows = new Map();
      this.networks.set(networkId, rows);
    }
    return rows;
  }

  private drop(networkId: string, self: string, goes: (entry: Entry, key: string) => boolean): void {
    const rows = this.in(networkId);
    for (const [key, entry] of [...rows]) {
      if (!goes(entry, key)) continue;
      rows.delete(key);
      this.tell({ ...entry.change, removed: true }, entry.nodeId, self);
    }
  }

  private tell({ table, record, removed }: RowChange, nodeId: string, self: string): void {
    for (const listener of [...this.listeners[table]])
      listener({ record, removed, nodeId, own: nodeId === self });
  }
}
