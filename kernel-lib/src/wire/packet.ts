import { invariant } from "../base/assert.js";
import type { Nanoseconds } from "../base/units.js";

/** Free bytes kept in front of a new frame, so that encapsulation (VXLAN adds 50) is a push and not a copy. */
export const HEADROOM = 128;
const POOLED_SIZE = 2048;

/** How a frame relates to the device that received it (linux/if_packet.h). */
export type PacketType = "host" | "broadcast" | "multicast" | "otherhost" | "outgoing";

/** How a packet came that was put together from fragments: it goes on in such pieces (frag_list and frag_max_size of an sk_buff). */
export interface FragmentPlan {
  /** Bytes of payload in each, in order; empty when the boundaries are not kept. */
  readonly sizes: readonly number[];
  /** Length of the longest, with its header. */
  readonly longest: number;
}

/**
 * One frame on its way through machines: a window [start, end) into a buffer, with the kernel's notes on it (an sk_buff). A packet has one
 * owner at a time. Whoever ends its way calls {@link Packet.release}; after that nobody may touch it.
 */
export class Packet {
  /** First byte of the frame (or of the IPv4 header while no Ethernet header is there). */
  start = 0;
  /** One past its last byte. */
  end = 0;
  /** Where the network header starts in `bytes`; -1 before it is known. */
  network = -1;
  /** Where the transport header starts in `bytes`; -1 before it is known. */
  transport = -1;
  /**
   * Where a transport header is whose checksum is known to be right over everything up to `end`; -1 when nobody has looked (ip_summed of an sk_buff). Only a
   * saving: every frame's bytes are complete. Who changes bytes without mending the checksum calls {@link Packet.doubt}.
   */
  checked = -1;
  /** The same for the packet in a tunnel's envelope (csum_level). */
  innerChecked = -1;
  type: PacketType = "outgoing";
  /** The netfilter mark (fwmark). */
  mark = 0;
  /** Each rule that takes it is logged (nf_trace, set by `-j TRACE`). */
  nfTrace = false;
  /** A socket of this namespace sent it (skb->sk), for LOG's user id. */
  owned = false;
  /** CPU time (waiting included) since the event that handles it now began: its own time is the clock's plus this. */
  elapsed: Nanoseconds = 0;
  /** The journey that a trace files it under; 0 when it is not traced. Copies of one frame share it. */
  journey = 0;
  /** Which copy of a flooded frame this is: 0 for the first. */
  branch = 0;
  /** The interface index on which it entered its present namespace; 0 for locally made packets. */
  inputIndex = 0;
  /** The bridge ports that it used, for `physdev` and LOG; set by the bridge. */
  bridgeInput = "";
  bridgeOutput = "";
  /** The conntrack entry and its direction: owned by netfilter, opaque here. */
  connection: unknown = null;
  connectionInfo = 0;
  /** IPVS has handled it: it does not again (ipvs_property). */
  balanced = false;
  /** Null for a packet that came whole. */
  fragments: FragmentPlan | null = null;
  /** Bytes of TCP payload in each segment that this packet is to be cut into on its way (gso_size); 0 for a packet that is one segment. */
  gsoSize = 0;
  /** The network layer of this namespace has sent it, by a route (skb_dst): what a bridge passes on has none. */
  routed = false;
  /** It is in a tunnel's envelope: the segments are those of the TCP packet inside (skb->encapsulation). */
  encapsulated = false;
  /** The frame's first bytes as a trace kept them last: unchanged frames share them. */
  kept: Uint8Array | null = null;
  released = false;

  constructor(
    public bytes: Uint8Array,
    private readonly pool: PacketPool,
  ) {}

  get length(): number {
    return this.end - this.start;
  }

  /** Makes room for a header of `size` bytes in front and returns its offset. */
  push(size: number): number {
    if (size > this.start) this.regrow(size);
    this.start -= size;
    return this.start;
  }

  /** Takes a header of `size` bytes off the front. */
  pull(size: number): void {
    this.start += size;
  }

  /** Adds room for `size` bytes at the end and returns the offset of the first. */
  put(size: number): number {
    const at = this.end;
    if (at + size > this.bytes.length) {
      const larger = new Uint8Array(at + size);
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    this.end = at + size;
    this.doubt();
    return at;
  }

  /** Cuts the frame to its first `length` bytes (padding off). */
  trim(length: number): void {
    if (length >= this.length) return;
    this.end = this.start + length;
    this.doubt();
  }

  /** The bytes are others now: checksums are to be looked at again. */
  doubt(): void {
    this.checked = -1;
    this.innerChecked = -1;
  }

  /** The packet leaves its namespace or its machine: what netfilter and the bridge knew of it stays behind (skb_scrub_packet). */
  scrub(): void {
    this.fragments = null;
    this.connection = null;
    this.connectionInfo = 0;
    this.balanced = false;
    this.nfTrace = false;
    this.owned = false;
    this.routed = false;
    this.bridgeInput = "";
    this.bridgeOutput = "";
  }

  /** A copy with bytes of its own, for the other ports of a flood and for queues that outlive the frame. */
  clone(): Packet {
    const copy = this.pool.take(this.length);
    copy.bytes.set(this.bytes.subarray(this.start, this.end), copy.start);
    copy.end = copy.start + this.length;
    const shift = copy.start - this.start;
    copy.network = this.network < 0 ? -1 : this.network + shift;
    copy.transport = this.transport < 0 ? -1 : this.transport + shift;
    copy.checked = this.checked < 0 ? -1 : this.checked + shift;
    copy.innerChecked = this.innerChecked < 0 ? -1 : this.innerChecked + shift;
    copy.type = this.type;
    copy.mark = this.mark;
    copy.nfTrace = this.nfTrace;
    copy.elapsed = this.elapsed;
    copy.journey = this.journey;
    copy.branch = this.branch;
    copy.inputIndex = this.inputIndex;
    copy.bridgeInput = this.bridgeInput;
    copy.bridgeOutput = this.bridgeOutput;
    copy.connection = this.connection;
    copy.connectionInfo = this.connectionInfo;
    copy.balanced = this.balanced;
    // Pieces that are shared are not used again: a copy is cut anew (skb_cloned in ip_do_fragment).
    copy.fragments = this.fragments === null ? null : { ...this.fragments, sizes: [] };
    copy.gsoSize = this.gsoSize;
    copy.encapsulated = this.encapsulated;
    copy.routed = this.routed;
    copy.kept = this.kept;
    return copy;
  }

  /** The frame's bytes as a copy, for captures and applications. */
  copyBytes(limit = Number.POSITIVE_INFINITY): Uint8Array {
    return this.bytes.slice(this.start, Math.min(this.end, this.start + limit));
  }

  /** Ends this packet's life and gives the buffer back. */
  release(): void {
    invariant(!this.released, "packet released twice");
    this.released = true;
    this.pool.giveBack(this);
  }

  private regrow(size: number): void {
    const room = size + HEADROOM;
    const larger = new Uint8Array(this.bytes.length + room);
    larger.set(this.bytes, room);
    this.bytes = larger;
    this.start += room;
    this.end += room;
    if (this.network >= 0) this.network += room;
    if (this.transport >= 0) this.transport += room;
    if (this.checked >= 0) this.checked += room;
    if (this.innerChecked >= 0) this.innerChecked += room;
  }
}

/** Buffers used again and again: a fresh 2 kB array for each frame costs more than everything else on its way. */
export class PacketPool {
  private readonly free: Packet[] = [];

  /** An empty packet with headroom and space for `size` bytes; set `end` with {@link Packet.put}. */
  take(size: number): Packet {
    if (size > POOLED_SIZE - HEADROOM) {
      return open(new Packet(new Uint8Array(HEADROOM + size), this));
    }
    const packet = this.free.pop();
    return open(packet ?? new Packet(new Uint8Array(POOLED_SIZE), this));
  }

  /** A packet that holds a copy of `frame`. */
  from(frame: Uint8Array): Packet {
    const packet = this.take(frame.length);
    packet.bytes.set(frame, packet.put(frame.length));
    return packet;
  }

  giveBack(packet: Packet): void {
    packet.connection = null;
    if (packet.bytes.length === POOLED_SIZE && this.free.length < 4096) this.free.push(packet);
  }
}

function open(packet: Packet): Packet {
  packet.start = HEADROOM;
  packet.end = HEADROOM;
  packet.network = -1;
  packet.transport = -1;
  packet.checked = -1;
  packet.innerChecked = -1;
  packet.type = "outgoing";
  packet.mark = 0;
  packet.nfTrace = false;
  packet.owned = false;
  packet.elapsed = 0;
  packet.journey = 0;
  packet.branch = 0;
  packet.inputIndex = 0;
  packet.bridgeInput = "";
  packet.bridgeOutput = "";
  packet.connection = null;
  packet.connectionInfo = 0;
  packet.balanced = false;
  packet.fragments = null;
  packet.gsoSize = 0;
  packet.encapsulated = false;
  packet.routed = false;
  packet.kept = null;
  packet.released = false;
  return packet;
}
