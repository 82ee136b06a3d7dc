import type { Nanoseconds } from "../../base/units.js";
import { type RowChange, rowChange } from "./tables.js";

/** A node's being in a network: since when, and how many datagrams it has sent there. */
export type Presence = readonly [networkId: string, since: Nanoseconds, serial: number];

/** A changed row as it is sent: what is as in the row of the same table before it in the datagram is left out. */
export interface ShortChange extends Pick<RowChange, "table" | "removed"> {
  readonly record: Partial<RowChange["record"]>;
}

/**
 * What a datagram between two nodes says. libnetwork's NetworkDB encodes protocol buffers inside memberlist's packets; here it is JSON text, with the same
 * meaning: rows that changed, all rows of a node, a node that comes into a network or goes, a ping and its answer. By their serial numbers a node sees that it
 * has missed some of the rows.
 */
export type GossipMessage =
  | {
      readonly kind: "rows";
      readonly from: string;
      readonly networkId: string;
      readonly serial: number;
      readonly changes: readonly ShortChange[];
    }
  | {
      readonly kind: "all";
      readonly from: string;
      readonly in: Presence;
      /** Table and endpoint of each row that there is. */
      readonly keys: readonly string[];
    }
  | { readonly kind: "join"; readonly from: string; readonly in: Presence; readonly answer: boolean }
  | { readonly kind: "leave"; readonly from: string; readonly networkId: string }
  | { readonly kind: "dead"; readonly from: string; readonly nodeId: string }
  | { readonly kind: "ping" | "ack"; readonly from: string; readonly networks: readonly Presence[] };

/** A message as it is heard: its rows are whole. */
export type HeardMessage =
  | Exclude<GossipMessage, { kind: "rows" }>
  | (Omit<Extract<GossipMessage, { kind: "rows" }>, "changes"> & { readonly changes: readonly RowChange[] });

/** Rows are put into one datagram up to that many bytes (memberlist's UDPBufferSize). */
const LARGEST = 1400;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encode(message: GossipMessage): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}

/** How many texts of messages with rows are remembered: all nodes of a network get the same one, at about the same time. */
const REMEMBERED = 256;
/** What such texts say. Nobody changes a message, so all nodes have the rows in common. */
const heard = new Map<string, HeardMessage>();

/** Null: it is none of ours. */
export function decode(bytes: Uint8Array): HeardMessage | null {
  const text = decoder.decode(bytes);
  const known = heard.get(text);
  if (known !== undefined) return known;
  try {
    const message = JSON.parse(text) as GossipMessage;
    if (message.kind !== "rows") return message;
    const complete = { ...message, changes: whole(message.changes) };
    remember(text, complete);
    return complete;
  } catch {
    return null;
  }
}

/** The oldest goes for it. */
function remember(text: string, message: HeardMessage): void {
  heard.set(text, message);
  if (heard.size > REMEMBERED) heard.delete(heard.keys().next().value!);
}

type Fields = Readonly<Record<string, unknown>>;

/** Changed rows, as many together as fit into a datagram. */
export function* parts(changes: readonly RowChange[]): Generator<readonly ShortChange[]> {
  let part: ShortChange[] = [];
  let before = new Map<string, Fields>();
  let length = 0;
  for (const change of changes) {
    let short = shortened(change, before);
    let size = JSON.stringify(short).length;
    if (part.length > 0 && length + size > LARGEST) {
      yield part;
      part = [];
      length = 0;
      before = new Map();
      short = shortened(change, before);
      size = JSON.stringify(short).length;
    }
    part.push(short);
    length += size;
    before.set(change.table, change.record as unknown as Fields);
  }
  if (part.length > 0) yield part;
}

function shortened({ table, removed, record }: RowChange, before: ReadonlyMap<string, Fields>): ShortChange {
  const last = before.get(table);
  const own = Object.entries(record).filter(
    ([name, value]) => last === undefined || JSON.stringify(value) !== JSON.stringify(last[name]),
  );
  return { table, removed, record: Object.fromEntries(own) };
}

/** The rows of a datagram, whole again. */
function whole(changes: readonly ShortChange[]): readonly RowChange[] {
  const before = new Map<string, Fields>();
  return changes.map(({ table, removed, record }) => {
    const full = { ...before.get(table), ...record };
    before.set(table, full);
    return rowChange(table, full as unknown as RowChange["record"], removed);
  });
}
