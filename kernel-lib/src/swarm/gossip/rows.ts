import type { GossipEvent, GossipTable, GossipTables, RowChange } from "./tables.js";

/** A row, and whose it is. */
interface Entry {
  readonly change: RowChange;
  readonly nodeId: string;
}

/** A change that is about to be told, with the node whose row it was. */
export type OwnedChange = RowChange & { readonly nodeId: string };

type Listener = (event: GossipEvent<GossipTable>) => void;

/** The rows that a node knows, by network, table and endpoint, and those who listen for changes. */
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
    const entry = this.networks.get(networkId)?.get(`${table} ${endpointId}`);
    return entry === undefined ? null : (entry.change.record as GossipTables[T]);
  }

  list<T extends GossipTable>(table: T, networkId: string): readonly GossipTables[T][] {
    return [...(this.networks.get(networkId)?.values() ?? [])]
      .filter(({ change }) => change.table === table)
      .map(({ change }) => change.record as GossipTables[T]);
  }

  /** The rows that a node has put in itself, as changes that put them. */
  ownRows(networkId: string, nodeId: string): readonly RowChange[] {
    return [...(this.networks.get(networkId)?.values() ?? [])]
      .filter((entry) => entry.nodeId === nodeId)
      .map(({ change }) => change);
  }

  watch<T extends GossipTable>(table: T, listener: (event: GossipEvent<T>) => void): () => void {
    this.listeners[table].add(listener as Listener);
    return () => this.listeners[table].delete(listener as Listener);
  }

  /** Puts a row in or takes it out, and tells the listeners. A row of another node is not this node's to take away. */
  apply(change: RowChange, nodeId: string, self: string): void {
    const { networkId, endpointId } = change.record;
    const key = `${change.table} ${endpointId}`;
    const rows = this.networks.get(networkId) ?? new Map<string, Entry>();
    this.networks.set(networkId, rows);
    const known = rows.get(key);
    if (change.removed) {
      if (known === undefined || known.nodeId !== nodeId) return;
      rows.delete(key);
    } else {
      if (known !== undefined && JSON.stringify(known.change) === JSON.stringify(change)) return;
      rows.set(key, { change, nodeId });
    }
    this.tell(change, nodeId, self);
  }

  tell({ table, record, removed }: RowChange, nodeId: string, self: string): void {
    for (const listener of [...this.listeners[table]])
      listener({ record, removed, nodeId, own: nodeId === self });
  }

  /** Forgets a network; gives what was known of it. */
  dropNetwork(networkId: string): readonly OwnedChange[] {
    const gone = this.drop(networkId, () => true);
    this.networks.delete(networkId);
    return gone;
  }

  dropNode(nodeId: string): readonly OwnedChange[] {
    return [...this.networks.keys()].flatMap((networkId) => this.dropNodeIn(nodeId, networkId));
  }

  dropNodeIn(nodeId: string, networkId: string): readonly OwnedChange[] {
    return this.drop(networkId, (entry) => entry.nodeId === nodeId);
  }

  private drop(networkId: string, goes: (entry: Entry) => boolean): readonly OwnedChange[] {
    const gone: OwnedChange[] = [];
    const rows = this.networks.get(networkId) ?? new Map<string, Entry>();
    for (const [key, entry] of [...rows]) {
      if (!goes(entry)) continue;
      rows.delete(key);
      gone.push({ ...entry.change, removed: true, nodeId: entry.nodeId });
    }
    return gone;
  }
}
