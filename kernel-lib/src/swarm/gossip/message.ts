import type { RowChange } from "./tables.js";

/**
 * What a datagram between two nodes says. libnetwork's NetworkDB encodes protocol buffers inside memberlist's packets; here it is JSON text, with the same
 * meaning: rows that changed, a node that comes into a network (and hears the rows of those who are in it), one that goes, a ping and its answer.
 */
export type GossipMessage =
  | { readonly kind: "rows"; readonly from: string; readonly changes: readonly RowChange[] }
  | { readonly kind: "join"; readonly from: string; readonly networkId: string; readonly answer: boolean }
  | { readonly kind: "leave"; readonly from: string; readonly networkId: string }
  | { readonly kind: "dead"; readonly from: string; readonly nodeId: string }
  | { readonly kind: "ping" | "ack"; readonly from: string; readonly networks: readonly string[] };

/** Rows are put into one datagram up to that many bytes (memberlist's UDPBufferSize). */
const LARGEST = 1400;

export function encode(message: GossipMessage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** Null: it is none of ours. */
export function decode(bytes: Uint8Array): GossipMessage | null {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as GossipMessage;
  } catch {
    return null;
  }
}

/** The datagrams that tell of changed rows: as many rows in each as fit. */
export function encodeRows(from: string, changes: readonly RowChange[]): readonly Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  let part: RowChange[] = [];
  let length = 0;
  const flush = () => {
    if (part.length > 0) datagrams.push(encode({ kind: "rows", from, changes: part }));
    part = [];
    length = 0;
  };
  for (const change of changes) {
    const size = JSON.stringify(change).length;
    if (length + size > LARGEST) flush();
    part.push(change);
    length += size;
  }
  flush();
  return datagrams;
}
