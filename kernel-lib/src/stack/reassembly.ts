import { seconds } from "../base/units.js";
import type { Device } from "../link/device.js";
import type { TimerId } from "../sim/scheduler.js";
import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import { fillIpv4Checksum, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { sendTimeExceeded } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop, place } from "./record.js";

/** How long the first fragment waits for the others (net.ipv4.ipfrag_time, 30 s). */
const FRAGMENT_TIME = seconds(30);
const MAX_LENGTH = 0xffff;

/** The fragments of one packet, sorted by offset (struct ipq). */
interface Queue {
  readonly key: string;
  readonly pieces: { readonly offset: number; readonly end: number; readonly packet: Packet }[];
  readonly timer: TimerId;
  /** Length of the whole payload; -1 until the last fragment has come. */
  total: number;
}

/** Puts fragments together (net/ipv4/ip_fragment.c). Overlapping ones end the whole packet, as RFC 5722 asks and Linux does. */
export class Reassembly {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly netns: Netns) {}

  /** Number of packets that wait for fragments. */
  get size(): number {
    return this.queues.size;
  }

  /** Fragments held now. */
  get held(): number {
    let sum = 0;
    for (const queue of this.queues.values()) sum += queue.pieces.length;
    return sum;
  }

  /** Takes a fragment. Returns the whole packet when it was the last that was missing. */
  add(packet: Packet, _device: Device): Packet | null {
    const { bytes, network } = packet;
    const headerLength = ipv4HeaderLength(bytes, network);
    const offset = ipv4.fragmentOffset.get(bytes, network) * 8;
    const more = ipv4.moreFragments.get(bytes, network) === 1;
    const length = packet.end - network - headerLength;
    const end = offset + length;
    const bad = length === 0 || end + headerLength > MAX_LENGTH || (more && length % 8 !== 0);
    this.netns.counters.ip.ReasmReqds++;
    if (bad) {
      this.fail(packet, "IP_INHDR");
      return null;
    }
    const queue = this.queueOf(packet);
    if (!more) {
      if (queue.total >= 0 && queue.total !== end) return this.abandon(queue, packet);
      queue.total = end;
    }
    if (queue.pieces.some((piece) => piece.offset === offset && piece.end === end)) {
      this.fail(packet, "DUP_FRAG");
      return null;
    }
    const overlap = queue.pieces.some((piece) => offset < piece.end && piece.offset < end);
    if (overlap || (queue.total >= 0 && end > queue.total)) return this.abandon(queue, packet);
    queue.pieces.push({ offset, end, packet });
    queue.pieces.sort((a, b) => a.offset - b.offset);
    return this.complete(queue) ? this.join(queue, packet) : null;
  }

  /** The namespace dies: what waits is dropped. */
  clear(): void {
    for (const queue of [...this.queues.values()]) {
      this.close(queue);
      for (const piece of queue.pieces) piece.packet.release();
    }
  }

  /** @internal The timer's way in: ICMP "reassembly time exceeded" goes out only when the first fragment is here (RFC 792). */
  expire(key: string): void {
    const queue = this.queues.get(key);
    if (queue === undefined) return;
    this.close(queue);
    this.netns.counters.ip.ReasmFails++;
    this.netns.counters.ip.ReasmTimeout++;
    const first = queue.pieces[0];
    if (first !== undefined && first.offset === 0 && this.isOurs(first.packet))
      sendTimeExceeded(this.netns, first.packet, 1);
    for (const piece of queue.pieces) drop(this.netns, piece.packet, "FRAG_REASM_TIMEOUT", "ip input");
  }

  /** What was only put together for the rules, on its way through, is nobody's to complain about (frag_expire_skip_icmp). */
  private isOurs({ bytes, network }: Packet): boolean {
    return this.netns.isLocal(ipv4.destination.get(bytes, network));
  }

  private queueOf(packet: Packet): Queue {
    const { bytes, network } = packet;
    const key = `${ipv4.source.get(bytes, network)} ${ipv4.destination.get(bytes, network)} ${ipv4.id.get(bytes, network)} ${ipv4.protocol.get(bytes, network)}`;
    const old = this.queues.get(key);
    if (old !== undefined) return old;
    const timer = this.netns.world.scheduler.after(FRAGMENT_TIME, expireQueue, this, key);
    const queue: Queue = { key, pieces: [], timer, total: -1 };
    this.queues.set(key, queue);
    return queue;
  }

  private complete(queue: Queue): boolean {
    let reached = 0;
    for (const piece of queue.pieces) {
      if (piece.offset !== reached) return false;
      reached = piece.end;
    }
    return reached === queue.total;
  }

  private join(queue: Queue, last: Packet): Packet {
    this.close(queue);
    const head = queue.pieces[0]!.packet;
    const headerLength = ipv4HeaderLength(head.bytes, head.network);
    const whole = this.netns.world.packets.take(headerLength + queue.total);
    const at = whole.put(headerLength + queue.total);
    // The frame's header in front stays that of the first fragment.
    const frame = Math.max(0, head.network - ETHERNET_LENGTH);
    whole.bytes.set(head.bytes.subarray(frame, head.network + headerLength), at - (head.network - frame));
    for (const { packet, offset } of queue.pieces) {
      const from = packet.network + ipv4HeaderLength(packet.bytes, packet.network);
      whole.bytes.set(packet.bytes.subarray(from, packet.end), at + headerLength + offset);
    }
    ipv4.totalLength.set(whole.bytes, at, headerLength + queue.total);
    ipv4.moreFragments.set(whole.bytes, at, 0);
    ipv4.dontFragment.set(whole.bytes, at, mayNotBeCut(queue) ? 1 : 0);
    fillIpv4Checksum(whole.bytes, at);
    whole.network = at;
    whole.transport = at + headerLength;
    whole.type = head.type;
    whole.mark = head.mark;
    whole.elapsed = last.elapsed;
    whole.journey = head.journey;
    whole.branch = head.branch;
    whole.inputIndex = head.inputIndex;
    whole.connection = head.connection;
    whole.connectionInfo = head.connectionInfo;
    whole.fragments = {
      sizes: queue.pieces.map(({ offset, end }) => end - offset),
      longest: Math.max(...queue.pieces.map(lengthOf)),
    };
    this.netns.counters.ip.ReasmOKs++;
    this.recordJoin(whole, queue.pieces.length);
    for (const { packet } of queue.pieces) packet.release();
    return whole;
  }

  private recordJoin(whole: Packet, pieces: number): void {
    const { recorder } = this.netns.world;
    if (recorder === null || whole.journey === 0) return;
    recorder.record({ kind: "reassembled", ...place(this.netns, whole), pieces, mtu: 0 });
  }

  private abandon(queue: Queue, packet: Packet): null {
    this.close(queue);
    for (const piece of queue.pieces) this.fail(piece.packet, "DUP_FRAG");
    this.fail(packet, "DUP_FRAG");
    return null;
  }

  private fail(packet: Packet, reason: "IP_INHDR" | "DUP_FRAG"): void {
    this.netns.counters.ip.ReasmFails++;
    drop(this.netns, packet, reason, "ip input");
  }

  private close(queue: Queue): void {
    this.queues.delete(queue.key);
    this.netns.world.scheduler.cancel(queue.timer);
  }
}

type Piece = Queue["pieces"][number];

function lengthOf({ packet }: Piece): number {
  return packet.end - packet.network;
}

/** The longest of its fragments may not be cut, and so it may not be either (max_df_size). */
function mayNotBeCut({ pieces }: Queue): boolean {
  const longest = Math.max(...pieces.map(lengthOf));
  return pieces.some(
    (piece) =>
      lengthOf(piece) === longest && ipv4.dontFragment.get(piece.packet.bytes, piece.packet.network) === 1,
  );
}

function expireQueue(reassembly: unknown, key: unknown): void {
  (reassembly as Reassembly).expire(key as string);
}
