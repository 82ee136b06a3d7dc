import type { Ipv4, Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import { ETHERNET_LENGTH, ethernet } from "../wire/ethernet.js";
import type { Packet } from "../wire/packet.js";
import { Device, type Home } from "./device.js";
import { FEATURES_OF } from "./feature-names.js";
import { Features } from "./features.js";
import { VxlanEntry, VxlanFdb, type VxlanRemote } from "./vxlan-fdb.js";

/** Outer Ethernet, IPv4, UDP and VXLAN headers (VXLAN_HEADROOM). */
export const VXLAN_HEADROOM = 50;

const LOOPBACK_ADDRESS: Ipv4 = 0x7f000001;

/** How a VXLAN device is configured (vxlan_config). */
export interface VxlanConfig {
  readonly vni: number;
  /** The only peer or the multicast group; 0 for none. */
  readonly remote: Ipv4;
  /** Source address of the outer packets; 0: by route. */
  readonly local: Ipv4;
  readonly lower: Device | null;
  readonly destinationPort: number;
  /** Source ports are from this range; [0, 0]: the namespace's ephemeral ports. */
  readonly sourcePorts: readonly [number, number];
  /** TTL of the outer packets; 0: the namespace's default (1 for a group). */
  readonly ttl: number | "inherit";
  readonly tos: number | "inherit";
  readonly dontFragment: "unset" | "set" | "inherit";
  readonly learning: boolean;
  /** Answers ARP requests by its own neighbour table. */
  readonly proxy: boolean;
  readonly l2miss: boolean;
  readonly l3miss: boolean;
  readonly ageing: Nanoseconds;
  readonly udpChecksum: boolean;
}

/** What carries a VXLAN device's packets: the IPv4 stack of the namespace in which it was made. */
export interface VxlanUnderlay {
  readonly home: Home;
  /** Opens the UDP port. Throws KernelError EADDRINUSE. */
  open(device: Vxlan): void;
  close(device: Vxlan): void;
  /** Sends an inner frame to a remote; the packet is the callee's. */
  send(device: Vxlan, packet: Packet, remote: VxlanRemote): void;
  /** Answers for the neighbours that the device knows (arp_reduce). True when the packet was taken. */
  answerArp(device: Vxlan, packet: Packet): boolean;
}

/** A VXLAN tunnel end point (drivers/net/vxlan): a frame that it sends goes to one or more remotes, inside UDP. */
export class Vxlan extends Device {
  readonly kind = "vxlan";
  readonly features = new Features(FEATURES_OF.vxlan);
  readonly fdb = new VxlanFdb();
  config: VxlanConfig;

  constructor(
    home: Home,
    name: string,
    mac: Mac,
    config: VxlanConfig,
    readonly underlay: VxlanUnderlay,
  ) {
    super(home, name, mac);
    this.uncounted = ETHERNET_LENGTH;
    this.countsWhenSent = true;
    this.config = config;
    if (config.lower !== null) this.mtu = config.lower.mtu - VXLAN_HEADROOM;
    this.addDefault();
  }

  get carrier(): boolean {
    return this.up;
  }

  /** The socket is opened while the device is up (vxlan_open). Throws EADDRINUSE when another program has the port. */
  override setUp(up: boolean): void {
    if (up === this.up) return;
    if (up) this.underlay.open(this);
    else this.underlay.close(this);
    super.setUp(up);
    if (up) this.fdb.startAgeing(this.home.world.scheduler.now);
    else {
      this.fdb.stopAgeing();
      this.fdb.flushLearned();
    }
  }

  /** The entry for unknown addresses, from `remote` or `group`. */
  addDefault(): void {
    const { remote, lower } = this.config;
    if (remote === 0) return;
    const to = { address: remote, port: 0, vni: -1, via: lower?.ifindex ?? 0 };
    const known = this.fdb.find(0);
    if (known === null) this.fdb.add(new VxlanEntry(0, "permanent", to, this.home.world.scheduler.now));
    else known.remotes.push(to);
  }

  /** Sends a frame to where its destination lives: one remote, all of the default entry, or nobody (vxlan_xmit). */
  protected send(packet: Packet): void {
    const { scheduler, costs } = this.home.world;
    packet.elapsed += costs.vxlan;
    if (this.config.proxy && this.underlay.answerArp(this, packet)) return;
    const destination = ethernet.destination.get(packet.bytes, packet.start);
    const { now } = scheduler;
    const entry = this.fdb.use(destination, now, this.config.ageing) ?? this.fdb.use(0, now, 0);
    if (entry === null) {
      this.stats.txDropped++;
      this.drop(packet, "VXLAN_NO_REMOTE");
      return;
    }
    const { remotes } = entry;
    for (let i = 1; i < remotes.length; i++) {
      const copy = packet.clone();
      copy.branch = this.home.world.nextBranch();
      copy.elapsed += costs.clone * i;
      this.underlay.send(this, copy, remotes[i]!);
    }
    this.underlay.send(this, packet, remotes[0]!);
  }

  /** An inner frame has come from `source`: its sender's address is learned, then it arrives as from a wire (vxlan_rcv). */
  take(packet: Packet, source: Ipv4): void {
    if (packet.length < ETHERNET_LENGTH) {
      this.drop(packet, "VXLAN_INVALID_HDR");
      return;
    }
    const from = ethernet.source.get(packet.bytes, packet.start);
    if (from === this.mac) {
      this.drop(packet, "LOCAL_MAC");
      return;
    }
    if (this.config.learning && !this.learn(from, source)) {
      this.drop(packet, "VXLAN_ENTRY_EXISTS");
      return;
    }
    if (this.gone) this.drop(packet, "DEV_READY");
    else this.arrive(packet);
  }

  /** A frame of a device on the same machine, without an envelope; its sender is learned as at 127.0.0.1 (vxlan_encap_bypass). Counted with its Ethernet header. */
  takeBypassed(packet: Packet): void {
    if (this.config.learning) this.learn(ethernet.source.get(packet.bytes, packet.start), LOOPBACK_ADDRESS);
    this.stats.rxBytes += ETHERNET_LENGTH;
    this.arriveFromLink(packet);
  }

  /** A frame that the device has made itself arrives by it. */
  takeLocal(packet: Packet): void {
    this.arriveFromLink(packet);
  }

  /** The same for a proxy's ARP answer, which is not counted (netif_rx in arp_reduce). */
  takeUncounted(packet: Packet): void {
    const { rxPackets, rxBytes } = this.stats;
    this.arriveFromLink(packet);
    this.stats.rxPackets = rxPackets;
    this.stats.rxBytes = rxBytes;
  }

  /** False when the address belongs to another remote for good (vxlan_snoop). */
  private learn(mac: Mac, source: Ipv4): boolean {
    const { now } = this.home.world.scheduler;
    const entry = this.fdb.use(mac, now, this.config.ageing);
    if (entry === null) {
      this.fdb.add(new VxlanEntry(mac, "reachable", { address: source, port: 0, vni: -1, via: 0 }, now));
      return true;
    }
    const first = entry.remotes[0]!;
    if (first.address === source) return true;
    if (entry.state !== "reachable") return false;
    first.address = source;
    entry.updatedAt = now;
    return true;
  }
}
