import type { DropReason } from "../../trace/drop-reason.js";
import { ETHERNET_LENGTH } from "../../wire/ethernet.js";
import { ipv4HeaderLength } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import type { Device } from "../device.js";
import { segmentCount, segmentLength } from "../offload.js";

/** What `tc -s qdisc show` counts (gnet_stats). */
export class QdiscStats {
  bytes = 0;
  packets = 0;
  drops = 0;
  overlimits = 0;
  requeues = 0;
}

/** A queueing discipline at the root of a device: frames wait in it before captures and the device's own counters see them (net/sched). */
export abstract class Qdisc {
  abstract readonly kind: string;
  readonly stats = new QdiscStats();
  /** Bytes and frames that wait. */
  backlogBytes = 0;
  backlogPackets = 0;

  /** `handle` is the major number: 0x8001 is listed as `8001:`. */
  constructor(
    readonly device: Device,
    readonly handle: number,
  ) {}

  /** Takes a frame that is to be sent; the packet is the queue's from now on. */
  abstract enqueue(packet: Packet): void;

  /** Drops all that waits (qdisc_reset, when the device is set down or the queue is replaced). */
  abstract reset(): void;

  protected keep(packet: Packet): void {
    const { cpu } = this.device.home;
    cpu.leave(packet);
    this.backlogBytes += lengthOnWire(packet);
    this.backlogPackets++;
  }

  protected unkeep(packet: Packet): void {
    this.backlogBytes -= lengthOnWire(packet);
    this.backlogPackets--;
  }

  /** A frame's turn has come: it is counted and goes out by the device. */
  protected release(packet: Packet): void {
    this.unkeep(packet);
    this.stats.bytes += lengthOnWire(packet);
    this.stats.packets += segmentsOf(packet);
    this.device.home.cpu.enter(packet);
    this.device.transmitDequeued(packet);
  }

  protected drop(packet: Packet, reason: DropReason = "QDISC_DROP"): void {
    this.stats.drops++;
    this.device.drop(packet, reason);
  }
}

/** Number of frames in a packet: a super-packet counts as its segments. */
function segmentsOf(packet: Packet): number {
  if (packet.gsoSize === 0) return 1;
  const network = packet.start + ETHERNET_LENGTH;
  return segmentCount(packet, network + ipv4HeaderLength(packet.bytes, network));
}

/** Bytes that a packet will be on the wire: each segment of a super-packet has headers of its own (qdisc_pkt_len_init). */
export function lengthOnWire(packet: Packet): number {
  if (packet.gsoSize === 0) return packet.length;
  const network = packet.start + ETHERNET_LENGTH;
  const headers = ETHERNET_LENGTH + segmentLength(packet, network) - packet.gsoSize;
  return packet.length + (segmentsOf(packet) - 1) * headers;
}
