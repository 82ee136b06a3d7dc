import type { Ipv4, Mac } from "../../base/addresses.js";

/** What every row has: which endpoint of which network it is about, and the command by which it came to be. */
interface Row {
  readonly networkId: string;
  readonly endpointId: string;
  readonly cause?: string | undefined;
}

/** Where an endpoint lives: row of the overlay driver's table (PeerRecord). */
export interface PeerRecord extends Row {
  readonly address: Ipv4;
  readonly mac: Mac;
  /** The node's address: end of its VXLAN tunnels. */
  readonly vtep: Ipv4;
}

/** A published port as the endpoint's row has it. */
export interface GossipPort {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly targetPort: number;
  readonly publishedPort: number;
}

/** What an endpoint is for: row of libnetwork's table (EndpointRecord). */
export interface EndpointRecord extends Row {
  /** The task's name, or the container's. */
  readonly taskName: string;
  readonly taskId: string;
  /** Empty: a container that is no task. */
  readonly serviceName: string;
  readonly serviceId: string;
  /** 0: none (dnsrr). */
  readonly vip: Ipv4;
  readonly address: Ipv4;
  readonly ingressPorts: readonly GossipPort[];
  /** Names of the service, besides its own. */
  readonly aliases: readonly string[];
  /** Names of this endpoint alone. */
  readonly taskAliases: readonly string[];
  /** It is to end: no new connections. */
  readonly disabled: boolean;
}

/** libnetwork's tables by their names. */
export interface GossipTables {
  overlay_peer_table: PeerRecord;
  endpoint_table: EndpointRecord;
}

export type GossipTable = keyof GossipTables;

/** A row has come, has changed, or is gone. */
export interface GossipEvent<T extends GossipTable> {
  readonly record: GossipTables[T];
  readonly removed: boolean;
  /** The node whose row it is. */
  readonly nodeId: string;
  /** It is this node's own. */
  readonly own: boolean;
}

/** A change as nodes send it to each other. */
export type RowChange = {
  readonly [T in GossipTable]: {
    readonly table: T;
    readonly record: GossipTables[T];
    readonly removed: boolean;
    /** Table and endpoint: what names the row within its network. */
    readonly key: string;
  };
}[GossipTable];

/** A change of a row. */
export function rowChange(
  table: GossipTable,
  record: GossipTables[GossipTable],
  removed: boolean,
): RowChange {
  return { table, record, removed, key: rowKey(table, record.endpointId) } as RowChange;
}

export function rowKey(table: GossipTable, endpointId: string): string {
  return `${table} ${endpointId}`;
}
