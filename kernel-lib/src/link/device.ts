import { type Ipv4, isMulticastMac, MAC_BROADCAST, type Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { Cpu } from "../trace/cpu.js";
import type { DropReason } from "../trace/drop-reason.js";
import type { World } from "../trace/world.js";
import { ETHERNET_LENGTH, ethernet } from "../wire/ethernet.js";
import { ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { udp } from "../wire/udp.js";
import type { DeviceKind } from "./device-kind.js";
import type { Features } from "./features.js";
import { segment } from "./offload.js";
import type { Qdisc } from "./qdisc/qdisc.js";

/** The namespace as its devices see it. */
export interface Home {
  readonly world: World;
  readonly cpu: Cpu;
  /** Inode number of the namespace, as `/proc/PID/ns/net` shows it. */
  readonly id: number;
  readonly machine: string;
  readonly label: string;
  /** Takes a frame for the network layer; the packet is the receiver's from now on. */
  receive(packet: Packet, device: Device): void;
  /** Up, down, carrier, MTU or address changed: routes, bridges and listeners follow. */
  deviceChanged(device: Device): void;
}

/** An IPv4 address on a device (in_ifaddr). */
export interface AssignedAddress {
  readonly address: Ipv4;
  readonly prefix: number;
  /** 0 when none is set. */
  readonly broadcast: Ipv4;
  readonly scope: "global" | "link" | "host";
  readonly label: string;
  readonly secondary: boolean;
  /** `peer` of a point-to-point address; equal to `address` otherwise. */
  readonly peer: Ipv4;
}

/** RFC 2863 operational state, as `state` of `ip link` names it. */
export type OperState = "UNKNOWN" | "UP" | "DOWN" | "LOWERLAYERDOWN";

/** Sees every frame of a device, before anything is done with it (AF_PACKET). It must copy what it keeps. */
export type Tap = (device: Device, packet: Packet, direction: "in" | "out") => void;

/** Takes frames away from the network layer: a bridge on its ports (rx_handler). */
export interface FrameHandler {
  handleFrame(port: Device, packet: Packet): void;
  /** The port went up or down, changed its carrier, MAC or MTU. */
  portChanged(port: Device): void;
}

export class DeviceStats {
  rxBytes = 0;
  rxPackets = 0;
  rxErrors = 0;
  rxDropped = 0;
  rxMulticast = 0;
  txBytes = 0;
  txPackets = 0;
  txErrors = 0;
  txDropped = 0;
  txCarrier = 0;
}

/** A network device (net_device): what all kinds share. */
export abstract class Device {
  abstract readonly kind: DeviceKind;
  ifindex = 0;
  mtu = 1500;
  /** Set by the administrator (IFF_UP). */
  up = false;
  addresses: readonly AssignedAddress[] = [];
  readonly stats = new DeviceStats();
  /** What `tc qdisc` has set at the root; null for the device's default, in which nothing waits. */
  qdisc: Qdisc | null = null;
  /** What listings name in its place. */
  defaultQdisc = "noqueue";
  abstract readonly features: Features;
  /** The bridge that holds this device as a port, as `master` in listings; null for none. */
  master: Device | null = null;
  /** Takes received frames instead of the network layer. */
  frameHandler: FrameHandler | null = null;
  /** Counts who wants frames for other MACs too: captures on bridges, bridges on their ports. */
  promiscuity = 0;
  /** Since when the device is up with carrier; null while it is not. Decides link-local addresses and operational state. */
  runningSince: Nanoseconds | null = null;
  /**
   * The IPv6 link-local address, as the MAC that it was made from and its age: made when the device first runs after it is set up, kept until
   * it is set down (addrconf_dev_config). Only listed; no IPv6 packet is sent.
   */
  linkLocal: { readonly mac: Mac; readonly since: Nanoseconds } | null = null;
  txQueueLength = 1000;
  /** How often the link has been lost or found (carrier_changes). */
  carrierChanges = 0;
  private hadCarrier = false;
  /** `ip link set promisc on` (IFF_PROMISC by the administrator); counted in {@link promiscuity} too. */
  promiscuous = false;
  /** Addresses added to the device's own filter (`bridge fdb add MAC dev DEV self`). */
  filters: readonly Mac[] = [];
  /** Has been set up once, so its queueing discipline is attached (dev_activate). */
  activated = false;
  /** Cleared by `ip link set arp off` (IFF_NOARP). */
  arp = true;
  multicast = true;
  allMulticast = false;
  /** `ip link set alias`; empty for none. */
  alias = "";
  /** Left its namespace for good: frames under way to it are dropped. */
  gone = false;
  /** Bytes at the front of a frame that the counters leave out: the Ethernet header, where the kernel takes it off before it counts (bridge and vxlan when they receive, lo). */
  protected uncounted = 0;
  protected uncountedSent = 0;
  /** Frames are counted by {@link send} itself: a tunnel counts what it has sent to each remote. */
  protected countsWhenSent = false;
  protected taps: Tap[] | null = null;

  constructor(
    public home: Home,
    public name: string,
    public mac: Mac,
  ) {}

  /** Sends a complete frame; the packet is the device's from now on. Callers use {@link transmit}. */
  protected abstract send(packet: Packet): void;

  /** Whether the link has its other end up (IFF_LOWER_UP). */
  abstract get carrier(): boolean;

  /** The other end of a veth pair, the lower device of a vxlan; null where there is none. */
  get link(): Device | null {
    return null;
  }

  get running(): boolean {
    return this.up && this.carrier;
  }

  /** Operational state: UNKNOWN for devices that never report a carrier (lo, dummy, vxlan). */
  get operState(): OperState {
    if (this.kind === "loopback" || this.kind === "dummy" || this.kind === "vxlan")
      return this.up ? "UNKNOWN" : "DOWN";
    if (this.running) return "UP";
    return this.up && this.link !== null ? "LOWERLAYERDOWN" : "DOWN";
  }

  /** Sends a frame, through the queueing discipline where one was set (dev_queue_xmit). A device that is down drops it. */
  transmit(packet: Packet): void {
    if (this.qdisc !== null && this.up && this.carrier) this.qdisc.enqueue(packet);
    else this.transmitDequeued(packet);
  }

  /** Sends it now: taps see it first, counters count it; a super-packet that the device cannot take is cut first (dev_hard_start_xmit). */
  transmitDequeued(packet: Packet): void {
    if (!this.up || !this.carrier) {
      this.stats.txDropped++;
      this.drop(packet, "DEV_READY");
      return;
    }
    if (packet.gsoSize !== 0 && !this.takesWhole(packet)) {
      this.transmitSegments(packet);
      return;
    }
    packet.type = "outgoing";
    if (this.taps !== null) for (const tap of this.taps) tap(this, packet, "out");
    if (this.home.world.recorder !== null) this.recordFrame("transmit", packet);
    if (!this.countsWhenSent) {
      this.stats.txPackets++;
      this.stats.txBytes += packet.length - this.uncountedSent;
    }
    this.send(packet);
  }

  /** Whether a super-packet may be handed to the device as it is (netif_needs_gso). */
  private takesWhole({ encapsulated, bytes, start }: Packet): boolean {
    const { tso, tunnel, tunnelChecksum } = this.features;
    if (!encapsulated || !tso) return tso;
    const envelope = start + ETHERNET_LENGTH + ipv4HeaderLength(bytes, start + ETHERNET_LENGTH);
    return udp.checksum.get(bytes, envelope) === 0 ? tunnel : tunnelChecksum;
  }

  /** Cuts a super-packet in software and sends the segments one after the other (validate_xmit_skb). */
  private transmitSegments(packet: Packet): void {
    const { cpu, world } = this.home;
    const pieces = segment(world, packet, packet.start + ETHERNET_LENGTH);
    this.recordSegments(packet, pieces.length);
    let { elapsed } = packet;
    packet.release();
    for (const piece of pieces) {
      cpu.enter(piece);
      elapsed = Math.max(elapsed, piece.elapsed) + world.costs.segment;
      piece.elapsed = elapsed;
      this.transmitDequeued(piece);
    }
  }

  /** Tells the trace that a super-packet is cut here. */
  protected recordSegments(packet: Packet, pieces: number): void {
    const { recorder, scheduler } = this.home.world;
    if (recorder === null || packet.journey === 0) return;
    recorder.record({
      kind: "segment",
      journey: packet.journey,
      branch: packet.branch,
      at: scheduler.now + packet.elapsed,
      machine: this.home.machine,
      netns: this.home.label,
      device: this.name,
      pieces,
      size: packet.gsoSize,
    });
  }

  /** A frame has arrived: classified, counted, shown to taps, given to the bridge or to the network layer (__netif_receive_skb). */
  protected arrive(packet: Packet): void {
    if (!this.up) {
      this.stats.rxDropped++;
      this.drop(packet, "DEV_READY");
      return;
    }
    this.stats.rxPackets++;
    this.stats.rxBytes += packet.length - this.uncounted;
    this.classify(packet);
    if (this.taps !== null) for (const tap of this.taps) tap(this, packet, "in");
    if (this.home.world.recorder !== null) this.recordFrame("receive", packet);
    if (this.frameHandler !== null) this.frameHandler.handleFrame(this, packet);
    else this.home.receive(packet, this);
  }

  /** Sets the administrator's state and tells everyone whom it concerns (dev_open, dev_close). */
  setUp(up: boolean): void {
    if (this.up === up) return;
    this.up = up;
    if (!up) this.qdisc?.reset();
    this.refresh();
    this.link?.refresh();
  }

  /** Puts another queueing discipline in the place of the one that is there; what waits in that is dropped. Null: the default again. */
  replaceQdisc(qdisc: Qdisc | null): void {
    this.qdisc?.reset();
    this.qdisc = qdisc;
  }

  /** Tells bridge and namespace that something about the device has changed. */
  refresh(): void {
    if (this.carrier !== this.hadCarrier) {
      this.hadCarrier = this.carrier;
      this.carrierChanges++;
    }
    if (!this.running) this.runningSince = null;
    else this.runningSince ??= this.home.world.scheduler.now;
    if (this.up) this.activated = true;
    if (!this.up) this.linkLocal = null;
    else if (this.running) this.linkLocal ??= { mac: this.mac, since: this.home.world.scheduler.now };
    this.frameHandler?.portChanged(this);
    this.home.deviceChanged(this);
  }

  /** A frame reaches the device by its medium: it waits for the machine's processor, then arrives. */
  protected arriveFromLink(packet: Packet): void {
    this.home.cpu.enter(packet);
    if (this.gone) this.drop(packet, "DEV_READY");
    else this.arrive(packet);
  }

  /** Somebody captures here. */
  get tapped(): boolean {
    return this.taps !== null;
  }

  addTap(tap: Tap): void {
    this.taps = [...(this.taps ?? []), tap];
  }

  removeTap(tap: Tap): void {
    const rest = (this.taps ?? []).filter((other) => other !== tap);
    this.taps = rest.length === 0 ? null : rest;
  }

  /** Ends a packet's way here and says why in the trace. */
  drop(packet: Packet, reason: DropReason): void {
    const { recorder, scheduler } = this.home.world;
    if (recorder !== null && packet.journey !== 0) {
      recorder.record({
        kind: "drop",
        journey: packet.journey,
        branch: packet.branch,
        at: scheduler.now + packet.elapsed,
        machine: this.home.machine,
        netns: this.home.label,
        reason,
        where: this.name,
      });
    }
    packet.release();
  }

  /** Sets `packet.type` from the destination MAC (eth_type_trans). */
  private classify(packet: Packet): void {
    const destination = ethernet.destination.get(packet.bytes, packet.start);
    if (destination === this.mac) packet.type = "host";
    else if (destination === MAC_BROADCAST) packet.type = "broadcast";
    else if (isMulticastMac(destination)) {
      packet.type = "multicast";
      this.stats.rxMulticast++;
    } else packet.type = "otherhost";
  }

  private recordFrame(kind: "transmit" | "receive", packet: Packet): void {
    const { recorder, scheduler } = this.home.world;
    if (recorder === null || packet.journey === 0) return;
    recorder.record({
      kind,
      journey: packet.journey,
      branch: packet.branch,
      at: scheduler.now + packet.elapsed,
      machine: this.home.machine,
      netns: this.home.label,
      device: this.name,
      deviceKind: this.kind,
      frame: recorder.keep(packet),
      length: packet.length,
    });
  }
}
