import { type Ipv4, MAC_BROADCAST, type Mac } from "../../base/addresses.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until, untilOutsider } from "../../host/waits.js";
import type { Device, Tap } from "../../link/device.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { sendArp } from "../../stack/arp.js";
import { ARP_REPLY, ARP_REQUEST, arp } from "../../wire/arp.js";
import { ETHERNET_LENGTH, ETHERTYPE_ARP, ethernet } from "../../wire/ethernet.js";

/** What both forms of `arping` are asked for. */
export interface ArpingOptions {
  /** Null: until it is ended. */
  readonly count: number | null;
  /** Seconds; null for none. */
  readonly deadline: number | null;
  /** Whether the deadline is looked at only when the next probe is due, and only past it. */
  readonly deadlineAtProbe: boolean;
  /** Seconds between probes. */
  readonly interval: number;
  readonly quiet: boolean;
  readonly quitOnReply: boolean;
  readonly broadcastOnly: boolean;
  /** `-D`: does anybody have the address? */
  readonly duplicate: boolean;
  /** `-U` and `-A`: tell the neighbours of one's own address, in a request or in a reply. */
  readonly unsolicited: boolean;
  readonly answer: boolean;
}

/** An ARP message for this probe. */
export interface ArpAnswer {
  readonly request: boolean;
  /** Sent to this machine alone. */
  readonly unicast: boolean;
  readonly senderMac: Mac;
  readonly senderIp: Ipv4;
  readonly targetMac: Mac;
  readonly targetIp: Ipv4;
  /** Since the last probe. */
  readonly after: Nanoseconds;
}

interface Arrival extends Omit<ArpAnswer, "after"> {
  readonly at: Nanoseconds;
}

/** One run over a packet socket of one device. The first probe goes to everyone, later ones to whoever answered last. */
export class ArpingSession {
  sent = 0;
  broadcasts = 0;
  received = 0;
  requestsReceived = 0;
  broadcastsReceived = 0;
  private to: Mac = MAC_BROADCAST;
  private lastSent: Nanoseconds = 0;
  private stopped = false;
  private readonly arrivals: Arrival[] = [];
  private readonly changed: WaitQueue;

  constructor(
    private readonly process: Process,
    private readonly device: Device,
    private readonly source: Ipv4,
    private readonly target: Ipv4,
    private readonly options: ArpingOptions,
    /** Prints an answer. */
    private readonly show: (answer: ArpAnswer) => void,
  ) {
    this.changed = new WaitQueue(process.host.world.scheduler);
  }

  /** Probes until count, deadline, an answer that ends it, or SIGINT. */
  *run(): Steps<void> {
    const { scheduler } = this.process.host.world;
    const { count, deadline, deadlineAtProbe, interval } = this.options;
    this.device.addTap(this.tap);
    this.process.onSignal("SIGINT", () => this.stop());
    try {
      const end = deadline === null ? Number.POSITIVE_INFINITY : scheduler.now + seconds(deadline);
      let next = scheduler.now;
      while (!this.stopped) {
        if (scheduler.now >= next) {
          if ((count !== null && this.sent >= count) || scheduler.now > end) return;
          this.probe();
          next += seconds(interval);
        }
        if (deadlineAtProbe) yield* this.wait([this.changed], next);
        else if (scheduler.now >= end) return;
        else yield* this.wait([this.changed], Math.min(next, end));
        this.receiveAll();
      }
    } finally {
      this.device.removeTap(this.tap);
    }
  }

  /** A run without an end goes on behind other commands; one that ends with the first answer is given three probes for it. */
  private get wait(): typeof until {
    const { count, deadline, quitOnReply, duplicate } = this.options;
    const ends = count !== null || deadline !== null || ((quitOnReply || duplicate) && this.sent <= 3);
    return ends ? until : untilOutsider;
  }

  private stop(): void {
    this.stopped = true;
    this.changed.wakeAll();
  }

  private probe(): void {
    const { device, source, target, to, options } = this;
    const { scheduler } = this.process.host.world;
    this.sent++;
    if (to === MAC_BROADCAST) this.broadcasts++;
    this.lastSent = scheduler.now;
    sendArp(this.process.netns, device, {
      operation: options.answer ? ARP_REPLY : ARP_REQUEST,
      senderMac: device.mac,
      senderIp: source,
      targetMac: options.answer ? device.mac : to,
      targetIp: target,
      to,
    });
  }

  private readonly tap: Tap = (device, packet, direction) => {
    const { bytes, start } = packet;
    if (direction === "out" || packet.type === "otherhost") return;
    if (ethernet.type.get(bytes, start) !== ETHERTYPE_ARP) return;
    const at = start + ETHERNET_LENGTH;
    const operation = arp.operation.get(bytes, at);
    if (operation !== ARP_REPLY && operation !== ARP_REQUEST) return;
    this.arrivals.push({
      request: operation === ARP_REQUEST,
      unicast: packet.type === "host",
      senderMac: arp.senderMac.get(bytes, at),
      senderIp: arp.senderIp.get(bytes, at),
      targetMac: arp.targetMac.get(bytes, at),
      targetIp: arp.targetIp.get(bytes, at),
      at: device.home.world.scheduler.now + packet.elapsed,
    });
    this.changed.wakeAll();
  };

  private receiveAll(): void {
    for (let arrival = this.arrivals.shift(); arrival !== undefined; arrival = this.arrivals.shift())
      if (!this.stopped && this.concerns(arrival)) this.take(arrival);
  }

  /** Whether a message answers the probe (recv_pack). */
  private concerns({ senderIp, senderMac, targetIp, targetMac }: Arrival): boolean {
    const { mac } = this.device;
    if (senderIp !== this.target) return false;
    if (this.options.duplicate) return senderMac !== mac && (this.source === 0 || targetIp === this.source);
    return targetIp === this.source && targetMac === mac;
  }

  private take(arrival: Arrival): void {
    this.show({ ...arrival, after: arrival.at - this.lastSent });
    this.received++;
    if (arrival.request) this.requestsReceived++;
    if (!arrival.unicast) this.broadcastsReceived++;
    if (this.options.quitOnReply || this.options.duplicate) this.stopped = true;
    if (!this.options.broadcastOnly) this.to = arrival.senderMac;
  }
}
